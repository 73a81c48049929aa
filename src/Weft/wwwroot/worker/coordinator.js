// The coordinator, as a worker sees it: three requests of /api/v1.

import { refuseTrouble, SHORT_ANSWER_BYTES_MAX, strange, Unreachable } from './answers.js';
import { bytesOf, textOf, TooLong } from './bounded-body.js';
import { membersOf } from './raw-json.js';

const ANSWER_MAX_MS = 30_000;
// A held claim is answered when its time is over: whatever is much later never comes.
const HELD_ANSWER_MAX_MS = 10_000;
const PROBE_MAX_MS = 2_500;
// As long as bytes come, a download may take its time.
const SILENCE_MAX_MS = 30_000;
// 32 MiB of payloads beyond the first task's, which has 32 MiB at most, and the options of all.
const ANSWER_BYTES_MAX = 80 << 20;
const MODULE_BYTES_MAX = 64 << 20;
// Whole chunks of the coordinator's, and what proxies commonly let through.
const PUSH_BYTES = 1 << 20;

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
   * @param {{expects?: string, waitMs?: number, sendMs?: number, signal?: AbortSignal}} [options] A member that its
   *   own answer has, how long it may hold the request, how long the body may take to be sent, and who may give it
   *   up.
   * @returns {Promise<Record<string, string>>} The answer's members, unread.
   * @throws {Unreachable | import('./answers.js').Refused}
   */
  async post(path, body, { expects, waitMs = 0, sendMs = 0, signal } = {}) {
    const init =
      { method: 'POST', body, headers: { ...this.#headers, 'Content-Type': 'application/json' }, cache: 'no-store' };
    const maxMs = waitMs > 0 ? waitMs + HELD_ANSWER_MAX_MS : sendMs + ANSWER_MAX_MS;
    return await this.#within(maxMs, signal, async (giveUp) => {
      const response = await fetch(`${this.#root}api/v1/${path}`, { ...init, signal: giveUp });
      await refuseTrouble(response, body.length);
      return membersIn(await bounded(response, textOf(response, ANSWER_BYTES_MAX)), expects) ?? fail(strange(response));
    });
  }

  /**
   * The bytes of a module, unchecked, and whether a connection that ends too early would have been noticed.
   * @param {string} hash SHA-256, 64 hex digits.
   * @param {{isFresh?: boolean, onProgress?: (received: number, total: number) => void}} [options] Whether what the
   *   browser kept is left aside; total is 0 where it isn't known.
   * @throws {Unreachable | import('./answers.js').Refused}
   */
  async module(hash, { isFresh = false, onProgress = () => {} } = {}) {
    return await this.#within(SILENCE_MAX_MS, undefined, async (signal, goesOn) => {
      const response = await fetch(`${this.#root}api/v1/modules/${hash}`,
        { headers: this.#headers, signal, cache: isFresh ? 'reload' : 'default' });
      await refuseTrouble(response, 0);
      const kind = KINDS.get((response.headers.get('Content-Type') ?? '').split(';')[0]);
      const name = nameIn(response.headers.get('Content-Disposition') ?? '');
      if (kind === undefined) throw strange(response);
      const total = Number(response.headers.get('Content-Length') ?? 0) || 0;
      const noteProgress = (received) => { goesOn(); onProgress(received, total); };
      const bytes = await bounded(response, bytesOf(response, MODULE_BYTES_MAX, noteProgress));
      return { kind, name, bytes, isWhole: total > 0 };
    });
  }

  /**
   * A file of tasks, unchecked. A download that breaks off goes on where it stopped, as long as it gets further.
   * @param {string} hash SHA-256, 64 hex digits. @param {(received: number, total: number) => void} onProgress
   * @throws {Unreachable | import('./answers.js').Refused}
   */
  async blob(hash, onProgress) {
    /** @type {Blob[]} */ const parts = [];
    let received = 0;
    while (true) {
      const before = received;
      try {
        return await this.#within(SILENCE_MAX_MS, undefined, async (signal, goesOn) => {
          const headers = received > 0 ? { ...this.#headers, Range: `bytes=${received}-` } : this.#headers;
          const response = await fetch(`${this.#root}api/v1/blobs/${hash}`, { headers, signal });
          await refuseTrouble(response, 0);
          if (response.status !== (received > 0 ? 206 : 200)) throw strange(response);
          const total = received + (Number(response.headers.get('Content-Length') ?? 0) || 0);
          const reader = response.body.getReader();
          for (let part = await reader.read(); !part.done; part = await reader.read()) {
            // Out of this worker's memory.
            parts.push(new Blob([part.value]));
            received += part.value.byteLength;
            goesOn();
            onProgress(received, total);
          }
          return new Blob(parts);
        });
      } catch (error) {
        if (!(error instanceof Unreachable) || received === before) throw error;
      }
    }
  }

  /**
   * Pushes some bytes of a file that a task has written, and says where to go on; -1: all of it is there.
   * @param {import('./held-task.js').HeldTask} task @param {string} hash @param {Blob} blob @param {number} at
   */
  async pushOutput(task, hash, blob, at) {
    const headers = { ...this.#headers, 'Content-Type': 'application/octet-stream',
      'X-Weft-Lease': JSON.parse(task.token) };
    const body = blob.slice(at, at + PUSH_BYTES);
    return await this.#within(ANSWER_MAX_MS, undefined, async (signal) => {
      const response = await fetch(
        `${this.#root}api/v1/tasks/${task.id}/outputs/${hash}?offset=${at}&size=${blob.size}`,
        { method: 'PUT', body, headers, cache: 'no-store', signal });
      try {
        await refuseTrouble(response, PUSH_BYTES);
      } catch (error) {
        if (error.code !== 'wrong_offset' || !Number.isSafeInteger(error.offset)) throw error;
        return error.offset;
      }
      const answer = membersIn(await bounded(response, textOf(response, SHORT_ANSWER_BYTES_MAX)), undefined);
      if (answer?.sha256 !== undefined) return -1;
      const offset = Number(answer?.offset);
      return offset > at ? offset : fail(strange(response));
    });
  }

  /**
   * The bytes of a file that the coordinator serves beside the API.
   * @param {string} path @param {number} bytesMax @param {(received: number) => void} onProgress
   * @throws {Unreachable}
   */
  async file(path, bytesMax, onProgress) {
    return await this.#within(SILENCE_MAX_MS, undefined, async (signal, goesOn) => {
      const response = await fetch(`${this.#root}${path}`, { signal });
      if (!response.ok)
        throw new Unreachable(`The coordinator doesn’t serve ${path} (${response.status}).`, { isAway: false });
      return await bounded(response, bytesOf(response, bytesMax, (received) => { goesOn(); onProgress(received); }));
    });
  }

  /** Whether it answers, and nothing else in its place. */
  async isThere() {
    return await this.#within(PROBE_MAX_MS, undefined, async (signal) => {
      const response = await fetch(`${this.#root}health`, { signal, cache: 'no-store' });
      return JSON.parse(await textOf(response, SHORT_ANSWER_BYTES_MAX)).service === 'coordinator';
    }).catch(() => false);
  }

  /**
   * Aborts on timeout or signal. Both, and a broken connection, throw Unreachable.
   * @template T
   * @param {number} maxMs Without a sign of life.
   * @param {AbortSignal | undefined} signal
   * @param {(signal: AbortSignal, goesOn: () => void) => Promise<T>} ask
   */
  async #within(maxMs, signal, ask) {
    const giveUp = new AbortController();
    let isLate = false;
    const late = () => { isLate = true; giveUp.abort(); };
    let timer = setTimeout(late, maxMs);
    const stop = () => giveUp.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop);
    try {
      return await ask(giveUp.signal, () => { clearTimeout(timer); timer = setTimeout(late, maxMs); });
    } catch (error) {
      // TypeError: how fetch and a body's reader say that the connection broke.
      if (isLate) throw new Unreachable('The coordinator took too long to answer.');
      if (giveUp.signal.aborted || error instanceof TypeError)
        throw new Unreachable('The coordinator can’t be reached.');
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }
}

const KINDS = new Map([['application/wasm', 'wasi'], ['text/javascript', 'javascript'], ['text/x-python', 'python'],
  ['application/zip', 'python']]);

/** What a module is called, by its Content-Disposition; empty where that doesn't say. @param {string} disposition */
function nameIn(disposition) {
  try {
    return decodeURIComponent(/filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1] ?? '');
  } catch {
    return '';
  }
}

/**
 * @param {string} text @param {string | undefined} expects @returns {Record<string, string> | null} Null: that wasn't
 *   the coordinator.
 */
function membersIn(text, expects) {
  try {
    const members = membersOf(text);
    return expects === undefined || members[expects] !== undefined ? members : null;
  } catch {
    return null;
  }
}

// A longer response isn't the coordinator's.
/** @template T @param {Response} response @param {Promise<T>} body */
async function bounded(response, body) {
  return await body.catch((error) => fail(error instanceof TooLong ? strange(response) : error));
}

/** @param {Error} error @returns {never} */
function fail(error) {
  throw error;
}
