// What is yet to be told to the coordinator, and in which portions.

const ITEMS_MAX = 1_000;
const CHARS_MAX = 4 << 20;
// A larger result travels alone: within a batch the coordinator takes 1 MiB an item. A character has at most three bytes.
export const BATCHED_CHARS_MAX = Math.floor((1 << 20) / 3) - 1_000;

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
  /** @type {Set<HeldTask>} */ #tasks = new Set();
  #oneByOne = 0;

  get isEmpty() { return this.#items.length === 0; }

  /** How many tasks are ended, but not settled. */
  get size() { return this.#tasks.size; }

  /** @param {HeldTask} task */
  has(task) { return this.#tasks.has(task); }

  /** @param {Item} item */
  put(item) {
    this.#items.push(item);
    this.#tasks.add(item.task);
  }

  /** The coordinator has answered. @param {HeldTask} task */
  forget(task) {
    this.#tasks.delete(task);
  }

  /**
   * Takes what fits into the next request.
   * @returns {Item[]} A large result comes alone.
   */
  next() {
    const max = this.#oneByOne > 0 ? 1 : ITEMS_MAX;
    const items = [];
    let chars = 0;
    for (const item of this.#items) {
      const isLarge = item.more.length > BATCHED_CHARS_MAX;
      if (items.length === max || (items.length > 0 && (isLarge || chars + item.more.length > CHARS_MAX))) break;
      items.push(item);
      chars += item.more.length;
      if (isLarge) break;
    }

    this.#items.splice(0, items.length);
    this.#oneByOne = Math.max(0, this.#oneByOne - items.length);
    return items;
  }

  /** How many items of other kinds may travel with these. @param {Item[]} items */
  spaceBeside(items) {
    return this.#oneByOne > 0 || items.some(({ more }) => more.length > BATCHED_CHARS_MAX) ? 0 : ITEMS_MAX - items.length;
  }

  /** One that can't be read spoils a whole request: they are taken one by one, until the one is found. @param {Item[]} items */
  putBackOneByOne(items) {
    this.#items.unshift(...items);
    this.#oneByOne = items.length;
  }
}
