
'use strict';
// Adds what needs a script: filters, a live count, folding. Without it everything is shown.
// The state of the filters stands in the URL fragment ("#?status=fail&q=ssh"), so a filtered view can be sent as a link.
(() => {
  const place = document.getElementById('filters');
  const rows = [...document.querySelectorAll('details')].map((node) => ({
    node,
    text: null,
    status: node.dataset.v,
    severity: node.dataset.s,
    level: node.dataset.l,
    section: node.parentElement.querySelector('h4').id,
  }));
  if (rows.length === 0) return;
  const groups = [...document.querySelectorAll('.group')];
  const profiles = [...document.querySelectorAll('.profile')];

  const words = { pass: 'Pass', fail: 'Fail', manual: 'Manual', not_applicable: 'Not applicable', error: 'Error', none: 'no check' };
  const make = (name, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(name), properties);
    node.append(...children);
    return node;
  };
  const present = (key, order) => order.filter((value) => rows.some((row) => row[key] === value));

  const form = make('form', { className: 'filters' });
  form.setAttribute('role', 'search');
  form.setAttribute('aria-label', 'Filter the results');

  const boxes = (key, title, values) => {
    const set = make('fieldset', {}, make('legend', { textContent: title }));
    for (const value of values) {
      const count = rows.filter((row) => row[key] === value).length;
      const box = make('input', { type: 'checkbox', name: key, value });
      set.append(make('label', {}, box, `${words[value] || value} (${count})`));
    }
    form.append(set);
  };
  const choice = (key, title, options) => {
    const select = make('select', { name: key, id: 'f-' + key }, make('option', { value: '', textContent: 'All' }));
    for (const [value, text] of options) select.append(make('option', { value, textContent: text }));
    form.append(make('div', {}, make('label', { className: 'label', htmlFor: 'f-' + key, textContent: title }), select));
  };

  boxes('status', 'Verdict', present('status', ['fail', 'error', 'manual', 'pass', 'not_applicable']));
  boxes('severity', 'Severity', present('severity', ['critical', 'high', 'medium', 'low', 'info', 'none']));
  const levels = [...new Set(rows.map((row) => row.level))].sort();
  choice('level', 'Level', levels.map((level) => [level, level === '0' ? 'none' : level]));
  choice('section', 'Section', groups.map((group) => {
    const head = group.querySelector('h4');
    const profile = profiles.length > 1 ? group.parentElement.querySelector('h3').textContent + ': ' : '';
    return [head.id, profile + head.textContent];
  }));
  const search = make('input', { type: 'search', name: 'q', id: 'f-q' });
  form.append(make('div', {}, make('label', { className: 'label', htmlFor: 'f-q', textContent: 'Text in the result' }), search));

  const fold = (open) => rows.forEach((row) => { if (!row.node.hidden) row.node.open = open; });
  const button = (text, act) => {
    const node = make('button', { type: 'button', textContent: text });
    node.addEventListener('click', act);
    return node;
  };
  form.append(make('div', {},
    button('Open all', () => fold(true)),
    button('Close all', () => fold(false)),
    button('Clear filters', () => { form.reset(); apply(); save(); })));
  const status = make('p');
  status.setAttribute('role', 'status');
  form.append(status);
  form.addEventListener('submit', (event) => event.preventDefault());

  const values = (key) => new FormData(form).getAll(key).filter((value) => value !== '');
  const apply = () => {
    const wanted = ['status', 'severity', 'level', 'section'].map((key) => [key, values(key)]).filter(([, list]) => list.length > 0);
    const needle = search.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      let visible = wanted.every(([key, list]) => list.includes(row[key]));
      if (visible && needle !== '') {
        row.text ??= row.node.textContent.toLowerCase();
        visible = row.text.includes(needle);
      }
      row.node.hidden = !visible;
      if (visible) shown += 1;
    }
    for (const node of [...groups, ...profiles]) node.hidden = !node.querySelector('details:not([hidden])');
    status.textContent = shown === rows.length ? `All ${rows.length} results are shown` : `${shown} of ${rows.length} results are shown`;
  };
  const save = () => {
    const state = new URLSearchParams();
    for (const [key, value] of new FormData(form)) if (value !== '') state.append(key, value);
    const text = state.toString();
    history.replaceState(null, '', text === '' ? '#results' : '#?' + text);
  };
  const load = () => {
    const hash = location.hash;
    if (hash.startsWith('#?')) {
      const state = new URLSearchParams(hash.slice(2));
      for (const field of form.elements) {
        if (field.type === 'checkbox') field.checked = state.getAll(field.name).includes(field.value);
        else if (field.name) field.value = state.get(field.name) ?? '';
      }
      apply();
      return;
    }
    const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
    const result = target && target.closest('details');
    if (result) result.open = true;
  };

  let pending = 0;
  form.addEventListener('input', () => {
    clearTimeout(pending);
    pending = setTimeout(() => { apply(); save(); }, 120);
  });
  addEventListener('hashchange', load);
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = rows.filter((row) => !row.node.open);
    folded.forEach((row) => { row.node.open = true; });
  });
  addEventListener('afterprint', () => folded.forEach((row) => { row.node.open = false; }));

  rows.forEach((row) => { row.node.open = false; });
  place.append(form);
  apply();
  load();
})();
