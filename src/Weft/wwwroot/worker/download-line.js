// Queues downloads: a limited number run at once, and the next begins when one of them has ended.

export class DownloadLine {
  #max;
  #going = 0;
  /** @type {(() => void)[]} */ #waiting = [];

  /** @param {number} max At once. */
  constructor(max) {
    this.#max = max;
  }

  /** @template T @param {() => Promise<T>} load @returns {Promise<T>} */
  async run(load) {
    while (this.#going >= this.#max)
      await new Promise((resolve) => { this.#waiting.push(/** @type {() => void} */ (resolve)); });
    this.#going++;
    try {
      return await load();
    } finally {
      this.#going--;
      this.#waiting.shift()?.();
    }
  }
}
