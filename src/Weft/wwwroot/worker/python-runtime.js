// Pyodide's files, which the coordinator itself serves if it was built with them: downloaded for the first Python task,
// and kept for as long as the poller lives.

import { keepSnapshot, keptSnapshot } from './python-snapshots.js';

const FILE_BYTES_MAX = 32 << 20;

/**
 * What the coordinator serves: Pyodide's version, Python's, and the bytes of the files, unpacked and as they travel.
 * @typedef {{version: string, python: string, bytes: number, download: number}} ServedPython
 */

/** @param {string} root The coordinator's address. @returns {Promise<ServedPython | null>} Null: it serves none. */
export async function servedPython(root) {
  try {
    const response = await fetch(`${root}python/served.json`, { cache: 'no-cache' });
    if (!response.ok) return null;
    const { version, python, bytes, download } = await response.json();
    return /^\d+\.\d+\.\d+$/.test(version) && /^\d+\.\d+$/.test(python) ? { version, python, bytes, download } : null;
  } catch {
    return null;
  }
}

/** The labels of a worker that has it. @param {ServedPython} served */
export function pythonLabels({ python }) {
  const [major, minor] = python.split('.').map(Number);
  return ['python', 'pyodide', `python-version=${100 * major + minor}`];
}

export class PythonRuntime {
  #coordinator;
  #served;
  /** @type {Promise<import('./compute-python.js').PythonFiles> | null} */ #files = null;

  /** @param {import('./coordinator.js').Coordinator} coordinator @param {ServedPython | null} served */
  constructor(coordinator, served) {
    this.#coordinator = coordinator;
    this.#served = served;
  }

  /**
   * @param {(download: {received: number, total: number, name: string}) => void} onProgress
   * @returns {Promise<import('./compute-python.js').PythonFiles>} Rejected with
   *   {@link import('./answers.js').Unreachable}.
   */
  files(onProgress) {
    if (this.#files === null) {
      this.#files = this.#load(onProgress);
      // The next task may be luckier.
      this.#files.catch(() => { this.#files = null; });
    }
    return this.#files;
  }

  /** For interpreters that start after it. @param {Uint8Array<ArrayBuffer>} snapshot */
  async keepSnapshot(snapshot) {
    const files = await this.#files;
    if (files === null || this.#served === null) return;
    files.snapshot = snapshot;
    await keepSnapshot(this.#served.version, snapshot);
  }

  async #load(onProgress) {
    const { version, python, bytes, download } = this.#served ?? { version: '', python: '', bytes: 1, download: 1 };
    const received = new Map();
    const get = async (path) => {
      const noteProgress = (count) => {
        received.set(path, count);
        const part = [...received.values()].reduce((sum, each) => sum + each, 0) / bytes;
        onProgress({ received: Math.min(1, part) * download, total: download, name: `Python ${python}` });
      };
      return await this.#coordinator.file(path, FILE_BYTES_MAX, noteProgress);
    };
    const text = async (path) => new TextDecoder().decode(await get(path));
    const folder = `python/${version}/`;
    const [loader, glue, wasm, library, lock, harness, snapshot] = await Promise.all([
      text(`${folder}pyodide.mjs`), text(`${folder}pyodide.asm.mjs`), get(`${folder}pyodide.asm.wasm`),
      get(`${folder}python_stdlib.zip`),
      text(`${folder}pyodide-lock.json`), text('python/weft_task.py'), keptSnapshot(version),
    ]);
    return { loader, glue, wasm, library, lock, harness, snapshot };
  }
}
