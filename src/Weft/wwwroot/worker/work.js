// The worker's loop: it holds as many tasks as its pace wants, and settles what is done together with the next claim.
// It is driven by answers and by what the compute workers say, never by timers, which browsers slow down.

import { Refused, Unreachable } from './coordinator.js';
import { HeldTask } from './held-task.js';
import { BATCHED_CHARS_MAX, Outbox } from './outbox.js';
import { itemsOf, membersOf } from './raw-json.js';
import { Signal } from './signal.js';

// Short, so that a browser that vanishes delays its tasks by little; heartbeats make it as long as it takes.
const LEASE_SECONDS = 30;
const HEARTBEAT_MS = 10_000;
const WAIT_SECONDS = 20;
// Outcomes that come within this time travel together.
const SETTLE_INTERVAL_MS = 25;
const RELEASE_DELAY_SECONDS = 5;
const ERROR_CHARS_MAX = 4_096;
const UNTAKEN_RESULTS = new Set([400, 413]);

/**
 * @typedef {{workerId: string, queues: string[], capabilities: string[]}} Identity
 * @typedef {object} Parts
 * @property {import('./coordinator.js').Coordinator} coordinator
 * @property {import('./patience.js').Patience} patience
 * @property {import('./pace.js').Pace} pace
 * @property {import('./crew.js').Crew} crew
 * @property {import('./module-library.js').ModuleLibrary} library
 * @property {import('./tally.js').Tally} tally
 * @typedef {import('./outbox.js').Item} Item
 */

export class Work {
  /** Claimed and not settled, by their ids. @type {Map<number, HeldTask>} */
  held = new Map();
  #outbox = new Outbox();
  #changed = new Signal();
  /** A claim that the coordinator holds. @type {AbortController | null} */
  #claiming = null;
  #settledAt = -Infinity;
  #takes = true;
  #identity;
  #parts;
  #onHeld;

  /** @param {Identity} identity @param {Parts} parts @param {() => void} onHeld Called when other tasks are held than before. */
  constructor(identity, parts, onHeld) {
    this.#identity = identity;
    this.#parts = parts;
    this.#onHeld = onHeld;
  }

  /** Claims, computes and settles; ends only by an exception: {@link Refused}, or a bug. */
  async run() {
    while (true) {
      if (!this.#outbox.isEmpty || this.#overdueBeats().length > 0) await this.#settle();
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
    this.#parts.crew.dropWaiting();
    const running = new Set(this.#parts.crew.running.map(({ task }) => task));
    for (const task of this.held.values()) {
      if (running.has(task) || this.#outbox.has(task)) continue;
      task.dropped = true;
      this.#put({ task, action: 'release', more: '' });
    }
  }

  /** Gives back what runs, too. */
  releaseAll() {
    this.releaseWaiting();
    for (const { task } of this.#parts.crew.running) {
      this.#parts.crew.drop(task);
      this.#put({ task, action: 'release', more: '' });
    }
  }

  /** A compute worker has ended a task. @param {HeldTask} task @param {import('./compute.js').ComputeOutcome} outcome */
  finish(task, outcome) {
    this.#parts.pace.noteTask(outcome.milliseconds);
    if (outcome.error === undefined) this.#put({ task, action: 'complete', more: `,"result":${outcome.result}` });
    else this.#fail(task, outcome.error);
  }

  /** @param {HeldTask} task @param {string} error */
  #fail(task, error) {
    this.#put({ task, action: 'fail', more: `,"error":${JSON.stringify(error.slice(0, ERROR_CHARS_MAX))}`, error });
  }

  /** @param {Item} item */
  #put(item) {
    if (this.held.get(item.task.id) !== item.task || this.#outbox.has(item.task)) return;
    this.#outbox.put(item);
    this.#changed.fire();
  }

  #wanted() {
    return this.#parts.pace.held(this.#parts.crew.size) - (this.held.size - this.#outbox.size);
  }

  /** @param {number} waitSeconds */
  #claimBody(waitSeconds) {
    return JSON.stringify({
      ...this.#identity, max: Math.max(1, this.#wanted()), wait: waitSeconds, leaseSeconds: LEASE_SECONDS, modulesOnly: true,
    });
  }

  // Held until there is work, and not waited for: outcomes must be able to overtake it.
  #claim() {
    const { signal } = this.#claiming = new AbortController();
    const ask = () => this.#parts.coordinator.post('tasks/claim', this.#claimBody(WAIT_SECONDS), { waitMs: WAIT_SECONDS * 1_000, signal });
    this.#parts.patience.until(ask, signal)
      .then((json) => this.#take(membersOf(json).tasks))
      .catch((error) => { if (!(error instanceof Unreachable)) this.#changed.fail(error); })
      .finally(() => {
        this.#claiming = null;
        this.#changed.fire();
      });
  }

  async #settle() {
    await this.#linger();
    const items = this.#outbox.next();
    const all = [...items, ...this.#beats(this.#outbox.spaceBeside(items))];
    if (all.length === 0) return;
    try {
      await this.#parts.patience.until(() => this.#post(all));
    } catch (error) {
      if (!(error instanceof Refused) || error.isForGood) throw error;
      if (all.length === 1) this.#note(all[0], { status: error.status, detail: error.message });
      else this.#outbox.putBackOneByOne(items);
    }
    this.#onHeld();
  }

  /** @param {Item[]} items */
  async #post(items) {
    if (items[0].more.length > BATCHED_CHARS_MAX) return await this.#postAlone(items[0]);
    const claims = this.#takes && this.#claiming === null && this.#wanted() > 0;
    const texts = items.map(({ task, action, more }) => task.settled(action, more));
    const body = `{"workerId":${JSON.stringify(this.#identity.workerId)},"items":[${texts.join(',')}]${claims ? `,"claim":${this.#claimBody(0)}` : ''}}`;
    const asked = this.#settledAt = performance.now();
    const answer = membersOf(await this.#parts.coordinator.post('tasks/settle', body));
    this.#parts.pace.noteRoundTrip(performance.now() - asked);
    JSON.parse(answer.outcomes).forEach((outcome, i) => this.#note(items[i], outcome));
    if (answer.tasks !== undefined) this.#take(answer.tasks);
  }

  /** @param {Item} item */
  async #postAlone(item) {
    await this.#parts.coordinator.post(`tasks/${item.task.id}/complete`,
      `{"leaseToken":${item.task.token},"workerId":${JSON.stringify(this.#identity.workerId)}${item.more}}`);
    this.#note(item, { status: 200 });
  }

  /** @param {Item} item @param {{status: number, detail?: string}} outcome */
  #note({ task, action, error }, outcome) {
    const isTaken = outcome.status === 200;
    if (action === 'heartbeat' && (isTaken || this.#outbox.has(task))) return;
    this.#outbox.forget(task);
    if (action === 'complete' && UNTAKEN_RESULTS.has(outcome.status)) return this.#fail(task, `Its result was refused: ${outcome.detail}`);

    if (this.held.get(task.id) === task) this.held.delete(task.id);
    if (action === 'heartbeat') this.#parts.crew.drop(task);
    if (!isTaken) this.#parts.tally.addDropped(task, outcome.detail);
    else if (action === 'complete') this.#parts.tally.addCompleted();
    else if (action === 'fail') this.#parts.tally.addFailed(task, error);
  }

  /** @param {number} max @returns {Item[]} */
  #beats(max) {
    const now = performance.now();
    return this.#overdueBeats().slice(0, max).map((task) => {
      task.beatAt = now;
      const progress = task.progress === undefined ? '' : `,"progress":${task.progress}`;
      return { task, action: 'heartbeat', more: `,"leaseSeconds":${LEASE_SECONDS}${progress}` };
    });
  }

  #overdueBeats() {
    const due = performance.now() - HEARTBEAT_MS;
    return [...this.held.values()].filter((task) => task.beatAt < due && !this.#outbox.has(task));
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
      this.#prepare(task);
    }
    this.#onHeld();
  }

  /** @param {HeldTask} task */
  async #prepare(task) {
    try {
      task.module = await this.#parts.library.get(task.hash, task.memoryMb);
      if (this.held.get(task.id) !== task || task.dropped) return;
      this.#parts.crew.add(task);
      this.#parts.crew.fill();
    } catch (error) {
      if (error instanceof Unreachable) this.#put({ task, action: 'release', more: `,"delaySeconds":${RELEASE_DELAY_SECONDS}` });
      else this.#fail(task, error.message);
    }
  }
}
