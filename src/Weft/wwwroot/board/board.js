// The volunteers' names, and how much each has computed. Names are untrusted: they only become text nodes.

import { el } from '../elements.js';
import { countText, durationText } from '../numbers.js';
import { readPasted } from '../worker/pasted.js';
import { keepToken, readToken, TokenKey } from '../worker/settings.js';

const INTERVAL_MS = 10_000;
const OFF = 'This coordinator has no board. Its operator turns it on with weft serve --board.';
const EMPTY = 'Nobody is on the board yet. To be the first, open the worker page, press Start, and enter a name '
  + 'there: it appears here with the first task that your browser completes.';
const LOCKED = 'Only people who compute here can see the board. Open it from the worker page, or paste your link.';

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
// The worker page's link includes its token; from the console, this tab already has one.
let token = readToken(TokenKey.worker) ?? readToken(TokenKey.console);
let shown = '';
let timer = 0;

element('access').addEventListener('submit', (event) => { event.preventDefault(); useLink(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
look();

async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const response = await fetch('../api/v1/board',
      { cache: 'no-store', headers: token === null ? {} : { Authorization: `Bearer ${token}` } });
    if (response.status === 401 || response.status === 403) return tell('locked', LOCKED);
    if (!response.ok) throw new Error(`${response.status}`);
    show(await response.json());
  } catch {
    tell('away', 'The coordinator doesn’t answer. This page keeps trying.');
  }
  timer = setTimeout(look, INTERVAL_MS);
}

/** @param {{on: boolean, names: {name: string, tasks: number, computeSeconds: number, since: string}[]}} board */
function show({ on, names }) {
  if (names.length === 0) tell(on ? 'empty' : 'off', on ? EMPTY : OFF);
  else tell('shown', '');
  // Unchanged parts stay as they are, so that reading and selecting isn't disturbed.
  const now = JSON.stringify(names);
  if (now === shown) return;
  shown = now;
  element('names').replaceChildren(...names.map(({ name, tasks, computeSeconds, since }) => el('li', {},
    el('bdi', {}, name),
    el('span', {}, `${doneText(tasks, computeSeconds)} since ${new Date(since).toLocaleDateString()}`))));
  const sum = (/** @type {'tasks' | 'computeSeconds'} */ part) => names.reduce((all, each) => all + each[part], 0);
  element('all').textContent =
    names.length < 2 ? '' : `Together: ${doneText(sum('tasks'), sum('computeSeconds'))}.`;
}

/** @param {number} tasks @param {number} seconds */
function doneText(tasks, seconds) {
  return `${countText(tasks, 'task')} in ${durationText(seconds)} of computing`;
}

/** @param {string} state @param {string} note */
function tell(state, note) {
  document.querySelector('main').dataset.state = state;
  if (element('note').textContent !== note) element('note').textContent = note;
  element('access').hidden = state !== 'locked';
}

function useLink() {
  const pasted = readPasted(element('link').value);
  element('link-wrong').hidden = pasted.token !== null;
  if (pasted.token === null) return;
  token = pasted.token;
  keepToken(TokenKey.worker, token);
  element('link').value = '';
  look();
}
