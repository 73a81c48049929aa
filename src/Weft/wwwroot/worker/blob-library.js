// The files of tasks: downloaded once per browser, verified, and kept by their hashes. A Blob is passed on without
// being copied, and the browser may keep its bytes on disk.

import { Unreachable } from './answers.js';
import { DownloadLine } from './download-line.js';
import { keepBlob, keptBlob } from './kept-blobs.js';
import { digestOfBlob } from './sha256.js';

const DOWNLOADS_MAX = 2;

export class BlobLibrary {
  #coordinator;
  /** By their hashes, in the order of their last use. @type {Map<string, Promise<Blob>>} */
  #blobs = new Map();
  #line = new DownloadLine(DOWNLOADS_MAX);
  /** What is on its way, in bytes; a total of 0 isn't known. @type {Map<string, {received: number, total: number}>} */
  downloads = new Map();

  /** @param {import('./coordinator.js').Coordinator} coordinator */
  constructor(coordinator) {
    this.#coordinator = coordinator;
  }

  /**
   * @param {{path: string, blob: string}[]} files
   * @returns {Promise<{path: string, blob: Blob}[]>} Rejected with {@link Unreachable}.
   */
  find(files) {
    return Promise.all(files.map(async ({ path, blob }) => ({ path, blob: await this.#get(blob) })));
  }

  /** @param {string} hash */
  #get(hash) {
    const known = this.#blobs.get(hash);
    if (known !== undefined) return known;
    const loaded = this.#line.run(async () => await keptBlob(hash) ?? await this.#load(hash));
    this.#blobs.set(hash, loaded);
    // A failure is not kept, since the next task may be luckier.
    loaded.catch(() => this.#blobs.delete(hash));
    return loaded;
  }

  async #load(hash) {
    try {
      const blob =
        await this.#coordinator.blob(hash, (received, total) => this.downloads.set(hash, { received, total }));
      if (await digestOfBlob(blob) !== hash) throw new Unreachable('A file of the task was corrupted in transit.');
      return await keepBlob(hash, blob);
    } finally {
      this.downloads.delete(hash);
    }
  }
}
