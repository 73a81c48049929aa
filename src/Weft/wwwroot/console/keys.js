// The console by keyboard. Single letters do nothing while somebody types, and can be switched off.

import { el } from '../elements.js';

const OFF_KEY = 'weft-console-keys-off';
const VIEWS =
  { o: 'overview', q: 'queues', t: 'tasks', g: 'groups', w: 'workers', m: 'modules', p: 'operations', s: 'system' };
const KEYS = [
  ['/', 'search: a task’s number, g and a group’s number, a queue'],
  ['g then o, q, t, g, w, m, p or s', 'overview, queues, tasks, groups, workers, modules, operations, system'],
  ['p', 'pause or resume updates'], ['?', 'this list'],
];

/**
 * @param {{go: (query: Record<string, string>) => void, search: () => void, pause: () => void, help: () => void}}
 *   actions
 */
export function listenToKeys({ go, search, pause, help }) {
  let isGoing = false;
  addEventListener('keydown', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || isOff()
      || target.closest('input, select, textarea, dialog') !== null) return;
    const wasGoing = isGoing;
    isGoing = event.key === 'g' && !wasGoing;
    const act = wasGoing && Object.hasOwn(VIEWS, event.key) ? () => go({ view: VIEWS[event.key] })
      : { '/': search, p: pause, '?': help }[event.key];
    if (act === undefined || isGoing) return;
    event.preventDefault();
    act();
  });
}

export function keysHelp() {
  const box = el('input', { type: 'checkbox', id: 'keys-on', checked: !isOff() });
  box.addEventListener('change',
    () => {
      try { localStorage.setItem(OFF_KEY, box.checked ? '' : 'off'); } catch { /* A browser may keep nothing. */ }
    });
  const dialog = el('dialog', { ariaLabel: 'Keys' }, el('form', { method: 'dialog' }, el('h2', {}, 'Keys'),
    el('dl', { className: 'keys' },
      ...KEYS.map(([key, what]) => el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)))),
    el('p', {}, box, ' ', el('label', { htmlFor: 'keys-on' }, 'Use single keys')),
    el('button', { type: 'submit' }, 'Close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function isOff() {
  try {
    return localStorage.getItem(OFF_KEY) === 'off';
  } catch {
    return false;
  }
}
