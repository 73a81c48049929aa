// The worker's loop: it holds as many tasks as its pace allows, and settles finished ones together with the next claim.
// It is driven by responses and by messages of the compute workers, never by timers, which browsers slow down.

import { oneLine, Refused, Unreachable } from './answers.js';
import { deliver } from './delivery.js';
import { HeldTask } from './held-task.js';
import { withPackages } from './module-library.js';
import { Outbox } from './outbox.js';
import { itemsOf } from './raw-json.js';
import { digestOfBlob } from './sha256.js';
import { Signal } from './signal.js';
import { ModuleRefused } from './wasm-binary.js';

const WAIT_SECONDS = 20;
// Outcomes within this time are sent together, as long as there are more tasks than cores.
const SETTLE_INTERVAL_MS = 25;
const RELEASE_DELAY_SECONDS = 5;
const ERROR_CHARS_MAX = 4_096;
const ERROR_HEAD_CHARS = 200;
const UNTAKEN_RESULTS = new Set([400, 413, 422]);
// Results waiting to be delivered: above this, no task is started that would add to them.
const UNTOLD_CHARS_MAX = 32 << 20;
// Payloads and results together: above this, nothing is claimed.
const HELD_CHARS_MAX = 64 << 20;
const UNTOLD = 'The task failed, and its error text was rejected.';

/**
 * @typedef {{workerId: string, queues: string[], capabilities: string[], workerKey?: string}} Identity
 * @typedef {object} Parts
 * @property {import('./coordinator.js').Coordinator} coordinator
 * @property {import('./backoff.js').Backoff} backoff
 * @property {import('./pace.js').Pace} pace
 * @property {import('./worker-pool.js').WorkerPool} pool
 * @property {import('./module-library.js').ModuleLibrary} library
 * @property {import('./blob-library.js').BlobLibrary} blobs
 * @property {import('./tally.js').Tally} tally
 * @typedef {import('./outbox.js').Item} Item
 */

export class Work {
  /** Claimed and not settled, by their ids. @type {Map<number, HeldTask>} */
  held = new Map();
  /** Of its queues, by the last claim that waited for nothing. @type {{paused: string[], unknown: string[]}} */
  idle = { paused: [], unknown: [] };
  #outbox = new Outbox();
  #changed = new Signal();
  #isDelivering = false;
  /** Whose files are being pushed. @type {Set<HeldTask>} */
  #pushing = new Set();
  /** A claim that the coordinator holds. @type {AbortController | null} */
  #claiming = null;
  #settledAt = -Infinity;
  #takes = true;
  #identity;
  #parts;
  #onHeld;
  #onKey;
  /** Whether it has a key, or there is none to be had. */
  #hasAsked;

  /**
   * @param {Identity} identity @param {Parts} parts @param {() => void} onHeld Called when other tasks are held than
   *   before. @param {(key: string) => void} onKey Called with a new key.
   */
  constructor(identity, parts, onHeld, onKey = () => {}) {
    this.#identity = identity;
    this.#parts = parts;
    this.#onHeld = onHeld;
    this.#onKey = onKey;
    this.#hasAsked = identity.workerKey !== undefined;
  }

  /** Claims, computes and settles; ends only by an exception: {@link Refused}, or a bug. */
  async run() {
    while (true) {
      this.#deliver();
      if (!this.#outbox.isEmpty || this.#overdueBeats().length > 0) await this.#settle();
      else if (this.#takes && this.#claiming === null && this.#wanted() > 0) {
        if (this.#hasAsked) this.#claim();
        else await this.#register();
      } else await this.#changed.next();
    }
  }

  /** To be called now and then: heartbeats are due, or there is room for more, when nothing else happens. */
  tick() {
    this.#changed.fire();
  }

  /** Whether new tasks are claimed. */
  set takes(takes) {
    this.#takes = takes;
    if (takes) this.#changed.fire();
    else this.#claiming?.abort();
  }

  /** Gives back one that hasn't begun. @param {HeldTask} task */
  release(task) {
    task.dropped = true;
    this.#put({ task, action: 'release', more: '' });
  }

  /** Gives back what hasn't begun. */
  releaseWaiting() {
    this.#parts.pool.dropWaiting();
    const running = new Set(this.#parts.pool.running.map(({ task }) => task));
    for (const task of this.held.values()) {
      if (running.has(task) || this.#outbox.has(task) || this.#pushing.has(task)) continue;
      this.release(task);
    }
  }

  /** Gives back what runs, too. */
  releaseAll() {
    this.releaseWaiting();
    for (const { task } of this.#parts.pool.running) {
      this.#parts.pool.drop(task);
      this.#put({ task, action: 'release', more: '' });
    }
  }

  /**
   * A compute worker has ended a task.
   * @param {HeldTask} task
   * @param {import('./compute.js').ComputeOutcome} outcome
   */
  finish(task, outcome) {
    if (outcome.isOurs) return this.#giveBack(task, outcome.error, outcome.delaySeconds);
    this.#parts.pace.noteTask(outcome.milliseconds);
    this.#parts.tally.addTime(outcome.milliseconds);
    task.runMs = outcome.milliseconds;
    if (outcome.error === undefined && outcome.outputs?.length > 0) this.#push(task, outcome);
    else if (outcome.error === undefined) this.#complete(task, `,"result":${outcome.result}`);
    else this.#fail(task, outcome.error, outcome.isFinal);
  }

  // The files that it has written, before its result names them.
  /** @param {HeldTask} task @param {import('./compute.js').ComputeOutcome} outcome */
  async #push(task, { result, outputs }) {
    const bytes = outputs.reduce((sum, { blob }) => sum + blob.size, 0);
    if (bytes > task.outMb * 2 ** 20)
      return this.#fail(task, `The task wrote ${bytes} bytes below out, and asked for ${task.outMb} MB (outMb).`);
    this.#pushing.add(task);
    try {
      const named = [];
      for (const { path, blob } of outputs) {
        const hash = await digestOfBlob(blob);
        for (let at = 0; at >= 0;) {
          if (this.held.get(task.id) !== task || task.dropped) return;
          at = await this.#parts.backoff.until(() => this.#parts.coordinator.pushOutput(task, hash, blob, at));
        }
        named.push({ path, blob: hash, size: blob.size });
      }
      this.#complete(task, `,"result":${result},"outputs":${JSON.stringify(named)}`);
    } catch (error) {
      if (error instanceof Refused && !error.isForGood)
        this.#fail(task, `The task’s files were rejected: ${error.message}`);
      else this.#changed.fail(error);
    } finally {
      this.#pushing.delete(task);
    }
  }

  /** @param {HeldTask} task @param {string} more */
  #complete(task, more) {
    this.#put({ task, action: 'complete', more: more + ranFor(task) });
  }

  /** @param {HeldTask} task @param {string} error @param {boolean} [isFinal] No further attempt can mend it. */
  #fail(task, error, isFinal = false) {
    this.#put({ task, action: 'fail',
      more: `,"error":${JSON.stringify(shortened(error))}${isFinal ? ',"retry":false' : ''}${ranFor(task)}`, error });
  }

  /** @param {Item} item */
  #put(item) {
    if (this.held.get(item.task.id) !== item.task || this.#outbox.has(item.task)) return;
    this.#outbox.put(item);
    this.#holdUp();
    this.#changed.fire();
  }

  #holdUp() {
    this.#parts.pool.isHeldUp = this.#outbox.chars > UNTOLD_CHARS_MAX;
  }

  #wanted() {
    let chars = this.#outbox.chars;
    for (const { payload } of this.held.values()) chars += payload?.length ?? 0;
    return chars > HELD_CHARS_MAX || this.#parts.pool.isBusy ? 0
      : this.#parts.pace.held(this.#parts.pool.size) - (this.held.size - this.#outbox.size);
  }

  /** @param {number} waitSeconds */
  #claimBody(waitSeconds) {
    return JSON.stringify({
      ...this.#identity, max: Math.max(1, this.#wanted()), wait: waitSeconds, modulesOnly: true,
    });
  }

  // Held until there is work, and not waited for: outcomes must be able to overtake it.
  #claim() {
    const { signal } = this.#claiming = new AbortController();
    const ask = () => this.#parts.coordinator.post('tasks/claim', this.#claimBody(WAIT_SECONDS),
      { expects: 'tasks', waitMs: WAIT_SECONDS * 1_000, signal });
    this.#parts.backoff.until(ask, signal)
      .then(({ tasks, paused = '[]', unknown = '[]' }) => {
        this.idle = { paused: JSON.parse(paused), unknown: JSON.parse(unknown) };
        this.#take(tasks);
      })
      .catch((error) => {
        if (!(error instanceof Unreachable) && !this.#forgetsKey(error)) this.#changed.fail(error);
      })
      .finally(() => {
        this.#claiming = null;
        this.#changed.fire();
      });
  }

  // Without a key there is work, too: all but tasks whose results are verified.
  async #register() {
    this.#hasAsked = true;
    try {
      const { workerKey } = await this.#parts.coordinator.post('workers', '{}', { expects: 'workerKey' });
      this.#onKey(this.#identity.workerKey = JSON.parse(workerKey));
    } catch {
      // An older coordinator, or one that has given this network enough.
    }
  }

  // The store may be another one by now.
  #forgetsKey(error) {
    if (error.code !== 'invalid_worker_key' || this.#identity.workerKey === undefined) return false;
    this.#identity.workerKey = undefined;
    this.#hasAsked = false;
    return true;
  }

  async #settle() {
    await this.#coalesce();
    const items = this.#outbox.next();
    const all = [...items, ...this.#beats(this.#outbox.spaceBeside(items))];
    if (all.length === 0) return;
    try {
      await this.#parts.backoff.until(() => this.#post(all));
    } catch (error) {
      if (this.#forgetsKey(error)) return;
      if (!(error instanceof Refused) || error.isForGood) throw error;
      if (all.length === 1) this.#note(all[0], { status: error.status, detail: error.message });
      else this.#outbox.putBackOneByOne(items);
    }
    this.#onHeld();
  }

  // Large results, one after another; heartbeats, claims and the other outcomes don't wait for them.
  async #deliver() {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let item = this.#outbox.nextLarge(); item !== undefined; item = this.#outbox.nextLarge())
        await this.#deliverOne(item);
    } catch (error) {
      this.#changed.fail(error);
    } finally {
      this.#isDelivering = false;
    }
  }

  /** @param {Item} item */
  async #deliverOne(item) {
    const outcome = await deliver(item, this.#identity.workerId, this.#parts);
    if (outcome.isStuck)
      this.#replace(item.task,
        `The result of ${item.more.length} characters could not be delivered: ${outcome.detail}`);
    else this.#note(item, outcome);
    this.#onHeld();
    this.#changed.fire();
  }

  // Fails a task whose result is given up.
  /** @param {HeldTask} task @param {string} error */
  #replace(task, error) {
    this.#outbox.forget(task);
    this.#fail(task, error);
  }

  /** @param {Item[]} items */
  async #post(items) {
    const claims = this.#takes && this.#claiming === null && this.#wanted() > 0;
    const texts = items.map(({ task, action, more }) => task.settled(action, more));
    const claim = claims ? `,"claim":${this.#claimBody(0)}` : '';
    const body =
      `{"workerId":${JSON.stringify(this.#identity.workerId)},"items":[${texts.join(',')}]${claim}}`;
    const asked = this.#settledAt = performance.now();
    const answer = await this.#parts.coordinator.post('tasks/settle', body, { expects: 'outcomes' });
    this.#parts.pace.noteRoundTrip(performance.now() - asked);
    JSON.parse(answer.outcomes).forEach((outcome, i) => this.#note(items[i], outcome));
    if (answer.tasks !== undefined) this.#take(answer.tasks);
  }

  /** @param {Item} item @param {{status: number, detail?: string}} outcome */
  #note({ task, action, error }, outcome) {
    const isTaken = outcome.status === 200;
    const detail = oneLine(outcome.detail ?? '');
    // One that was on its way when its task was settled says nothing.
    if (action === 'heartbeat' && (isTaken || this.#outbox.has(task) || this.held.get(task.id) !== task)) return;
    if (action === 'complete' && UNTAKEN_RESULTS.has(outcome.status))
      return this.#replace(task, `The result was rejected: ${detail}`);
    if (action === 'fail' && UNTAKEN_RESULTS.has(outcome.status) && error !== UNTOLD)
      return this.#replace(task, UNTOLD);
    this.#outbox.forget(task);
    this.#holdUp();

    if (this.held.get(task.id) === task) this.held.delete(task.id);
    if (action === 'heartbeat') this.#parts.pool.drop(task);
    if (!isTaken) this.#parts.tally.addDropped(task, detail);
    else if (action === 'complete') this.#parts.tally.addCompleted();
    else if (action === 'fail') this.#parts.tally.addFailed(task, error);
  }

  /** @param {number} max @returns {Item[]} */
  #beats(max) {
    const now = performance.now();
    return this.#overdueBeats().slice(0, max).map((task) => {
      task.beatAt = now;
      return { task, action: 'heartbeat', more: task.progress === undefined ? '' : `,"progress":${task.progress}` };
    });
  }

  #overdueBeats() {
    const now = performance.now();
    return [...this.held.values()].filter((task) =>
      task.beatAt + task.heartbeatMs < now && (!this.#outbox.has(task) || this.#outbox.isLarge(task)));
  }

  #coalesce() {
    // A lone task, whose submitter waits for it, must not wait for others.
    if (this.held.size - this.#outbox.size <= this.#parts.pool.size) return undefined;
    const left = this.#settledAt + SETTLE_INTERVAL_MS - performance.now();
    return left <= 0 ? undefined : new Promise((resolve) => { setTimeout(resolve, left); });
  }

  /** @param {string} json Tasks that were claimed. */
  #take(json) {
    const now = performance.now();
    // A claim that is cut off may have been answered, and what it got would wait for its lease's end: it is given back
    // instead.
    const { isBusy } = this.#parts.pool;
    for (const text of itemsOf(json)) {
      const task = new HeldTask(text, now);
      this.held.set(task.id, task);
      this.#parts.tally.isChecked ||= task.isVerified;
      if (isBusy) this.release(task);
      else if (task.unreadable === null) this.#prepare(task);
      else this.#fail(task, task.unreadable);
    }
    this.#onHeld();
  }

  /** @param {HeldTask} task */
  async #prepare(task) {
    try {
      const module = await this.#parts.library.get(task.hash, task, () => this.#moduleBytes());
      task.module = task.packages.length === 0 ? module
        : withPackages(module, task.packages, await this.#parts.blobs.find(task.packages));
      if (task.fileSet !== null) task.found = await this.#parts.blobs.find(task.files);
      if (this.held.get(task.id) !== task || task.dropped) return;
      this.#parts.pool.add(task);
      this.#parts.pool.fill();
    } catch (error) {
      // A worker that gets no module, or may no longer work here, says nothing about the task.
      if (error instanceof Unreachable || (error instanceof Refused && error.isForGood))
        this.#giveBack(task, error.message);
      else this.#fail(task, error.message, error instanceof ModuleRefused);
    }
  }

  #moduleBytes() {
    const modules =
      new Set([...this.held.values()].flatMap(({ module }) => module === undefined ? [] : [module.bytes]));
    return [...modules].reduce((sum, { length }) => sum + length, 0);
  }

  /** @param {HeldTask} task @param {string} why Of this worker's own troubles. @param {number} [delaySeconds] */
  #giveBack(task, why, delaySeconds = RELEASE_DELAY_SECONDS) {
    this.#put({ task, action: 'release', more: `,"delaySeconds":${delaySeconds}` });
    this.#parts.tally.addGivenBack(task, why);
  }
}

/** @param {HeldTask} task */
const ranFor = ({ runMs }) => runMs === undefined ? '' : `,"runMs":${runMs.toFixed(1)}`;

// What went wrong stands in the first line and in the last ones.
function shortened(error) {
  const text = error.length <= ERROR_CHARS_MAX ? error
    : `${error.slice(0, ERROR_HEAD_CHARS)} … ${error.slice(ERROR_HEAD_CHARS + 3 - ERROR_CHARS_MAX)}`;
  // Half of a pair, which a cut leaves, is no text to a strict reader.
  return text.toWellFormed?.() ?? text.replace(/\p{Surrogate}/gu, '\ufffd');
}
