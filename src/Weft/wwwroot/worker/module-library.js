// Modules, fetched and checked once for each memory limit. They are compiled where they run: here nobody touches more than bytes.

import { Unreachable } from './answers.js';
import { sha256 } from './sha256.js';
import { WASI, WASI_FUNCTIONS } from './wasi-functions.js';
import { ModuleRefused } from './wasm-binary.js';
import { boxed } from './wasm-box.js';

const MODULES_MAX = 16;
// The one asked for last is kept, whatever its size.
const MODULES_BYTES_MAX = 256 << 20;

/**
 * A module that compute workers can run.
 * @typedef {object} RunnableModule
 * @property {string} key
 * @property {'wasi' | 'javascript'} kind
 * @property {Uint8Array | string} code Its bytes, or the text of a JavaScript module.
 * @property {string | null} start An export to be called before `_start`.
 */

export class ModuleLibrary {
  #coordinator;
  #onForget;
  /** In the order of their last use. @type {Map<string, Promise<RunnableModule>>} */
  #modules = new Map();
  /** @type {Map<string, number>} */ #bytes = new Map();
  /** What is on its way, in bytes; a total of 0 isn't known. @type {Map<string, {received: number, total: number}>} */
  downloads = new Map();

  /**
   * @param {import('./coordinator.js').Coordinator} coordinator
   * @param {(key: string) => void} onForget Called for each module that is let go.
   */
  constructor(coordinator, onForget) {
    this.#coordinator = coordinator;
    this.#onForget = onForget;
  }

  /**
   * @param {string} hash
   * @param {number} memoryMb
   * @returns {Promise<RunnableModule>} Rejected with why it can't be run ({@link ModuleRefused}: wherever it
   *   is tried), or with {@link Unreachable}.
   */
  get(hash, memoryMb) {
    const key = `${hash}/${memoryMb}`;
    const module = this.#modules.get(key) ?? this.#load(key, hash, memoryMb);
    this.#modules.delete(key);
    this.#modules.set(key, module);
    if (this.#modules.size > MODULES_MAX) this.#forgetOldest();
    return module;
  }

  #load(key, hash, memoryMb) {
    const module = this.#make(key, hash, memoryMb);
    module.then(({ code }) => this.#keep(key, code.length), () => {});
    // A failure is not kept, since the next task may be luckier; but for what no luck can mend.
    module.catch((error) => { if (!(error instanceof ModuleRefused)) this.#forget(key); });
    return module;
  }

  /** @param {string} key @param {string} hash @param {number} memoryMb @returns {Promise<RunnableModule>} */
  async #make(key, hash, memoryMb) {
    const { kind, bytes } = await this.#fetch(hash);
    if (kind === 'javascript') return { key, kind: 'javascript', code: new TextDecoder().decode(bytes), start: null };
    const box = boxed(bytes, memoryMb);
    return { key, kind: 'wasi', code: box.bytes, start: box.start };
  }

  // A second time past the browser's cache, which may have kept what was damaged on its way.
  async #fetch(hash) {
    for (const isFresh of [false, true]) {
      const { kind, bytes, isWhole } = await this.#download(hash, isFresh);
      if (await sha256(bytes) === hash) return { kind, bytes };
      if (!isWhole) throw new Unreachable('The download of the module was cut off.');
    }
    throw new Error('The module’s bytes don’t match its hash: they were changed in the coordinator’s store or in transit.');
  }

  async #download(hash, isFresh) {
    try {
      return await this.#coordinator.module(hash, { isFresh, onProgress: (received, total) => this.downloads.set(hash, { received, total }) });
    } finally {
      this.downloads.delete(hash);
    }
  }

  /** @param {string} key @param {number} bytes */
  #keep(key, bytes) {
    if (!this.#modules.has(key)) return;
    this.#bytes.set(key, bytes);
    while (this.#modules.size > 1 && sum(this.#bytes.values()) > MODULES_BYTES_MAX) this.#forgetOldest();
  }

  #forgetOldest() {
    this.#forget(this.#modules.keys().next().value);
  }

  /** @param {string} key */
  #forget(key) {
    this.#bytes.delete(key);
    if (this.#modules.delete(key)) this.#onForget(key);
  }
}

/** @param {Iterable<number>} numbers */
function sum(numbers) {
  return [...numbers].reduce((total, each) => total + each, 0);
}
