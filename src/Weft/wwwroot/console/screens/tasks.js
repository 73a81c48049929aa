// Lists of tasks by filter, and actions on those that match.

import { el } from '../../elements.js';
import { countText } from '../../numbers.js';
import { actionButton, confirmed, tell } from '../dialog.js';
import { ago, errorLine, link, number, stateMark, STATES, UNFINISHED } from '../format.js';
import { ask, withQuery } from '../net.js';
import { makeTable } from '../table.js';

const PAGE = 100;
/** Members of a filter as the API has them, with the label of their field. @type {[string, string, string][]} */
const FIELDS = [
  ['queue', 'Queue', ''], ['type', 'Type', ''], ['worker', 'Worker', ''], ['group', 'Group', 'number'],
  ['priority', 'Priority', 'number'],
  ['error', 'Error contains', ''], ['payload', 'Payload contains', ''],
  ['submittedAfter', 'Submitted after', '2026-11-28T15:04Z'], ['submittedBefore', 'Submitted before', ''],
  ['finishedAfter', 'Finished after', ''], ['finishedBefore', 'Finished before', ''],
];
const FIRST_FIELDS = 3;
/** What can be done with tasks of a state. */
const ACTIONS =
  { retry: ['dead'], cancel: UNFINISHED, delete: STATES.filter((state) => !UNFINISHED.includes(state)) };

export function make({ query, go, may, refresh, signal }) {
  const filter =
    Object.fromEntries(['state', ...FIELDS.map(([name]) => name)].map((name) => [name, query.get(name) ?? '']));
  const order = query.get('order') === 'oldest' ? 'oldest' : 'newest';
  const looked = el('p', { className: 'soft', role: 'status' });
  const bar = el('div', { className: 'row actions' });
  const pages = el('div', { className: 'row actions' });
  const mayChange = may('submit');
  const table = makeTable({
    caption: 'Tasks', keyOf: (task) => task.id, empty: 'No task matches.',
    onSelect: mayChange ? showActions : undefined,
    columns: [
      { name: 'Task', numeric: true, cell: (task) => link({ view: 'task', id: task.id }, String(task.id)) },
      { name: 'State', cell: (task) => stateMark(task.state) },
      { name: 'Queue', cell: (task) => link({ view: 'queue', name: task.queue }, task.queue) },
      { name: 'Type', cell: (task) => task.type ?? '' },
      { name: 'Attempt', numeric: true, cell: (task) => `${task.attempt} of ${task.maxAttempts}` },
      { name: 'Submitted', cell: (task) => ago(task.submittedAt) },
      { name: 'Finished', cell: (task) => ago(task.finishedAt) },
      { name: 'Worker', cell: (task) => task.workerId ?? '' },
      { name: 'Group', numeric: true,
        cell: (task) => task.group == null ? '' : link({ view: 'group', id: task.group }, String(task.group)) },
      { name: 'Error',
        cell: (task) =>
          task.error == null ? '' : el('code', { title: task.error.slice(0, 2_000) }, errorLine(task.error)) },
    ],
  });
  const element = el('div', {}, el('h1', {}, 'Tasks'), form(), bar, table.element, looked, pages);
  /** What was found so far, and where to go on. @type {{tasks: any[], scanned: number, next?: string}} */
  let found = { tasks: [], scanned: 0, next: undefined };
  let isLooking = false;
  const keepLooking = el('button', { type: 'button', className: 'small' }, 'Keep searching');
  keepLooking.addEventListener('click', () => { if (isLooking) isLooking = false; else lookOn(); });
  const screen = { title: 'Tasks', element, everyMs: query.has('after') ? 0 : 3_000, refresh: load };
  showActions(table.selected);
  return screen;

  async function load() {
    if (isLooking) return;
    found = await ask(withQuery('tasks', { ...filter, order, after: query.get('after'), limit: PAGE }), { signal });
    show();
  }

  // The coordinator reads a limited number of tasks per request: the few that match may be far apart.
  async function lookOn() {
    // The next refresh must not remove what was found.
    screen.everyMs = 0;
    isLooking = true;
    try {
      while (isLooking && found.next !== undefined && found.tasks.length < PAGE && !signal.aborted) {
        show();
        const page = await ask(withQuery('tasks',
          { ...filter, order, after: found.next, limit: PAGE - found.tasks.length }), { signal });
        found = { tasks: [...found.tasks, ...page.tasks], scanned: found.scanned + page.scanned, next: page.next };
      }
    } catch (error) {
      if (!signal.aborted) tell(error.message, true);
    }
    isLooking = false;
    if (!signal.aborted) show();
  }

  function show() {
    const { tasks, scanned, next } = found;
    table.update(tasks);
    table.sayEmpty(...emptyText(next !== undefined));
    looked.textContent = next === undefined ? `${countText(tasks.length, 'task')}in total.`
      : `Searched ${countText(scanned, 'task')}: ${tasks.length === 0 ? 'none' : number(tasks.length)} of them ` +
        `match${isLooking ? ' so far…' : '. There are more to search.'}`;
    keepLooking.textContent = isLooking ? 'Stop' : 'Keep searching';
    const links = [...(query.has('after') ? [link(viewQuery({}), 'First page')] : []),
      ...(next === undefined ? [] : tasks.length < PAGE ? [keepLooking] : [link(viewQuery({ after: next }), 'Go on')])];
    // Only when they differ: one of them may have the focus.
    if (links.length !== pages.children.length || links.some((each, index) => !each.isEqualNode(pages.children[index])))
      pages.replaceChildren(...links);
  }

  function emptyText(isMore) {
    if (isMore) return ['None of the tasks searched so far matches.'];
    return Object.values(filter).some((value) => value !== '') ? ['No task matches.']
      : ['There are no tasks. The ', link({ view: 'overview' }, 'overview'), ' shows how to submit some.'];
  }

  /** The address of this list, with some things changed. */
  function viewQuery(changes) {
    return Object.fromEntries(Object.entries({ view: 'tasks', ...filter, order, ...changes })
      .filter(([, value]) => value !== ''));
  }

  function form() {
    const state = el('select', { id: 'filter-state', name: 'state' }, el('option', { value: '' }, 'any'),
      ...STATES.map((each) => el('option', { value: each, selected: each === filter.state }, each)));
    const sort = el('select', { id: 'filter-order', name: 'order' },
      ...['newest', 'oldest'].map((each) => el('option', { value: each, selected: each === order }, `${each} first`)));
    const field = ([name, label, placeholder]) => el('p', {}, el('label', { htmlFor: `filter-${name}` }, label),
      el('input',
        { type: 'text', id: `filter-${name}`, name, value: filter[name], placeholder, autocomplete: 'off',
          spellcheck: false }));
    const rest = FIELDS.slice(FIRST_FIELDS);
    const element = el('form', { className: 'filter', role: 'search', ariaLabel: 'Filter' },
      el('p', {}, el('label', { htmlFor: 'filter-state' }, 'State'), state),
      ...FIELDS.slice(0, FIRST_FIELDS).map(field), el('p', {}, el('label', { htmlFor: 'filter-order' }, 'Order'), sort),
      el('button', { type: 'submit' }, 'Show'),
      el('details', { open: rest.some(([name]) => filter[name] !== '') }, el('summary', {}, 'More filters'),
        el('div', { className: 'filter' }, ...rest.map(field))));
    element.addEventListener('submit', (event) => {
      event.preventDefault();
      const given = Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, String(value).trim()])
        .filter(([, value]) => value !== ''));
      go({ view: 'tasks', ...given });
    });
    state.addEventListener('change', () => element.requestSubmit());
    return element;
  }

  /** @param {Set<string>} selected */
  function showActions(selected) {
    if (!mayChange) return;
    const key = `${[...selected].length > 0}`;
    if (bar.dataset.shown === key) { bar.querySelector('span')?.replaceChildren(selectionText(selected)); return; }
    bar.dataset.shown = key;
    const actions = Object.keys(ACTIONS)
      .filter((action) => selected.size > 0 || filter.state === '' || ACTIONS[action].includes(filter.state));
    bar.replaceChildren(el('span', {}, selectionText(selected)),
      ...actions.map((action) => actionButton(`${action[0].toUpperCase()}${action.slice(1)}…`, () => run(action))));
  }

  function selectionText(selected) {
    return selected.size > 0 ? `${countText(selected.size, 'task')} selected:` : 'All that match:';
  }

  async function run(action) {
    const ids = [...table.selected].map(Number);
    const what = ids.length > 0 ? { ids } : { filter: apiFilter() };
    const { matched } = await ask('operations', { method: 'POST', body: { action, ...what, dryRun: true } });
    const count = `${matched.exact ? '' : 'at least '}${countText(matched.count, 'task')}`;
    const where = ids.length > 0 ? 'selected' : filterText();
    if (!await confirmed({ title: `${action[0].toUpperCase()}${action.slice(1)} ${count}?`,
      text: `These are tasks ${where}. Tasks submitted later are not affected.`,
      action: `${action[0].toUpperCase()}${action.slice(1)}`, typed: action === 'delete' ? 'delete' : undefined }))
        return null;
    const operation = await ask('operations', { method: 'POST', body: { action, ...what } });
    table.clear();
    await refresh();
    return `Operation ${operation.id} has started: see Operations.`;
  }

  function apiFilter() {
    return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== '')
      .map(([name, value]) => [name, name === 'group' || name === 'priority' ? Number(value) : value]));
  }

  function filterText() {
    const parts = Object.entries(filter).filter(([, value]) => value !== '').map(([name, value]) => `${name} ${value}`);
    return parts.length === 0 ? 'of all queues and states' : `with ${parts.join(', ')}`;
  }
}
