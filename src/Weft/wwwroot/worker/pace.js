// How fast tasks finish, and thus how many to hold.

const WEIGHT = 0.05;
const TASK_MS_MIN = 0.02;
const HELD_MAX = 500;
// Work in hand while a request is under way: a few round trips of it, bounded, so that other browsers get their share.
const ROUND_TRIPS = 4;
const HELD_MS_MIN = 100;
const HELD_MS_MAX = 1_000;

export class Pace {
  /** Milliseconds of one task, averaged; undefined until the first has ended. @type {number | undefined} */
  #taskMs;
  #roundTripMs = 0;

  /** @param {number} milliseconds */
  noteTask(milliseconds) {
    this.#taskMs = this.#average(this.#taskMs, Math.max(milliseconds, TASK_MS_MIN));
  }

  /** @param {number} milliseconds */
  noteRoundTrip(milliseconds) {
    this.#roundTripMs = this.#average(this.#roundTripMs, milliseconds);
  }

  /** How many tasks one core does in a time: at least one, at most `max`. */
  tasksIn(milliseconds, max) {
    if (this.#taskMs === undefined) return 1;
    return Math.max(1, Math.min(max, Math.floor(milliseconds / this.#taskMs)));
  }

  /** How many tasks so many cores should hold. @param {number} cores */
  held(cores) {
    const milliseconds = Math.min(HELD_MS_MAX, Math.max(HELD_MS_MIN, ROUND_TRIPS * this.#roundTripMs));
    return Math.min(HELD_MAX, cores * this.tasksIn(milliseconds, HELD_MAX));
  }

  #average(average, value) {
    return average === undefined ? value : average + WEIGHT * (value - average);
  }
}
