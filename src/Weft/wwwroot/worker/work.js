// The worker's loop: it holds as many tasks as its pace wants, and settles what is done together with the next claim.
// It is driven by answers and by what the compute workers say, never by timers, which browsers slow down.

import { Unreachable, Refused } from './coordinator.js';
import { HeldTask } from './held-task.js';
import { itemsOf, membersOf } from './raw-json.js';
import { Signal } from './signal.js';

// Short, so that a browser that vanishes delays its tasks by little; heartbeats make it as long as it takes.
const LEASE_SECONDS = 30;
const HEARTBEAT_MS = 10_000;
const WAIT_SECONDS = 20;
// Answers that come within this time travel together.
const SETTLE_INTERVAL_MS = 25;
const SETTLE_ITEMS_MAX = 1_000;
const SETTLE_CHARS_MAX = 4 << 20;
// A larger result travels alone: within a batch the coordinator takes 1 MiB an item. A character has at most three bytes.
const BATCHED_RESULT_CHARS_MAX = Math.floor((1 << 20) / 3) - 1_000;
const RELEASE_DELAY_SECONDS = 5;
const ERROR_CHARS_MAX = 4_096;

/**
 * @typedef {{workerId: string, queues: string[], capabilities: string[]}} Identity
 * @typedef {{task: HeldTask, action: 'complete' | 'fail' | 'release' | 'heartbeat', more: string, error?: string}} Item
 */

export class Work {
  /** @type {Map<number, HeldTask>} */ held = new Map();
  /** @type {Item[]} */ #outbox = [];
  /** The tasks that are in the outbox. */ #done = new Set();
  #changed = new Signal();
  /** @type {AbortController | null} A claim that is held. */ #claiming = null;
  #settledAt = -Infinity;
  #oneByOne = 0;
  #takes = true;

  /**
   * @param {Identity} identity
   * @param {{coordinator: import('./coordinator.js').Coordinator, patience: import('./patience.js').Patience, pace: import('./pace.js').Pace,
   *   crew: import('./crew.js').Crew, library: import('./module-library.js').ModuleLibrary, tally: import('./tally.js').Tally}} parts
   * @param {() => void} onHeld Called when other tasks are held than before.
   */
  constructor(identity, parts, onHeld) {
    this.identity = identity;
    Object.assign(this, parts);
    this.onHeld = onHeld;
  }

  /** Claims, computes and settles; ends only by an exception: {@link Refused}, or a bug. */
  async run() {
    while (true) {
      if (this.#outbox.length > 0 || this.#overdueBeats().length > 0) await this.#settle();
      else if (this.#takes && this.#claiming === null && this.#wanted() > 0) this.#claim();
      else await this.#changed.next();
    }
  }

  /** To be called now and then: heartbeats are due when nothing else happens. */
  tick() {
    if (this.#overdueBeats().length > 0) this.#changed.fire();
  }

  /** Whether new tasks are claimed. */
  set takes(takes) {
    this.#takes = takes;
    if (takes) this.#changed.fire();
    else this.#claiming?.abort();
  }

  /** Gives back what hasn't begun. */
  releaseWaiting() {
    this.crew.dropWaiting();
    const running = new Set(this.crew.running.map(({ task }) => task));
    for (const task of this.held.values()) {
      if (running.has(task) || this.#done.has(task)) continue;
      task.dropped = true;
      this.#put({ task, action: 'release', more: '' });
    }
  }

  /** Gives back what runs, too. */
  releaseAll() {
    this.releaseWaiting();
    for (const { task } of this.crew.running) {
      this.crew.drop(task);
      if (!this.#done.has(task)) this.#put({ task, action: 'release', more: '' });
    }
  }

  /** A compute worker has ended a task. @param {HeldTask} task @param {import('./compute.js').ComputeOutcome} outcome */
  finish(task, outcome) {
    this.pace.noteTask(outcome.milliseconds);
    if (outcome.error === undefined) this.#put({ task, action: 'complete', more: `,"result":${outcome.result}` });
    else this.#fail(task, outcome.error);
  }

  #fail(task, error) {
    this.#put({ task, action: 'fail', more: `,"error":${JSON.stringify(error.slice(0, ERROR_CHARS_MAX))}`, error });
  }

  #put(item) {
    if (this.held.get(item.task.id) !== item.task) return;
    this.#outbox.push(item);
    this.#done.add(item.task);
    this.#changed.fire();
  }

  #wanted() {
    return this.pace.held(this.crew.size) - (this.held.size - this.#done.size);
  }

  #claimBody(waitSeconds) {
    return JSON.stringify({
      ...this.identity, max: Math.max(1, this.#wanted()), wait: waitSeconds, leaseSeconds: LEASE_SECONDS, modulesOnly: true,
    });
  }

  // Held until there is work, and not waited for: results must be able to overtake it.
  #claim() {
    const claiming = this.#claiming = new AbortController();
    const ask = () => this.coordinator.post('tasks/claim', this.#claimBody(WAIT_SECONDS), { waitMs: WAIT_SECONDS * 1_000, signal: claiming.signal });
    this.patience.until(ask, claiming.signal)
      .then((json) => this.#take(membersOf(json).tasks))
      .catch((error) => { if (!(error instanceof Unreachable)) this.#changed.fail(error); })
      .finally(() => {
        this.#claiming = null;
        this.#changed.fire();
      });
  }

  async #settle() {
    await this.#linger();
    const items = this.#nextItems();
    if (items.length === 0) return;
    const claims = this.#takes && this.#claiming === null && this.#wanted() > 0;
    try {
      await this.patience.until(() => this.#post(items, claims));
      this.#oneByOne = Math.max(0, this.#oneByOne - items.length);
    } catch (error) {
      if (!(error instanceof Refused) || error.isForGood) throw error;
      this.#recover(items, error);
    }
    this.onHeld();
  }

  async #post(items, claims) {
    const [first] = items;
    if (items.length === 1 && first.action === 'complete' && first.more.length > BATCHED_RESULT_CHARS_MAX) return await this.#postAlone(first);
    const texts = items.map(({ task, action, more }) => task.settled(action, more));
    const body = `{"workerId":${JSON.stringify(this.identity.workerId)},"items":[${texts.join(',')}]${claims ? `,"claim":${this.#claimBody(0)}` : ''}}`;
    const asked = this.#settledAt = performance.now();
    const answer = membersOf(await this.coordinator.post('tasks/settle', body));
    this.pace.noteRoundTrip(performance.now() - asked);
    JSON.parse(answer.outcomes).forEach((outcome, i) => this.#note(items[i], outcome));
    if (answer.tasks !== undefined) this.#take(answer.tasks);
  }

  async #postAlone(item) {
    await this.coordinator.post(`tasks/${item.task.id}/complete`,
      `{"leaseToken":${item.task.token},"workerId":${JSON.stringify(this.identity.workerId)}${item.more}}`);
    this.#note(item, { status: 200 });
  }

  #note({ task, action, error }, outcome) {
    const isTaken = outcome.status === 200;
    if (action === 'heartbeat') {
      if (!isTaken && this.held.get(task.id) === task && !this.#done.has(task)) this.#lose(task, outcome);
      return;
    }

    this.#forget(task);
    if (!isTaken && action === 'complete' && (outcome.status === 400 || outcome.status === 413)) {
      this.held.set(task.id, task);
      this.#fail(task, `Its result was refused: ${outcome.detail}`);
    } else if (!isTaken) this.tally.addDropped(task, outcome.detail);
    else if (action === 'complete') this.tally.addCompleted();
    else if (action === 'fail') this.tally.addFailed(task, error);
  }

  #lose(task, outcome) {
    this.#forget(task);
    this.crew.drop(task);
    this.tally.addDropped(task, outcome.detail);
  }

  #forget(task) {
    this.#done.delete(task);
    if (this.held.get(task.id) === task) this.held.delete(task.id);
  }

  // One that can't be read spoils a whole request: they are sent one by one, until the one is found.
  #recover(items, refused) {
    if (items.length > 1) {
      this.#outbox.unshift(...items.filter(({ action }) => action !== 'heartbeat'));
      this.#oneByOne = items.length;
      return;
    }

    this.#note(items[0], { status: refused.status, detail: refused.message });
  }

  #nextItems() {
    const max = this.#oneByOne > 0 ? 1 : SETTLE_ITEMS_MAX;
    const items = [];
    let chars = 0;
    while (this.#outbox.length > 0 && items.length < max) {
      const length = this.#outbox[0].more.length;
      if (items.length > 0 && (chars + length > SETTLE_CHARS_MAX || length > BATCHED_RESULT_CHARS_MAX)) break;
      chars += length;
      items.push(this.#outbox.shift());
      if (length > BATCHED_RESULT_CHARS_MAX) break;
    }
    if (chars > BATCHED_RESULT_CHARS_MAX || this.#oneByOne > 0) return items;

    const now = performance.now();
    for (const task of this.#overdueBeats().slice(0, max - items.length)) {
      task.beatAt = now;
      const progress = task.progress === undefined ? '' : `,"progress":${task.progress}`;
      items.push({ task, action: 'heartbeat', more: `,"leaseSeconds":${LEASE_SECONDS}${progress}` });
    }
    return items;
  }

  #overdueBeats() {
    const due = performance.now() - HEARTBEAT_MS;
    return [...this.held.values()].filter((task) => task.beatAt < due && !this.#done.has(task));
  }

  #linger() {
    const left = this.#settledAt + SETTLE_INTERVAL_MS - performance.now();
    return left <= 0 ? undefined : new Promise((resolve) => { setTimeout(resolve, left); });
  }

  /** @param {string} json Tasks that were claimed. */
  #take(json) {
    const now = performance.now();
    for (const text of itemsOf(json)) {
      const task = new HeldTask(text, now);
      this.held.set(task.id, task);
      if (task.hash === null) this.#put({ task, action: 'release', more: `,"delaySeconds":${RELEASE_DELAY_SECONDS}` });
      else this.#prepare(task);
    }
    this.onHeld();
  }

  async #prepare(task) {
    try {
      task.module = await this.library.get(task.hash, task.memoryMb);
      if (this.held.get(task.id) !== task || task.dropped) return;
      this.crew.add(task);
      this.crew.fill();
    } catch (error) {
      if (error instanceof Unreachable) this.#put({ task, action: 'release', more: `,"delaySeconds":${RELEASE_DELAY_SECONDS}` });
      else this.#fail(task, error.message);
    }
  }
}
