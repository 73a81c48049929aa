// Modules, each downloaded and checked once. They are compiled where they run: here they are only bytes.

import { Unreachable } from './answers.js';
import { DownloadLine } from './download-line.js';
import { sha256 } from './sha256.js';
import { WASI, WASI_FUNCTIONS } from './wasi-functions.js';
import { ModuleRefused } from './wasm-binary.js';
import { boxed } from './wasm-box.js';

const MODULES_MAX = 16;
// The one asked for last is kept, whatever its size.
const MODULES_BYTES_MAX = 256 << 20;
// Of the modules of tasks in hand: one more is loaded as long as they have less.
const IN_USE_BYTES_MAX = 256 << 20;
const DOWNLOADS_MAX = 4;
const NAME_DEFAULT = 'task.py';
const PYTHON = 'python';

/**
 * A module with a limit on its memory, as compute workers can run it.
 * @typedef {object} RunnableModule
 * @property {string} key
 * @property {string} hash
 * @property {'wasi' | 'javascript' | 'python'} kind
 * @property {Uint8Array<ArrayBuffer>} bytes As they came: the same for all limits.
 * @property {() => Uint8Array | string | import('./compute-python.js').PythonModule} code What runs: a new copy with
 *   its limits written into it, the text of a JavaScript module, or a Python script, or zipped folder, with its
 *   interpreter.
 * @property {(snapshot: Uint8Array<ArrayBuffer>) => void} keepSnapshot For interpreters that start after it.
 * @property {string | null} start An export to be called before `_start`.
 *
 * @typedef {{kind: 'wasi' | 'javascript' | 'python', name: string, files: import('./compute-python.js').PythonFiles |
 *   null, bytes: Uint8Array<ArrayBuffer>, runnables: Map<string, RunnableModule>}} StoredModule `files`: of a Python
 *   module, its interpreter's; `runnables`: by their limits.
 */

export class ModuleLibrary {
  #coordinator;
  #onForget;
  #python;
  /** By their hashes, in the order of their last use. @type {Map<string, Promise<StoredModule>>} */
  #modules = new Map();
  /** @type {Map<string, number>} */ #bytes = new Map();
  #line = new DownloadLine(DOWNLOADS_MAX);
  /**
   * What is on its way, in bytes; a total of 0 isn't known.
   * @type {Map<string, {received: number, total: number, name?: string}>}
   */
  downloads = new Map();

  /**
   * @param {import('./coordinator.js').Coordinator} coordinator
   * @param {import('./python-runtime.js').PythonRuntime} python
   * @param {(hash: string) => void} onForget Called for each module that is let go.
   */
  constructor(coordinator, python, onForget) {
    this.#coordinator = coordinator;
    this.#python = python;
    this.#onForget = onForget;
  }

  /**
   * @param {string} hash
   * @param {{memoryMb: number, fixed: boolean}} limits
   * @param {() => number} bytesInUse How much the modules of the tasks in hand have.
   * @returns {Promise<RunnableModule>} Rejected with why it can't be run ({@link ModuleRefused}: wherever it
   *   is tried), or with {@link Unreachable}.
   */
  async get(hash, limits, bytesInUse) {
    const loaded = this.#modules.get(hash) ?? this.#load(hash, bytesInUse);
    this.#modules.delete(hash);
    this.#modules.set(hash, loaded);
    if (this.#modules.size > MODULES_MAX) this.#forgetOldest();
    return runnable(hash, await loaded, limits, this.#python);
  }

  /** @param {string} hash @param {() => number} bytesInUse */
  #load(hash, bytesInUse) {
    const loaded = this.#line.run(async () => {
      if (bytesInUse() > IN_USE_BYTES_MAX)
        throw new Unreachable('This browser has too little memory for the module besides those that it runs.');
      const module = await this.#fetch(hash);
      return { ...module, files: module.kind === PYTHON ? await this.#interpreter() : null, runnables: new Map() };
    });
    // A failure is not kept, since the next task may be luckier.
    loaded.then(({ bytes }) => this.#keep(hash, bytes.length), () => this.#forget(hash));
    return loaded;
  }

  async #interpreter() {
    try {
      return await this.#python.files((download) => this.downloads.set(PYTHON, download));
    } finally {
      this.downloads.delete(PYTHON);
    }
  }

  // A second time past the browser's cache, which may have kept what was damaged on its way.
  async #fetch(hash) {
    for (const isFresh of [false, true]) {
      const { kind, name, bytes, isWhole } = await this.#download(hash, isFresh);
      if (await sha256(bytes) === hash) return { kind, name, bytes };
      if (!isWhole) throw new Unreachable('The download of the module was incomplete.');
    }
    throw new Error('The module’s bytes don’t match its hash: they were changed in the coordinator’s store or in ' +
      'transit.');
  }

  async #download(hash, isFresh) {
    try {
      return await this.#coordinator.module(hash,
        { isFresh, onProgress: (received, total) => this.downloads.set(hash, { received, total }) });
    } finally {
      this.downloads.delete(hash);
    }
  }

  /** @param {string} hash @param {number} bytes */
  #keep(hash, bytes) {
    if (!this.#modules.has(hash)) return;
    this.#bytes.set(hash, bytes);
    while (this.#modules.size > 1 && sum(this.#bytes.values()) > MODULES_BYTES_MAX) this.#forgetOldest();
  }

  #forgetOldest() {
    this.#forget(this.#modules.keys().next().value);
  }

  /** @param {string} hash */
  #forget(hash) {
    this.#bytes.delete(hash);
    if (this.#modules.delete(hash)) this.#onForget(hash);
  }
}

/**
 * @param {string} hash @param {StoredModule} stored @param {{memoryMb: number, fixed: boolean}} limits
 * @param {import('./python-runtime.js').PythonRuntime} python
 * @returns {RunnableModule}
 */
function runnable(hash, { kind, name, files, bytes, runnables }, { memoryMb, fixed }, python) {
  const limits = `${memoryMb}${fixed && kind === 'wasi' ? '/fixed' : ''}`;
  const known = runnables.get(limits);
  if (known !== undefined) return known;
  // Throws where it can't be put in its box: then it is never handed to anybody.
  const box = kind === 'wasi' ? boxed(bytes, memoryMb, fixed) : null;
  const text = () => new TextDecoder().decode(bytes);
  const code = { wasi: () => box.bytes(), javascript: text,
    python: () => ({ source: bytes, name: name || NAME_DEFAULT, memoryMb, files, packages: [] }) }[kind];
  const made = {
    key: `${hash}/${limits}`, hash, kind, bytes,
    // Made anew for each worker: kept, each limit would have a copy of the module.
    code,
    keepSnapshot: (snapshot) => python.keepSnapshot(snapshot),
    start: box?.start ?? null,
  };
  runnables.set(limits, made);
  return made;
}

/**
 * A Python module with its packages: its interpreter is for tasks that have the same.
 * @param {RunnableModule} module
 * @param {{path: string, blob: string}[]} named
 * @param {{path: string, blob: Blob}[]} found
 * @returns {RunnableModule}
 */
export function withPackages(module, named, found) {
  return {
    ...module,
    key: `${module.key} ${named.map(({ blob }) => blob).join(' ')}`,
    code: () => ({ .../** @type {import('./compute-python.js').PythonModule} */ (module.code()), packages: found }),
  };
}

/** @param {Iterable<number>} numbers */
function sum(numbers) {
  return [...numbers].reduce((total, each) => total + each, 0);
}
