// Live numbers, asked for gently, and examples that name this coordinator.

import { readToken } from './worker/settings.js';

const INTERVAL_MS = 2_000;
const COPIED_MS = 2_000;
const EXAMPLE_ROOT = 'http://localhost:8080';

/** @param {string} id */
const element = (id) => document.getElementById(id);
const root = new URL('./', import.meta.url);
const token = readToken();
/** @type {{completed: number, at: number} | null} */ let before = null;
let timer = 0;

for (const example of document.querySelectorAll('.example')) {
  const code = example.querySelector('code');
  code.textContent = code.textContent.replaceAll(EXAMPLE_ROOT, root.href.replace(/\/$/, ''));
  example.querySelector('button').addEventListener('click', ({ target }) => copy(code, target));
}

document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
look();

async function look() {
  if (document.hidden) return;
  const trouble = await showNumbers().catch(() => 'The coordinator doesn’t answer; asking again.');
  element('trouble').textContent = trouble;
  element('trouble').hidden = trouble === '';
  clearTimeout(timer);
  timer = setTimeout(look, INTERVAL_MS);
}

/** @returns {Promise<string>} Why there are no numbers; empty when there are. */
async function showNumbers() {
  const response = await fetch(new URL('stats', root), { headers: token === null ? {} : { Authorization: `Bearer ${token}` } });
  if (response.status === 401 || response.status === 403) return 'The numbers take a token that may read: open this page as …/#token=THE-TOKEN.';
  if (!response.ok) return `The coordinator answered ${response.status}; asking again.`;

  const stats = await response.json();
  const now = performance.now();
  for (const name of ['pending', 'processing', 'completed']) element(name).textContent = stats[name].toLocaleString('en');
  element('workers').textContent = stats.workers.active.toLocaleString('en');
  if (before !== null) element('rate').textContent = Math.round(Math.max(0, stats.completed - before.completed) * 1_000 / (now - before.at)).toLocaleString('en');
  before = { completed: stats.completed, at: now };
  return '';
}

async function copy(code, button) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    // Plain http has no clipboard: selected, the text is a keystroke away.
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, COPIED_MS);
}
