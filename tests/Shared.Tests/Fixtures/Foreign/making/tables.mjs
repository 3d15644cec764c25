// Table fixtures by apache-arrow (JavaScript), hyparquet-writer (JavaScript), parquet-wasm (Rust arrow-rs), polars (Rust) and DuckDB (C++).
import fs from 'node:fs';
import { createRequire } from 'node:module';
import * as arrow from 'apache-arrow';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { DuckDBInstance } from '@duckdb/node-api';
import { texts, kinds, stars, scores, flags, langs, vectors } from './rows.mjs';
const require = createRequire(import.meta.url);
const wasm = require('parquet-wasm/node');
const pl = require('nodejs-polars');
const out = process.argv[2] ?? 'out';
fs.mkdirSync(out, { recursive: true });

// --- apache-arrow: batches of 3, 3 and 1 rows
const F = (name, type, nullable = true) => new arrow.Field(name, type, nullable);
const item = type => F('item', type);
function table(fields) {
  const schema = new arrow.Schema(fields.map(f => f.field));
  const cut = (values, a, b) => values.slice(a, b);
  const batches = [[0, 3], [3, 6], [6, 7]].map(([a, b]) => {
    const children = fields.map(f => arrow.vectorFromArray(cut(f.values, a, b), f.field.type).data[0]);
    return new arrow.RecordBatch(schema, arrow.makeData({ type: new arrow.Struct(schema.fields), length: b - a, nullCount: 0, children }));
  });
  return new arrow.Table(schema, batches);
}
const half = new arrow.Float16();
const plain = [
  { field: F('text', new arrow.Utf8()), values: texts },
  { field: F('stars', new arrow.Int32()), values: stars },
  { field: F('score', new arrow.Float64()), values: scores },
  { field: F('flag', new arrow.Bool()), values: flags },
  { field: F('meta', new arrow.Struct([F('lang', new arrow.Utf8()), F('n', new arrow.Int32())])), values: langs.map((lang, i) => ({ lang, n: i })) },
  { field: F('emb', new arrow.FixedSizeList(4, item(new arrow.Float32()))), values: vectors },
  { field: F('emb16', new arrow.FixedSizeList(4, item(half))), values: vectors.map(v => v.map(x => x)) },
  { field: F('emb64', new arrow.List(item(new arrow.Float64()))), values: vectors },
  { field: F('ids', new arrow.List(item(new arrow.Int32()))), values: vectors.map(v => v.map(x => Math.round(x))) },
];
const js = table(plain);
fs.writeFileSync(`${out}/js.arrow`, arrow.tableToIPC(js, 'file'));
fs.writeFileSync(`${out}/js-stream.arrow`, arrow.tableToIPC(js, 'stream'));
const large = table([
  { field: F('text', new arrow.LargeUtf8()), values: texts },
  { field: F('kind', new arrow.Utf8()), values: kinds },
]);
fs.writeFileSync(`${out}/js-large.arrow`, arrow.tableToIPC(large, 'file'));
// Dictionaries: one vector for all rows, so that batches share the words.
const dictionary = arrow.tableFromArrays({ stars: Int32Array.from(stars.map(x => x ?? 0)) });
const coded = new arrow.Table({
  text: arrow.vectorFromArray(texts, new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
  kind: arrow.vectorFromArray(kinds, new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8())),
});
fs.writeFileSync(`${out}/js-dictionary.arrow`, arrow.tableToIPC(coded, 'file'));
fs.writeFileSync(`${out}/js-dictionary-stream.arrow`, arrow.tableToIPC(coded, 'stream'));

// --- a folder as Hugging Face's datasets library saves it: stream files, dataset_info.json, state.json
function dataset(folder, parts) {
  fs.mkdirSync(folder, { recursive: true });
  const names = parts.map((_, i) => `data-${String(i).padStart(5, '0')}-of-${String(parts.length).padStart(5, '0')}.arrow`);
  parts.forEach((part, i) => fs.writeFileSync(`${folder}/${names[i]}`, arrow.tableToIPC(part, 'stream')));
  fs.writeFileSync(`${folder}/dataset_info.json`, JSON.stringify({ citation: '', description: '', features: { text: { dtype: 'string', _type: 'Value' }, stars: { dtype: 'int32', _type: 'Value' } }, homepage: '', license: '' }, null, 2));
  fs.writeFileSync(`${folder}/state.json`, JSON.stringify({ _data_files: names.map(filename => ({ filename })), _fingerprint: '0f1e2d3c4b5a6978', _format_columns: null, _format_kwargs: {}, _format_type: null, _output_all_columns: false, _split: 'train' }, null, 2));
}
const small = [plain[0], plain[1], plain[5]];
dataset(`${out}/saved`, [js.select(['text', 'stars', 'emb']).slice(0, 3), js.select(['text', 'stars', 'emb']).slice(3, 6), js.select(['text', 'stars', 'emb']).slice(6)].map(t => new arrow.Table(t.schema, t.batches)));

// --- hyparquet-writer
const hy = (name, data, type, nullable = true) => ({ name, data, type, nullable });
for (const codec of ['SNAPPY', 'UNCOMPRESSED'])
  fs.writeFileSync(`${out}/hyparquet-${codec.toLowerCase()}.parquet`, Buffer.from(parquetWriteBuffer({
    columnData: [hy('text', texts, 'STRING'), hy('kind', kinds, 'STRING'), hy('stars', stars, 'INT32'), hy('score', scores, 'DOUBLE'), hy('flag', flags, 'BOOLEAN')],
    codec, rowGroupSize: 3,
  })));

// --- parquet-wasm: arrow-rs writes what apache-arrow made
const rust = wasm.Table.fromIPCStream(arrow.tableToIPC(js.select(['text', 'stars', 'score', 'flag', 'meta', 'emb', 'emb64', 'ids']), 'stream'));
for (const [name, codec, version] of [['snappy', wasm.Compression.SNAPPY, wasm.WriterVersion.V1], ['gzip', wasm.Compression.GZIP, wasm.WriterVersion.V1], ['zstd', wasm.Compression.ZSTD, wasm.WriterVersion.V2], ['brotli', wasm.Compression.BROTLI, wasm.WriterVersion.V2], ['uncompressed', wasm.Compression.UNCOMPRESSED, wasm.WriterVersion.V2]]) {
  const properties = new wasm.WriterPropertiesBuilder().setCompression(codec).setWriterVersion(version).setMaxRowGroupSize(3).build();
  const copy = wasm.Table.fromIPCStream(rust.intoIPCStream ? arrow.tableToIPC(js.select(['text', 'stars', 'score', 'flag', 'meta', 'emb', 'emb64', 'ids']), 'stream') : null);
  fs.writeFileSync(`${out}/arrow-rs-${name}.parquet`, wasm.writeParquet(copy, properties));
}

// --- polars
const frame = pl.DataFrame({
  text: pl.Series('text', texts, pl.Utf8),
  kind: pl.Series('kind', kinds, pl.Utf8).cast(pl.Categorical),
  stars: pl.Series('stars', stars, pl.Int64),
  score: pl.Series('score', scores, pl.Float32),
  flag: pl.Series('flag', flags, pl.Bool),
  emb: pl.Series('emb', vectors, pl.List(pl.Float32)),
});
for (const compression of ['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4'])
  fs.writeFileSync(`${out}/polars-${compression}.parquet`, frame.writeParquet({ compression, rowGroupSize: 3 }));
for (const compression of ['uncompressed', 'lz4', 'zstd'])
  fs.writeFileSync(`${out}/polars-${compression}.arrow`, frame.writeIPC({ compression }));
try { fs.writeFileSync(`${out}/polars-stream.arrow`, frame.writeIPCStream({ compression: 'uncompressed' })); } catch (e) { console.log('polars stream', e.message); }

// --- DuckDB
const db = await (await DuckDBInstance.create()).connect();
const sql = x => x === null ? 'NULL' : typeof x === 'string' ? `'${x.replaceAll("'", "''")}'` : String(x);
await db.run(`CREATE TYPE kinds AS ENUM ('x', 'y', 'z'); CREATE TABLE t (text VARCHAR, kind kinds, stars INTEGER, score DOUBLE, flag BOOLEAN, meta STRUCT(lang VARCHAR, n INTEGER), emb FLOAT[4], list FLOAT[], ids INTEGER[], day DATE)`);
for (let i = 0; i < texts.length; i++)
  await db.run(`INSERT INTO t VALUES (${sql(texts[i])}, ${sql(kinds[i])}, ${sql(stars[i])}, ${sql(scores[i])}, ${sql(flags[i])}, {'lang': ${sql(langs[i])}, 'n': ${i}}, [${vectors[i]}], [${vectors[i]}], [${vectors[i].map(Math.round)}], DATE '2024-01-0${i + 1}')`);
for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'lz4_raw', 'brotli'])
  await db.run(`COPY t TO '${out}/duckdb-${codec}.parquet' (FORMAT parquet, COMPRESSION '${codec}')`);
await db.run(`COPY t TO '${out}/duckdb-v2.parquet' (FORMAT parquet, COMPRESSION 'zstd', PARQUET_VERSION 'V2')`);
await db.run(`COPY (SELECT text AS body, stars FROM t) TO '${out}/duckdb-body.parquet' (FORMAT parquet)`);
