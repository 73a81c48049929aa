// Modules, fetched once and compiled once for each memory limit.

import { Unreachable } from './coordinator.js';
import { limitMemory } from './wasm-memory.js';

const MODULES_MAX = 16;

/**
 * A module that compute workers can run.
 * @typedef {object} RunnableModule
 * @property {string} key
 * @property {'wasi' | 'javascript'} kind
 * @property {WebAssembly.Module | string} code Compiled, or the text of a JavaScript module.
 */

export class ModuleLibrary {
  #coordinator;
  #onForget;
  /** In the order of their last use. @type {Map<string, Promise<RunnableModule>>} */
  #modules = new Map();

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
   * @returns {Promise<RunnableModule>} Rejected with why it can't be run, or with {@link Unreachable}.
   */
  get(hash, memoryMb) {
    const key = `${hash}/${memoryMb}`;
    const module = this.#modules.get(key) ?? this.#load(key, hash, memoryMb);
    this.#modules.delete(key);
    this.#modules.set(key, module);
    if (this.#modules.size > MODULES_MAX) this.#forget(this.#modules.keys().next().value);
    return module;
  }

  #load(key, hash, memoryMb) {
    const module = this.#make(key, hash, memoryMb);
    // A failure is not kept: the next task may be luckier.
    module.catch(() => this.#forget(key));
    return module;
  }

  /** @param {string} key @param {string} hash @param {number} memoryMb @returns {Promise<RunnableModule>} */
  async #make(key, hash, memoryMb) {
    const { kind, bytes } = await this.#fetch(hash);
    if (kind === 'javascript') return { key, kind: 'javascript', code: new TextDecoder().decode(bytes) };
    return { key, kind: 'wasi', code: await WebAssembly.compile(limitMemory(bytes, memoryMb)) };
  }

  async #fetch(hash) {
    try {
      return await this.#coordinator.module(hash);
    } catch (error) {
      // A browser reports bytes of another hash in the same words as a broken line.
      if (error instanceof Unreachable && await this.#coordinator.isThere()) throw new Error(`Its module could not be fetched, or its bytes don’t have its hash. ${error.message}`);
      throw error;
    }
  }

  /** @param {string} key */
  #forget(key) {
    if (this.#modules.delete(key)) this.#onForget(key);
  }
}
