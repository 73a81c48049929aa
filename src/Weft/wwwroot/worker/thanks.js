// The total work of this browser, over all its tabs and days. It is kept here and sent nowhere.

import { countText, durationText } from '../numbers.js';
import { recall, remember } from './settings.js';

const KEY = 'weft-worker-totals';
const KEEP_MS = 5_000;

export class Thanks {
  #told = { completed: 0, computeSeconds: 0 };
  #keptAt = -Infinity;

  /** For people; empty until something was done. */
  text = thanksText(read());

  /**
   * @param {{completed: number, computeSeconds: number}} totals Since this page was opened.
   * @param {boolean} [isLast] Whether they are kept at once.
   */
  note({ completed, computeSeconds }, isLast = false) {
    if (completed === this.#told.completed || (!isLast && performance.now() - this.#keptAt < KEEP_MS)) return;
    this.#keptAt = performance.now();
    // Read anew: other tabs add theirs.
    const all = read();
    all.tasks += completed - this.#told.completed;
    all.seconds += computeSeconds - this.#told.computeSeconds;
    this.#told = { completed, computeSeconds };
    remember(localStorage, KEY, JSON.stringify(all));
    this.text = thanksText(all);
  }
}

/** @returns {{tasks: number, seconds: number, since: number}} */
function read() {
  try {
    const { tasks, seconds, since } = JSON.parse(recall(localStorage, KEY) ?? '');
    if ([tasks, seconds, since].every(Number.isFinite)) return { tasks, seconds, since };
  } catch {
    // Not ours, or nothing yet.
  }
  return { tasks: 0, seconds: 0, since: Date.now() };
}

function thanksText({ tasks, seconds, since }) {
  return tasks === 0 ? '' : `Thank you! This browser has done ${countText(tasks, 'task')} in ` +
    `${durationText(seconds)} of computing since ${new Date(since).toLocaleDateString()}.`;
}
