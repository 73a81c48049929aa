// What a page reads from its URL, and remembers.

const WORKER_KEY = 'weft-worker';
const PROOF_KEY = 'weft-worker-key';
const CHOICES_KEY = 'weft-worker-choices';
const QUEUE_DEFAULT = 'default';
// What the coordinator adds to the address (ForeignToken.cs), at its end.
const MARK = /[?&]elsewhere=1$/;
const FOREIGN_TOKEN = 'A link on another site has brought you here, with an access token. Its author sees '
  + 'what you do with that token. Use it?';

/** Where tokens are kept for reloads of a tab: one place for each kind of page, since they are for different people. */
export const TokenKey = { worker: 'weft-worker-token', console: 'weft-console-token' };

/**
 * The token of `#token=…`. The fragment never leaves the browser; it is taken out of the address, where people copy it
 * from, and kept for reloads of this tab.
 * @param {string} key One of {@link TokenKey}.
 * @returns {string | null}
 */
export function readToken(key) {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  const kept = recall(sessionStorage, key);
  const search = location.search.replace(MARK, '');
  const isForeign = search !== location.search || isFromAnotherSite();
  if (token !== null || search !== location.search) history.replaceState(null, '', location.pathname + search);
  if (token === null) return kept;
  // A worker's token computes, wherever its link was. With another one, people see and submit.
  if (key === TokenKey.console && isForeign && token !== kept && !confirm(FOREIGN_TOKEN)) return kept;
  keepToken(key, token);
  return token;
}

// Over plain http, where browsers don't tell the coordinator.
function isFromAnotherSite() {
  return document.referrer !== '' && new URL(document.referrer).origin !== location.origin;
}

/** @param {string} key One of {@link TokenKey}. @param {string | null} token Null forgets it. */
export function keepToken(key, token) {
  if (token === null) forget(sessionStorage, key);
  else remember(sessionStorage, key, token);
}

/**
 * Whether the page starts without a click: where its address says so, and no page of another site has led here.
 * Browsers tell the coordinator, which leaves `start` out then (ForeignStart.cs); over plain http they tell nobody but
 * by the referrer.
 * @param {URLSearchParams} address
 */
export function startsByItself(address) {
  return address.get('start') === '1' && !isFromAnotherSite();
}

/** @param {string} search `?queue=a&queue=b` @returns {string[]} None where the address says nothing. */
export function queuesOf(search) {
  return new URLSearchParams(search).getAll('queue').filter((name) => name.length > 0);
}

/**
 * @typedef {{effort: string, cores: number, queues: string[], battery: boolean, presence: boolean, hours: string,
 *   screen: boolean}} Choices
 */

/**
 * What the person chose on the worker page: in this tab, else lately in another one.
 * @returns {Partial<Choices>}
 */
export function rememberedChoices() {
  for (const storage of [sessionStorage, localStorage]) {
    try {
      const choices = JSON.parse(recall(storage, CHOICES_KEY) ?? 'null');
      if (typeof choices === 'object' && choices !== null) return choices;
    } catch {
      // Not ours: as if nothing were there.
    }
  }
  return {};
}

/** @param {Choices} choices */
export function rememberChoices(choices) {
  for (const storage of [sessionStorage, localStorage]) remember(storage, CHOICES_KEY, JSON.stringify(choices));
}

/**
 * The same for all tabs of this browser that work on the same queues, so that the coordinator counts one worker.
 * @param {string[]} queues
 */
export function rememberedWorkerId(queues) {
  const id = recall(localStorage, WORKER_KEY)
    ?? `browser-${[...crypto.getRandomValues(new Uint8Array(6))]
      .map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  remember(localStorage, WORKER_KEY, id);
  const name = [...queues].sort().join('+');
  return name === QUEUE_DEFAULT ? id : `${id}-${name}`.slice(0, WORKER_ID_CHARS_MAX);
}

/** What proves who this browser is: it makes a name of many right answers. @returns {string | null} */
export function rememberedWorkerKey() {
  return recall(localStorage, PROOF_KEY);
}

/** @param {string} key */
export function rememberWorkerKey(key) {
  remember(localStorage, PROOF_KEY, key);
}

const WORKER_ID_CHARS_MAX = 128;

// A browser may refuse to keep anything; then the page works until it is closed.
export function recall(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(storage, key, value) {
  try {
    storage.setItem(key, value);
  } catch {
    // See above.
  }
}

function forget(storage, key) {
  try {
    storage.removeItem(key);
  } catch {
    // See above.
  }
}
