// What the page takes from its address, and remembers.

const TOKEN_KEY = 'weft-token';
const WORKER_KEY = 'weft-worker';
const QUEUE_DEFAULT = 'default';

/**
 * The token of `#token=…`. The fragment never leaves the browser; it is taken out of the address, where people copy it from,
 * and kept for reloads of this tab.
 * @returns {string | null}
 */
export function readToken() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get('token');
  if (token === null) return recall(sessionStorage, TOKEN_KEY);
  remember(sessionStorage, TOKEN_KEY, token);
  history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** @param {string} search `?queue=a&queue=b` */
export function queuesOf(search) {
  const queues = new URLSearchParams(search).getAll('queue').filter((name) => name.length > 0);
  return queues.length > 0 ? queues : [QUEUE_DEFAULT];
}

/** The same for all tabs of this browser, so that the coordinator counts one worker. */
export function rememberedWorkerId() {
  const known = recall(localStorage, WORKER_KEY);
  if (known !== null) return known;
  const id = `browser-${[...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  remember(localStorage, WORKER_KEY, id);
  return id;
}

// A browser may refuse to keep anything; then the page works until it is closed.
function recall(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

function remember(storage, key, value) {
  try {
    storage.setItem(key, value);
  } catch {
    // See above.
  }
}
