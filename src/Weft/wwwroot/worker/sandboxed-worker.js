// A worker for untrusted modules, as the poller sees it. It runs in a frame with an opaque origin, which only the page
// can create (sandbox-host.js), and may have been taken over by the code that it runs: everything it sends is checked
// before it is used.

import { OUTPUTS_MAX, STDOUT_BYTES_MAX } from './held-task.js';
import { isJson } from './task-text.js';

// Browsers tell nobody that a frame's process has ended: it is asked at each look, four times a second.
const LOOKS_UNANSWERED_MAX = 24;
// A frame that opens may have to load its page first, from a coordinator that is slow.
const LOOKS_OPENING_MAX = 120;
// Answers that come within this time come together.
const ANSWERS_INTERVAL_MS = 4;
const ERROR_CHARS_MAX = 4_096;
const SNAPSHOT_BYTES_MAX = 128 << 20;

/**
 * What it has to say.
 * @typedef {object} WorkerMessage
 * @property {boolean} [isReady] Nothing of the time until now was a task's.
 * @property {number} [id] The task that the rest is about.
 * @property {number} [progress]
 * @property {number} [milliseconds]
 * @property {string} [result]
 * @property {string} [error]
 * @property {{path: string, blob: Blob}[]} [outputs] Files that came with the result.
 * @property {boolean} [isFinal]
 * @property {boolean} [isSpent] The worker has had its share: what follows needs a new one.
 * @property {boolean} [isBroken] The module has left the worker in a state in which nothing may follow.
 */

let count = 0;

export class SandboxedWorker {
  /** @type {(message: WorkerMessage) => void} */ onMessage = () => {};
  /**
   * Called when it has failed by itself; null: it could not be loaded.
   * @type {(crash: string | null) => void}
   */
  onFailure = () => {};
  /**
   * Called with an interpreter's memory, taken before it has seen any script.
   * @type {(snapshot: Uint8Array<ArrayBuffer>) => void}
   */
  onSnapshot = () => {};
  /** Whether it has ever begun to listen. */
  isReady = false;
  #id = ++count;
  #work = new MessageChannel();
  #watch = new MessageChannel();
  #openedAt = performance.now();
  #modulesLoading = 0;
  #unanswered = 0;
  #wanting = 0;
  #hasEnded = false;
  #mayTellSnapshot;

  /** @param {'wasi' | 'javascript' | 'python'} kind */
  constructor(kind) {
    this.#mayTellSnapshot = kind === 'python';
    this.#watch.port1.onmessage = ({ data }) => this.#hearFrame(data);
    const [work, watch] = [this.#work.port2, this.#watch.port2];
    postMessage({ kind: 'sandbox', id: this.#id, runs: kind, work, watch }, [work, watch]);
  }

  /** @param {import('./compute.js').LoadMessage} module */
  load(module) {
    this.#modulesLoading++;
    this.#work.port1.postMessage(module);
  }

  /** @param {import('./compute.js').FilesMessage} files That tasks may name from now on. */
  give(files) {
    this.#work.port1.postMessage(files);
  }

  /** @param {string} key Of a module. */
  forget(key) {
    this.#work.port1.postMessage({ forget: key });
  }

  /** @param {number[]} ids Of tasks. */
  recall(ids) {
    this.#work.port1.postMessage({ recall: ids });
  }

  /** @param {import('./compute.js').ComputeTask[]} tasks */
  run(tasks) {
    this.#work.port1.postMessage({ tasks });
  }

  /** Whether it has yet to compile a module. */
  get isLoading() {
    return this.#modulesLoading > 0;
  }

  /**
   * Asks whether its process lives; by looks and not by a clock, so that a computer that slept isn't mistaken for it.
   */
  look() {
    this.#unanswered++;
    this.#watch.port1.postMessage(false);
  }

  /** Whether its process has ended, or it never came. */
  get isLost() {
    return this.#unanswered > (this.isReady ? LOOKS_UNANSWERED_MAX : LOOKS_OPENING_MAX);
  }

  /** Whether it has not answered for so long that it has ended, too, where another of the same process has. */
  get isSilent() {
    return this.#unanswered > LOOKS_UNANSWERED_MAX / 2;
  }

  /** Ends it. Nothing that it has said before is heard after. */
  end() {
    this.#watch.port1.onmessage = null;
    clearTimeout(this.#wanting);
    this.#hasEnded = true;
    this.#work.port1.close();
    this.#watch.port1.close();
    postMessage({ kind: 'sandbox-end', id: this.#id });
  }

  /** @param {any} data */
  #hearFrame(data) {
    if (data?.isAlive === true) this.#unanswered = 0;
    else if (Array.isArray(data?.answers)) this.#hearAll(data.answers);
    else if (data?.isUnloaded === true && !this.isReady) this.onFailure(null);
    else if (typeof data?.crash === 'string') this.onFailure(data.crash.slice(0, ERROR_CHARS_MAX));
  }

  /** @param {any[]} answers */
  #hearAll(answers) {
    this.#wanting = setTimeout(() => this.#watch.port1.postMessage(true), ANSWERS_INTERVAL_MS);
    for (const answer of answers.flat()) if (!this.#hasEnded) this.#hear(answer);
  }

  /** @param {any} data */
  #hear(data) {
    if (typeof data !== 'object' || data === null) return;
    if (data.isReady === true) this.#begin();
    else if (data.snapshot instanceof Uint8Array) this.#keep(data.snapshot);
    else if (typeof data.id === 'number') this.onMessage(this.#checked(data));
    else if (data.isBroken === true) this.onMessage({ isBroken: true });
  }

  // Once for the worker and once for each of its modules: each begins the task's time anew.
  #begin() {
    if (this.isReady && this.#modulesLoading === 0) return;
    if (this.isReady) {
      this.#modulesLoading--;
      this.#mayTellSnapshot = false;
    }
    this.isReady = true;
    this.onMessage({ isReady: true });
  }

  // One, of an interpreter that has not seen its script yet: all other submitters' interpreters will start from it.
  #keep(snapshot) {
    if (!this.isReady || !this.#mayTellSnapshot || snapshot.byteLength > SNAPSHOT_BYTES_MAX) return;
    this.#mayTellSnapshot = false;
    this.onSnapshot(snapshot);
  }

  /** @returns {WorkerMessage} */
  #checked({ id, milliseconds, progress, result, error, outputs, isFinal, isSpent, isBroken }) {
    if (typeof progress === 'number') return { id, progress: Math.min(1, Math.max(0, progress || 0)) };
    const ranFor = typeof milliseconds === 'number'
      ? Math.min(performance.now() - this.#openedAt, Math.max(0, milliseconds || 0)) : 0;
    const told = { id, milliseconds: ranFor, ...(isSpent === true && { isSpent }) };
    if (typeof error === 'string')
      return { ...told, error: error.slice(0, ERROR_CHARS_MAX), isFinal: isFinal === true,
        isBroken: isBroken === true };
    if (typeof result !== 'string') return { ...told, error: 'The module’s result is not JSON.' };
    if (result.length > STDOUT_BYTES_MAX)
      return { ...told, error: `The module’s result is over ${STDOUT_BYTES_MAX} bytes.` };
    // It becomes part of what this worker says to the coordinator.
    if (!isJson(result)) return { ...told, error: 'The module’s result is not JSON.' };
    // One more than is taken, so that the coordinator says so.
    return Array.isArray(outputs)
      ? { ...told, result, outputs: outputs.slice(0, OUTPUTS_MAX + 1).filter(isOutput) } : { ...told, result };
  }
}

/** Which path is one, the coordinator says. @param {any} output */
function isOutput(output) {
  return typeof output?.path === 'string' && output.blob instanceof Blob;
}
