// Reports that are still to be sent to the coordinator, and how they are batched.

const ITEMS_MAX = 1_000;
const CHARS_MAX = 4 << 20;
// A larger result travels alone: within a batch the coordinator takes 1 MiB an item. A character has at most three
// bytes.
const BATCHED_CHARS_MAX = Math.floor((1 << 20) / 3) - 1_000;

/**
 * @typedef {import('./held-task.js').HeldTask} HeldTask
 * @typedef {object} Item What became of a task.
 * @property {HeldTask} task
 * @property {'complete' | 'fail' | 'release' | 'heartbeat'} action
 * @property {string} more Further members, as JSON with a comma in front.
 * @property {string} [error] For the page.
 */

export class Outbox {
  /** @type {Item[]} */ #items = [];
  /** Each travels alone, beside the others. @type {Item[]} */ #large = [];
  /** What the coordinator has not answered to yet. @type {Map<HeldTask, Item>} */ #untold = new Map();
  #oneByOne = 0;
  /** How long all is together that is untold. */
  chars = 0;

  get isEmpty() { return this.#items.length === 0; }

  /** How many tasks are ended, but not settled. */
  get size() { return this.#untold.size; }

  /** @param {HeldTask} task */
  has(task) { return this.#untold.has(task); }

  /** Whether it may take long until the coordinator hears of it. @param {HeldTask} task */
  isLarge(task) { return isLarge(this.#untold.get(task)); }

  /** @param {Item} item */
  put(item) {
    (isLarge(item) ? this.#large : this.#items).push(item);
    this.#untold.set(item.task, item);
    this.chars += item.more.length;
  }

  /** The coordinator has answered. @param {HeldTask} task */
  forget(task) {
    this.chars -= this.#untold.get(task)?.more.length ?? 0;
    this.#untold.delete(task);
  }

  /** Takes a large result. @returns {Item | undefined} */
  nextLarge() {
    return this.#large.shift();
  }

  /** Takes what fits into the next request. @returns {Item[]} */
  next() {
    const max = this.#oneByOne > 0 ? 1 : ITEMS_MAX;
    let count = 0;
    for (let chars = 0; count < Math.min(max, this.#items.length); count++) {
      chars += this.#items[count].more.length;
      if (count > 0 && chars > CHARS_MAX) break;
    }

    this.#oneByOne = Math.max(0, this.#oneByOne - count);
    return this.#items.splice(0, count);
  }

  /** How many items of other kinds may travel with these. @param {Item[]} items */
  spaceBeside(items) {
    return this.#oneByOne > 0 ? 0 : ITEMS_MAX - items.length;
  }

  /**
   * One that can't be read spoils a whole request: they are taken one by one, until the one is found.
   * @param {Item[]} items
   */
  putBackOneByOne(items) {
    this.#items.unshift(...items);
    this.#oneByOne = items.length;
  }
}

/** @param {Item | undefined} item */
function isLarge(item) {
  return item !== undefined && item.more.length > BATCHED_CHARS_MAX;
}
