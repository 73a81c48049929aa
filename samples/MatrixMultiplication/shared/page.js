// What both pages take from their address and their markup.

const POLL_DEFAULT_MS = 2000;
const POLL_MAX_MS = 60_000;

const settings = new URL(location.href).searchParams;
const TOKEN = /weft_[A-Za-z0-9_-]{20,}/;
const TOKEN_KEY = `weft-sample-token ${location.pathname}`;

/** Whether the page's address asks for something: `?start=1`. */
export const asksFor = (name) => settings.get(name) === '1';

/**
 * Whether the coordinator is to hold what is asked until there is an answer: unless the address has `?wait=0`, or a
 * `?poll=`.
 */
export const waits = () => settings.has('wait') ? asksFor('wait') : !settings.has('poll');

/** Milliseconds between two polls: `?poll=`, from 1 to a minute; two seconds when it says nothing usable. */
export function pollMilliseconds() {
  const poll = Number(settings.get('poll') ?? POLL_DEFAULT_MS);
  return Number.isInteger(poll) && poll >= 1 && poll <= POLL_MAX_MS ? poll : POLL_DEFAULT_MS;
}

/** The coordinator's root, which the markup gives relative to the page. */
export const coordinatorRoot = () => new URL(document.documentElement.dataset.coordinator, location.href).href;

/**
 * The token of `#token=…`, which is taken out of the address at once and kept for reloads of this tab; empty for none.
 * Each page keeps its own, since they are for different people.
 */
export function readToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return recall() ?? '';
  keep(token);
  history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/**
 * Shows the field for a token, and why.
 * @param {string} why
 * @param {(token: string) => void} onToken Called when one was given.
 */
export function askForToken(why, onToken) {
  const form = document.getElementById('access');
  form.hidden = false;
  document.getElementById('access-why').textContent = why;
  form.onsubmit = (event) => {
    event.preventDefault();
    const token = TOKEN.exec(document.getElementById('link').value)?.[0];
    document.getElementById('link-wrong').hidden = token !== undefined;
    if (token === undefined) return;
    document.getElementById('link').value = '';
    form.hidden = true;
    keep(token);
    onToken(token);
  };
}

// A browser may refuse to keep anything; then the token holds until the page is left.
function recall() {
  try {
    return sessionStorage.getItem(TOKEN_KEY);
  } catch {
    return null;
  }
}

function keep(token) {
  try {
    sessionStorage.setItem(TOKEN_KEY, token);
  } catch {
    // See above.
  }
}

/** Says in the footer whether the page is cross-origin isolated. */
export function showIsolation() {
  const note = document.getElementById('isolation');
  note.dataset.isolated = String(globalThis.crossOriginIsolated === true);
  note.textContent = globalThis.crossOriginIsolated
    ? 'This page is cross-origin isolated.'
    : 'This page is not cross-origin isolated: that takes https or localhost. It works all the same.';
}
