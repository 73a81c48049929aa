// The compute workers, one for each core that the person gives, and the tasks in their hands.

import { SandboxedWorker } from './sandboxed-worker.js';

// What one core is handed at once: enough that it needn't wait for the next message, little enough that the tasks behind
// one that never ends are few.
const AHEAD_MS = 40;
const AHEAD_MAX = 64;
const SLOW_MS = 5 * AHEAD_MS;

/**
 * @typedef {import('./held-task.js').HeldTask} HeldTask
 * @typedef {{worker: Worker | SandboxedWorker, known: Set<string>}} Machine A worker, and the modules it has.
 */

/** One core: at most one task runs, those behind it wait in the same worker. */
class Hand {
  /** @type {HeldTask[]} */ tasks = [];
  /** @type {Map<string, Machine>} */ machines = new Map();
  startedAt = 0;
}

export class Crew {
  /** @type {Hand[]} */ #hands = [];
  /** @type {HeldTask[]} */ #backlog = [];
  #size = 0;
  #pace;
  #onOutcome;

  /**
   * @param {import('./pace.js').Pace} pace
   * @param {(task: HeldTask, outcome: import('./compute.js').ComputeOutcome) => void} onOutcome
   */
  constructor(pace, onOutcome) {
    this.#pace = pace;
    this.#onOutcome = onOutcome;
  }

  get size() { return this.#size; }

  /** The tasks that run, one a core. */
  get running() {
    return this.#hands.filter(({ tasks }) => tasks.length > 0).map(({ tasks, startedAt }) => ({ task: tasks[0], startedAt }));
  }

  /** @param {number} size Cores, at least 1. One that is taken away ends its task first. */
  resize(size) {
    this.#size = size;
    while (this.#hands.length < size) this.#hands.push(new Hand());
    for (const hand of this.#hands.slice(size)) {
      this.#recall(hand);
      if (hand.tasks.length === 0) this.#dismiss(hand);
    }
    this.fill();
  }

  /** @param {HeldTask} task With its module. */
  add(task) {
    this.#backlog.push(task);
  }

  /** Hands out what waits, to all alike. */
  fill() {
    const ahead = this.#pace.tasksIn(AHEAD_MS, AHEAD_MAX);
    const share = Math.ceil(this.#backlog.length / this.#size);
    for (const hand of this.#hands.slice(0, this.#size)) {
      if (this.#backlog.length === 0) return;
      if (hand.tasks.length <= ahead / 2) this.#give(hand, Math.min(share, ahead - hand.tasks.length));
    }
  }

  /** Gives up one task. @param {HeldTask} task */
  drop(task) {
    task.dropped = true;
    this.#backlog = this.#backlog.filter((other) => other !== task);
    const hand = this.#hands.find(({ tasks }) => tasks[0] === task);
    if (hand !== undefined) this.#restart(hand);
  }

  /** Gives up what hasn't begun. */
  dropWaiting() {
    for (const hand of this.#hands) this.#recall(hand);
    for (const task of this.#backlog.splice(0)) task.dropped = true;
  }

  /** To be called now and then: ends tasks that have run for too long, and shares out what waits behind slow ones. */
  tick() {
    this.#endOverdue();
    if (this.#backlog.length > 0 || !this.#hands.some(({ tasks }) => tasks.length === 0)) return;
    const now = performance.now();
    for (const hand of this.#hands) if (hand.tasks.length > 1 && now - hand.startedAt > SLOW_MS) this.#recall(hand);
    this.fill();
  }

  #endOverdue() {
    for (const hand of this.#hands) {
      const [task] = hand.tasks;
      if (task === undefined || performance.now() - hand.startedAt <= task.timeoutSeconds * 1_000) continue;
      this.#end(hand, `It ran for longer than ${task.timeoutSeconds} s.`);
    }
  }

  /** @param {string} key A module that is no longer needed. */
  forget(key) {
    for (const { machines } of this.#hands) {
      for (const { worker, known } of machines.values()) if (known.delete(key)) worker.postMessage({ forget: key });
    }
  }

  #give(hand, count) {
    const kind = hand.tasks.length > 0 ? hand.tasks[0].module.kind : this.#backlog[0].module.kind;
    const other = this.#backlog.findIndex((task) => task.module.kind !== kind);
    const given = this.#backlog.splice(0, Math.min(count, other < 0 ? this.#backlog.length : other));
    if (given.length === 0) return;
    if (hand.tasks.length === 0) hand.startedAt = performance.now();
    hand.tasks.push(...given);

    const { worker, known } = this.#machine(hand, kind);
    for (const { module } of given) {
      if (known.has(module.key)) continue;
      known.add(module.key);
      worker.postMessage({ key: module.key, module: module.code });
    }
    worker.postMessage({ tasks: given.map((task) => task.forCompute()) });
  }

  // Takes back what hasn't begun. Has it begun meanwhile, it is computed twice, and the first outcome is ignored.
  #recall(hand) {
    const waiting = hand.tasks.splice(1);
    if (waiting.length === 0) return;
    hand.machines.get(waiting[0].module.kind)?.worker.postMessage({ recall: waiting.map(({ id }) => id) });
    this.#backlog.unshift(...waiting.filter(({ dropped }) => !dropped));
  }

  #machine(hand, kind) {
    const present = hand.machines.get(kind);
    if (present !== undefined) return present;
    const worker = kind === 'javascript' ? new SandboxedWorker() : new Worker(new URL('./compute.js', import.meta.url), { type: 'module' });
    const machine = { worker, known: new Set() };
    worker.onmessage = ({ data }) => this.#hear(hand, data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#end(hand, `Its worker broke: ${event.message ?? 'no reason given'}`);
    };
    hand.machines.set(kind, machine);
    return machine;
  }

  #hear(hand, data) {
    if (data.ready) hand.startedAt = performance.now();
    const [task] = hand.tasks;
    if (task === undefined || data.id !== task.id) return;
    if (data.progress !== undefined) {
      task.progress = data.progress;
      return;
    }

    hand.tasks.shift();
    hand.startedAt = performance.now();
    if (hand.tasks.length === 0 && this.#hands.indexOf(hand) >= this.#size) this.#dismiss(hand);
    this.#finish(task, data);
  }

  #finish(task, outcome) {
    if (!task.dropped) this.#onOutcome(task, outcome);
    this.fill();
  }

  /** @param {Hand} hand @param {string} error What became of the task that runs. */
  #end(hand, error) {
    const [task] = hand.tasks;
    const milliseconds = performance.now() - hand.startedAt;
    this.#restart(hand);
    if (task !== undefined) this.#finish(task, { id: task.id, milliseconds, error });
  }

  // The worker is ended, whatever it does; what waited behind its task goes to the front again.
  #restart(hand) {
    for (const { worker } of hand.machines.values()) worker.terminate();
    hand.machines.clear();
    this.#backlog.unshift(...hand.tasks.splice(0).slice(1).filter(({ dropped }) => !dropped));
    this.fill();
  }

  #dismiss(hand) {
    for (const { worker } of hand.machines.values()) worker.terminate();
    this.#hands = this.#hands.filter((other) => other !== hand);
  }
}
