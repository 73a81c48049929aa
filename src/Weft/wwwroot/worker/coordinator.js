// The coordinator, as a worker sees it: three requests of /api/v1.

const ANSWER_MAX_MS = 30_000;
const RETRY_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504, 507]);

/** It gave no usable answer: asking again later may help. */
export class Unreachable extends Error {
  /** @param {string} message @param {number} [retryAfterMs] */
  constructor(message, retryAfterMs = 0) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** It understood, and won't. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** Whether this worker may not work here at all. */
  get isForGood() { return this.status === 401 || this.status === 403; }
}

export class Coordinator {
  #root;
  #headers;

  /** @param {string} root Its address, with a slash at the end. @param {string | null} token */
  constructor(root, token) {
    this.#root = root;
    this.#headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  }

  /**
   * Posts JSON to a path below /api/v1.
   * @param {string} path
   * @param {string} body
   * @param {{waitMs?: number, signal?: AbortSignal}} [options] How long it may hold the request, and who may give it up.
   * @returns {Promise<string>} The answer's JSON.
   * @throws {Unreachable | Refused}
   */
  async post(path, body, { waitMs = 0, signal } = {}) {
    const response = await this.#fetch(`api/v1/${path}`, {
      method: 'POST', body, headers: { ...this.#headers, 'Content-Type': 'application/json' },
    }, waitMs, signal);
    return await read(response, (answer) => answer.text());
  }

  /**
   * The bytes of a module, which the browser has checked against their hash.
   * @param {string} hash SHA-256, 64 hex digits.
   * @throws {Unreachable | Refused}
   */
  async module(hash) {
    const response = await this.#fetch(`api/v1/modules/${hash}`, { headers: this.#headers, integrity: integrityOf(hash) });
    const kind = response.headers.get('Content-Type')?.startsWith('text/javascript') ? 'javascript' : 'wasi';
    return { kind, bytes: new Uint8Array(await read(response, (answer) => answer.arrayBuffer())) };
  }

  /** Whether it answers at all. */
  async isThere() {
    return await this.#fetch('health', {}).then(() => true, () => false);
  }

  async #fetch(path, init, waitMs = 0, signal = undefined) {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), waitMs + ANSWER_MAX_MS);
    const stop = () => giveUp.abort();
    signal?.addEventListener('abort', stop);
    try {
      return await refuseTrouble(await fetch(this.#root + path, { ...init, signal: giveUp.signal, cache: init.integrity ? 'default' : 'no-store' }));
    } catch (error) {
      if (error instanceof Refused || error instanceof Unreachable) throw error;
      throw new Unreachable(giveUp.signal.aborted ? 'The coordinator took too long to answer.' : 'The coordinator can’t be reached.');
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** @param {Response} response */
async function refuseTrouble(response) {
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const words = `The coordinator answered ${response.status}: ${problem.detail ?? problem.title ?? 'no reason given'}`;
  if (!RETRY_STATUSES.has(response.status)) throw new Refused(response.status, words);
  throw new Unreachable(words, 1_000 * Number(response.headers.get('Retry-After') ?? 0) || 0);
}

/** @template T @param {Response} response @param {(response: Response) => Promise<T>} how */
async function read(response, how) {
  try {
    return await how(response);
  } catch {
    throw new Unreachable('The coordinator’s answer was cut off.');
  }
}

// The form that browsers check without crypto.subtle, which pages on plain http don't have.
function integrityOf(hash) {
  return `sha256-${btoa(String.fromCharCode(...hash.match(/../g).map((byte) => Number.parseInt(byte, 16))))}`;
}
