// Runs before the first paint: the theme is the person's choice, else the system's.
(() => {
  const key = 'workbench-theme';
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const chosen = localStorage.getItem(key);
    const theme = chosen ?? (system.matches ? 'dark' : 'light');
    document.documentElement.dataset.theme = theme;
    document.documentElement.style.colorScheme = theme;
  };
  system.addEventListener('change', apply);
  window.workbenchTheme = {
    toggle() {
      const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
      const isSystem = next === (system.matches ? 'dark' : 'light');
      if (isSystem) localStorage.removeItem(key); else localStorage.setItem(key, next);
      apply();
    },
  };
  apply();
})();
