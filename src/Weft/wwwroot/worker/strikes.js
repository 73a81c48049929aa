// Which modules have crashed their process here, and what follows from that.

// How long its tasks are not started here after the second crash; each further crash doubles it.
const PAUSE_MS = 60_000;
const PAUSE_MAX_MS = 3_600_000;
const MODULES_MAX = 1_000;
// How long a task that this tab doesn't run is released for, so that another worker can claim it first.
const DELAY_SECONDS_MAX = 60;

export class Strikes {
  /** By hash, the latest crash last. @type {Map<string, {ends: number, until: number}>} */ #modules =
    new Map();

  /** Records a crash that only it can have caused. @param {string} hash */
  note(hash) {
    const ends = (this.#modules.get(hash)?.ends ?? 0) + 1;
    const pauseMs = ends < 2 ? 0 : Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** (ends - 2));
    this.#modules.delete(hash);
    this.#modules.set(hash, { ends, until: performance.now() + pauseMs });
    const [oldest] = this.#modules.keys();
    if (this.#modules.size > MODULES_MAX) this.#modules.delete(oldest);
  }

  /** Whether its tasks run alone here, as long as this tab lives. @param {string} hash */
  has(hash) {
    return this.#modules.has(hash);
  }

  /**
   * Releases instead of failing: another computer may have enough memory, and an attempt isn't used up.
   * @param {import('./held-task.js').HeldTask} task
   * @returns {import('./compute.js').ComputeOutcome | null} Its outcome here; null: it may run.
   */
  refusalOf({ id, hash }) {
    const pauseMs = (this.#modules.get(hash)?.until ?? 0) - performance.now();
    if (pauseMs <= 0) return null;
    const error = 'Its module has crashed its process here before: others may run it.';
    const delaySeconds = Math.min(DELAY_SECONDS_MAX, Math.ceil(pauseMs / 1_000));
    return { id, milliseconds: 0, error, isOurs: true, delaySeconds };
  }
}
