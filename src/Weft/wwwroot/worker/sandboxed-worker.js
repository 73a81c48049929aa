// A worker for JavaScript modules, as the poller sees it: the same as a compute worker. What runs in it lives in a frame of
// an opaque origin, and only the page can make frames: see sandbox-host.js.

import { STDOUT_BYTES_MAX } from './held-task.js';
import { isJson } from './task-text.js';

let count = 0;

export class SandboxedWorker {
  /** @type {((event: {data: any}) => void) | null} */ onmessage = null;
  /** @type {((event: {message?: string}) => void) | null} */ onerror = null;
  #id = ++count;
  #channel = new MessageChannel();

  constructor() {
    this.#channel.port1.onmessage = ({ data }) => this.onmessage?.({ data: checked(data) });
    postMessage({ kind: 'sandbox', id: this.#id, port: this.#channel.port2 }, [this.#channel.port2]);
  }

  /** @param {unknown} message */
  postMessage(message) {
    this.#channel.port1.postMessage(message);
  }

  terminate() {
    this.#channel.port1.close();
    postMessage({ kind: 'sandbox-end', id: this.#id });
  }
}

// What a module says is its own affair, but for its form: its result becomes part of what this worker says.
function checked({ ready, id, milliseconds, progress, result, error }) {
  if (ready) return { ready };
  if (progress !== undefined) return { id, progress: Math.min(1, Math.max(0, Number(progress) || 0)) };
  if (error !== undefined) return { id, milliseconds, error: String(error) };
  if (typeof result !== 'string' || !isJson(result)) return { id, milliseconds, error: 'Its result is not JSON.' };
  if (result.length > STDOUT_BYTES_MAX) return { id, milliseconds, error: `Its result is over ${STDOUT_BYTES_MAX} bytes.` };
  return { id, milliseconds, result };
}
