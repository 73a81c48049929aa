// The name that a volunteer may give, beside the other choices of the worker page; loaded where there is a board. It is
// kept in this browser, and told to the coordinator only when somebody has typed one.

import { el } from '../elements.js';
import { recall, remember, rememberedWorkerKey } from '../worker/settings.js';

const KEY = 'weft-board-name';
const CHARS_MAX = 40;
const LATER = 'That didn’t work just now: type it again later for ';

/**
 * @param {HTMLElement} choices Where it goes. @param {string} root The coordinator's address.
 * @param {string | null} token
 */
export function offerName(choices, root, token) {
  const said = el('span', { role: 'status' }, 'Optional. With a name, everybody who computes here sees what you do: ');
  const input = el('input', { id: 'name', type: 'text', maxLength: CHARS_MAX, autocomplete: 'nickname',
    spellcheck: false, value: recall(localStorage, KEY) ?? '' });
  input.setAttribute('aria-describedby', 'name-note');
  // In a tab of its own: this one computes.
  const link = el('a', { href: `${root}board/${token === null ? '' : `#token=${token}`}`, target: '_blank',
    rel: 'noopener' }, 'the board');
  choices.append(el('div', { className: 'choice' }, el('label', { htmlFor: 'name' }, 'Name'), input,
    el('span', { id: 'name-note', className: 'soft' }, said, link, '.')));
  const tell = async () => {
    const name = input.value.trim();
    remember(localStorage, KEY, name);
    said.textContent = await set(name, root, token);
  };
  input.addEventListener('change', tell);
  // The coordinator may have lost it: the worker's key is another one by now, or the store is.
  if (input.value !== '') tell();
}

/** @param {string} name @param {string} root @param {string | null} token @returns {Promise<string>} For people. */
async function set(name, root, token) {
  try {
    const response = await fetch(`${root}api/v1/board`, {
      method: 'PUT', cache: 'no-store',
      headers: { 'Content-Type': 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ workerKey: rememberedWorkerKey() ?? '', ...(name === '' ? {} : { name }) }),
    });
    if (response.ok) return name === '' ? 'Your name is gone from ' : 'Thank you! With your next task you are on ';
    const { code } = await response.json();
    return { invalid_request: 'Only letters, digits and signs, please, for ',
      forbidden: 'The operator took your name off ' }[code] ?? LATER;
  } catch {
    return LATER;
  }
}
