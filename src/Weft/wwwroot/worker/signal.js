/** Something to wait for that happens again and again; what happened while nobody waited counts once. */
export class Signal {
  #isSet = false;
  /** @type {unknown} */ #error;
  /** @type {(() => void) | null} */ #wake = null;

  fire() {
    this.#isSet = true;
    this.#wake?.();
  }

  /** Whoever waits, or waits next, gets this exception. @param {unknown} error */
  fail(error) {
    this.#error = error;
    this.fire();
  }

  async next() {
    if (!this.#isSet) await new Promise((resolve) => { this.#wake = /** @type {() => void} */ (resolve); });
    this.#isSet = false;
    this.#wake = null;
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error;
  }
}
