// The name that a volunteer may enter, among the worker page's other settings; loaded if there is a board. It is kept
// in this browser, and sent to the coordinator only when somebody has entered one.

import { el } from '../elements.js';
import { recall, remember, rememberedWorkerKey } from '../worker/settings.js';

const KEY = 'weft-board-name';
const CHARS_MAX = 40;
const LATER = 'That didn’t work. Try again later to be on  ';

/**
 * @param {HTMLElement} choices Where it goes. @param {string} root The coordinator's address.
 * @param {string | null} token
 */
export function offerName(choices, root, token) {
  const said = el('span', { role: 'status' }, 'Optional. With a name, all who compute here see how much you do:   ');
  const input = el('input', { id: 'name', type: 'text', maxLength: CHARS_MAX, autocomplete: 'nickname',
    spellcheck: false, value: recall(localStorage, KEY) ?? '' });
  input.setAttribute('aria-describedby', 'name-note');
  // Opens in a new tab: this one computes.
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
  // The coordinator may have lost it, because the worker's key or the store has changed since.
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
    return { invalid_request: 'Please use only letters, digits and symbols to be on  ',
      forbidden: 'The operator removed your name from  ' }[code] ?? LATER;
  } catch {
    return LATER;
  }
}
