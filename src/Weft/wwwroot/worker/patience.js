// What to do while the coordinator doesn't answer: ask again, less and less often.

import { Unreachable } from './coordinator.js';

const DELAY_MIN_MS = 500;
const DELAY_MAX_MS = 30_000;

export class Patience {
  #delay = DELAY_MIN_MS;
  /** Why it is asked again; null while it answers. @type {string | null} */
  trouble = null;

  /** @param {() => void} onChange Called when it goes away or comes back. */
  constructor(onChange) {
    this.onChange = onChange;
  }

  /**
   * Asks until there is an answer.
   * @template T
   * @param {() => Promise<T>} ask
   * @param {AbortSignal} [signal] Ends it, with the last exception.
   */
  async until(ask, signal) {
    while (true) {
      try {
        const answer = await ask();
        this.#tell(null);
        this.#delay = DELAY_MIN_MS;
        return answer;
      } catch (error) {
        if (!(error instanceof Unreachable) || signal?.aborted) throw error;
        this.#tell(error.message);
        await this.#pause(error.retryAfterMs, signal);
      }
    }
  }

  /** @param {string | null} trouble */
  #tell(trouble) {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.onChange();
  }

  // Anything between nothing and the whole delay: browsers that lost the coordinator together must not come back together.
  #pause(retryAfterMs, signal) {
    const delay = Math.max(retryAfterMs, Math.random() * this.#delay);
    this.#delay = Math.min(2 * this.#delay, DELAY_MAX_MS);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delay);
      signal?.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
    });
  }
}
