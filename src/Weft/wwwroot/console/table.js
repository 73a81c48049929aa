// A table that is refreshed without moving under the pointer.

import { el } from '../elements.js';

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} name
 * @property {(row: Row) => Node | string | number} cell
 * @property {(row: Row) => string | number} [sortBy] Without it, the table can't be sorted by this column.
 * @property {boolean} [numeric]
 */

/**
 * @template Row
 * @param {{caption: string, columns: Column<Row>[], keyOf: (row: Row) => string | number, empty: string,
 *   onSelect?: (keys: Set<string>) => void, sort?: {column: number, descending: boolean}}} options
 */
export function makeTable({ caption, columns, keyOf, empty, onSelect, sort }) {
  const body = el('tbody', {});
  const none = el('p', { className: 'soft none' }, empty);
  const waiting = el('p', { className: 'soft waiting', hidden: true });
  /** @type {Set<string>} */ const selected = new Set();
  /** @type {Row[]} */ let rows = [];
  /** @type {Map<string, {element: HTMLTableRowElement, cells: HTMLTableCellElement[]}>} */ let shown = new Map();
  const selectAll = onSelect === undefined ? null
    : el('input', { type: 'checkbox', ariaLabel: 'Select all rows shown' });
  const heads = columns.map((column, index) => {
    const head = el('th', { scope: 'col', className: column.numeric ? 'numeric' : '' });
    if (column.sortBy === undefined) head.append(column.name);
    else {
      const button = el('button', { type: 'button', className: 'sort' }, column.name);
      button.addEventListener('click', () => {
        sort = { column: index, descending: sort?.column === index ? !sort.descending : column.numeric === true };
        write(true);
      });
      head.append(button);
    }
    return head;
  });
  const table = el('table', {}, el('caption', { className: 'hidden-text' }, caption),
    el('thead', {}, el('tr', {}, selectAll === null ? null : el('th', { scope: 'col' }, selectAll), ...heads)), body);
  const element = el('div', { className: 'table' }, waiting,
    el('div', { className: 'scroll', tabIndex: 0, role: 'region', ariaLabel: caption }, table), none);
  body.addEventListener('mouseleave', () => write(false));
  selectAll?.addEventListener('change', () => {
    for (const key of shown.keys()) selectAll.checked ? selected.add(key) : selected.delete(key);
    tellSelection();
  });
  write(true);
  return {
    element,
    selected,
    /** @param {Row[]} next */
    update(next) { rows = next; write(false); },
    /** What stands where there are no rows. @param {...(Node | string)} content */
    sayEmpty(...content) { none.replaceChildren(...content); },
    /** Nothing is selected any more. */
    clear() { selected.clear(); tellSelection(); },
  };

  function ordered() {
    const by = sort === undefined ? undefined : columns[sort.column].sortBy;
    if (by === undefined) return rows;
    const sign = sort?.descending ? -1 : 1;
    return [...rows].sort((a, b) => { const [x, y] = [by(a), by(b)]; return sign * (x < y ? -1 : x > y ? 1 : 0); });
  }

  // Rows under the pointer or selected stay where they are; only their contents change.
  function write(isAsked) {
    const next = ordered();
    const isHeld = !isAsked && shown.size > 0 && (body.matches(':hover, :focus-within') || selected.size > 0);
    const unseen = isHeld ? next.filter((row) => !shown.has(String(keyOf(row)))).length : 0;
    for (const [index, head] of heads.entries()) {
      const state = sort?.column !== index ? null : sort.descending ? 'descending' : 'ascending';
      if (state === null) head.removeAttribute('aria-sort'); else head.setAttribute('aria-sort', state);
    }
    const kept = new Map();
    for (const row of next) {
      const key = String(keyOf(row));
      const known = shown.get(key) ?? (isHeld ? null : newRow(key));
      if (known === null) continue;
      kept.set(key, known);
      for (const [index, column] of columns.entries()) setCell(known.cells[index], column.cell(row));
    }
    if (!isHeld) {
      for (const key of selected) if (!kept.has(key)) selected.delete(key);
      const elements = [...kept.values()].map(({ element: row }) => row);
      if (elements.length !== body.children.length || elements.some((row, index) => body.children[index] !== row))
        body.replaceChildren(...elements);
      shown = kept;
    }
    waiting.hidden = unseen === 0;
    waiting.textContent = `${unseen} new; they appear when the pointer leaves the rows and none is selected.`;
    table.hidden = shown.size === 0;
    none.hidden = shown.size > 0;
    tellSelection();
  }

  function newRow(key) {
    const cells = columns.map((column) => el('td', { className: column.numeric ? 'numeric' : '' }));
    const box = onSelect === undefined ? null
      : el('input', { type: 'checkbox', ariaLabel: `Select ${key}`, value: key });
    box?.addEventListener('change', () => { box.checked ? selected.add(key) : selected.delete(key); tellSelection(); });
    return { element: el('tr', {}, box === null ? null : el('td', {}, box), ...cells), cells };
  }

  function tellSelection() {
    if (onSelect === undefined || selectAll === null) return;
    for (const box of body.querySelectorAll('input[type=checkbox]')) box.checked = selected.has(box.value);
    selectAll.checked = selected.size > 0 && selected.size === shown.size;
    selectAll.indeterminate = selected.size > 0 && selected.size < shown.size;
    onSelect(selected);
  }
}

// Written only when it differs: a person may be selecting it, or about to click.
function setCell(cell, content) {
  const text = content instanceof Node ? content.textContent : String(content);
  const isSame = content instanceof Element && cell.firstElementChild?.outerHTML === content.outerHTML
    && cell.childNodes.length === 1;
  if (isSame || (!(content instanceof Node) && cell.textContent === text && cell.children.length === 0)) return;
  cell.replaceChildren(content instanceof Node ? content : text);
}
