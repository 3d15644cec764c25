// The rows that every table fixture holds: seven records with what text columns meet in the wild.
export const texts = ['alpha', '', null, 'naïve café — 日本語 🙂', 'line\nbreak "quoted"', 'long '.repeat(60).trim(), 'omega'];
export const kinds = ['x', 'y', 'x', null, 'y', 'x', 'z'];
export const stars = [1, null, 3, 4, 5, -6, 7];
export const scores = [0.5, 1.5, -2.25, 1e-3, 0, 100, 7];
export const flags = [true, false, true, true, null, false, true];
export const langs = ['en', 'en', 'de', 'ja', 'en', 'en', 'el'];
export const vectors = texts.map((_, i) => [i + 0.5, -i, i * 0.25, 3]);
