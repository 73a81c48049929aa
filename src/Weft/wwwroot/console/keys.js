// The console's keyboard shortcuts; they can be switched off.

import { el } from '../elements.js';

const KEYS = [
  ['/', 'search: a task’s number, g and a group’s number, a queue'],
  ['g then o, q, t, g, w, m, p or s', 'overview, queues, tasks, groups, workers, modules, operations, system'],
  ['p', 'pause or resume updates'], ['?', 'this list'],
];

/** @param {boolean} areOn Whether they do anything. @param {(areOn: boolean) => void} switchThem */
export function showKeys(areOn, switchThem) {
  const box = el('input', { type: 'checkbox', id: 'keys-on', checked: areOn });
  box.addEventListener('change', () => switchThem(box.checked));
  const dialog = el('dialog', { ariaLabel: 'Keys' }, el('form', { method: 'dialog' }, el('h2', {}, 'Keys'),
    el('dl', { className: 'keys' },
      ...KEYS.map(([key, what]) => el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, what)))),
    el('p', {}, box, ' ', el('label', { htmlFor: 'keys-on' }, 'Use single-key shortcuts')),
    el('button', { type: 'submit' }, 'Close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
