// What to do while the coordinator doesn't answer: retry until it does. An unattended page must be back within seconds
// of its return, so the pauses stay short.

import { Unreachable } from './answers.js';

const DELAY_MIN_MS = 500;
// With a probe of 2.5 s behind it, less than 5 s.
const DELAY_MAX_MS = 2_400;

export class Backoff {
  #delay = DELAY_MIN_MS;
  #isThere;
  /** Those that wait to ask again. @type {Set<() => void>} */ #pauses = new Set();
  /** Why it is asked again; null while it answers. @type {string | null} */
  trouble = null;
  /** Whether nobody answers, or what isn't the coordinator; else it asks for time itself. */
  isAway = false;
  /** When it is asked again, by performance.now(). */
  nextAt = 0;

  /**
   * @param {() => Promise<boolean>} isThere A small question, so that large ones aren't sent to nobody.
   * @param {() => void} onChange Called when it goes away or comes back.
   */
  constructor(isThere, onChange) {
    this.#isThere = isThere;
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
        this.#tell(null, false);
        this.#delay = DELAY_MIN_MS;
        return answer;
      } catch (error) {
        if (!(error instanceof Unreachable) || signal?.aborted) throw error;
        this.#tell(error.message, error.isAway);
        await this.#pause(error.retryAfterMs, signal);
        while (error.isAway && !signal?.aborted && !await this.#isThere()) await this.#pause(0, signal);
      }
    }
  }

  /** Ends a pause now: the user wants it, or the network is back. */
  askNow() {
    this.#delay = DELAY_MIN_MS;
    for (const end of [...this.#pauses]) end();
  }

  /** @param {string | null} trouble @param {boolean} isAway */
  #tell(trouble, isAway) {
    if (trouble === this.trouble) return;
    this.trouble = trouble;
    this.isAway = isAway;
    this.onChange();
  }

  // Half fixed, half random: browsers that lost the coordinator together must not come back together.
  #pause(retryAfterMs, signal) {
    const delay = Math.max(retryAfterMs, (0.5 + Math.random() / 2) * this.#delay);
    this.#delay = Math.min(2 * this.#delay, DELAY_MAX_MS);
    this.nextAt = performance.now() + delay;
    return new Promise((resolve) => {
      const end =
        () => { clearTimeout(timer); this.#pauses.delete(end); signal?.removeEventListener('abort', end); resolve(); };
      const timer = setTimeout(end, delay);
      this.#pauses.add(end);
      signal?.addEventListener('abort', end);
      if (signal?.aborted) end();
    });
  }
}
