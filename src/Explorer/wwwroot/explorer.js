// Keys and the few things a server-rendered page cannot do by itself.
(() => {
  const editable = 'input, textarea, select, [contenteditable=true]';
  const target = key => document.querySelector(`[data-hotkey="${key}"]`);

  document.addEventListener('click', event => {
    if (event.target.closest('[data-theme-toggle]')) window.workbenchTheme.toggle();
  });

  document.addEventListener('keydown', event => {
    const inDialog = document.querySelector('.mud-dialog');
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      const main = target('enter');
      if (main && !inDialog) { event.preventDefault(); event.target.blur?.(); main.click(); }
      return;
    }
    if (event.key === 'Escape' && event.target.matches?.('.search input, .goto input')) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || inDialog || event.target.closest?.(editable)) return;
    const search = document.getElementById('search');
    if (event.key === '/' && search) { event.preventDefault(); search.focus(); search.select(); }
    else if (event.key === 'g' && target('g')) { event.preventDefault(); target('g').focus(); target('g').select(); }
    else if ((event.key === 'j' || event.key === 'k') && target(event.key)) { event.preventDefault(); target(event.key).click(); }
  });

  window.workbench = {
    scrollTop(selector) { document.querySelector(selector)?.scrollTo({ top: 0 }); },
    download(name, type, text) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([text], { type }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    },
  };
})();
