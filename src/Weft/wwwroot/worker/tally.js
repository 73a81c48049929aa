// Statistics of the work: counts since the start, the rate of the last seconds, the last errors.

const RATE_SECONDS = 10;
const ERRORS_MAX = 20;

export class Tally {
  completed = 0;
  failed = 0;
  /** Whether others check answers. */
  isChecked = false;
  /** What the tasks have computed, on all cores together. */
  milliseconds = 0;
  /** The last first. @type {{taskId: number, kind: 'failed' | 'dropped' | 'released', text: string, at: number}[]} */
  errors = [];
  /** Tasks done in each of the last seconds: [second, count]. @type {[number, number][]} */
  #seconds = [];

  /** @param {number} milliseconds */
  addTime(milliseconds) {
    this.milliseconds += milliseconds;
  }

  addCompleted() {
    this.completed++;
    this.#count();
  }

  /** @param {import('./held-task.js').HeldTask} task @param {string} text */
  addFailed(task, text) {
    this.failed++;
    this.#count();
    this.#keep(task, 'failed', text);
  }

  /**
   * A task that is somebody else's by now, or nobody's.
   * @param {import('./held-task.js').HeldTask} task
   * @param {string} text
   */
  addDropped(task, text) {
    this.#keep(task, 'dropped', text);
  }

  /** A task that this worker could not run now. @param {import('./held-task.js').HeldTask} task @param {string} text */
  addGivenBack(task, text) {
    this.#keep(task, 'released', text);
  }

  /** Tasks a second, over the last full seconds. */
  get rate() {
    const now = Math.floor(performance.now() / 1_000);
    const full = this.#seconds.filter(([second]) => second < now && second >= now - RATE_SECONDS);
    if (full.length === 0) return 0;
    return full.reduce((sum, [, count]) => sum + count, 0) / (now - full[0][0]);
  }

  #count() {
    const second = Math.floor(performance.now() / 1_000);
    const last = this.#seconds.at(-1);
    if (last !== undefined && last[0] === second) last[1]++;
    else this.#seconds.push([second, 1]);
    if (this.#seconds.length > RATE_SECONDS + 1) this.#seconds.shift();
  }

  #keep(task, kind, text) {
    this.errors.unshift({ taskId: task.id, kind, text, at: Date.now() });
    this.errors.length = Math.min(this.errors.length, ERRORS_MAX);
  }
}
