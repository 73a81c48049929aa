// One core: its assigned tasks, and the workers that run them.

// A task that runs longer than this counts as long.
const SLOW_MS = 200;
// A JavaScript module may continue after its task is done: its worker is ended when it has been idle for this long. An
// idle interpreter takes a hundred megabytes.
const IDLE_MS = { javascript: 1_000, python: 60_000 };
// How long a task runs alone that was running when its process ended; modules that end it do so sooner, as a rule. If
// one that has stood that doesn't, it is tried for longer.
const ALONE_MS = 10_000;
const ALONE_FACTOR = 4;
// Less than an interpreter is kept for.
const REST_MS_MAX = 30_000;

/**
 * @typedef {import('./held-task.js').HeldTask} HeldTask
 * @typedef {{worker: import('./sandboxed-worker.js').SandboxedWorker, known: Set<string>, fileSets: Set<string>,
 *   realm: string, since: number}} Engine A worker, the keys of the modules that it has, for whom it is, and since
 *   when.
 */

export class Core {
  /** The first is the one that runs, as a rule; those behind it wait in the same worker. @type {HeldTask[]} */ tasks =
    [];
  /** By the kind of their modules. @type {Map<string, Engine>} */ engines = new Map();
  /** When the first task began. */
  startedAt = 0;
  /** How long it has computed since it last rested. */
  workedMs = 0;
  #restsUntil = 0;

  get isIdle() { return this.tasks.length === 0; }

  /** Whether it runs a task that takes its time. */
  get isSlow() { return !this.isIdle && this.#ranFor > SLOW_MS; }

  /** Whether it runs a task that shall be alone. */
  get isTrial() { return !this.isIdle && this.tasks[0].isSuspect && this.#ranFor < trialMs(this.tasks[0]); }

  /** How long it still rests. */
  get restMs() { return Math.max(0, this.#restsUntil - performance.now()); }

  /** What its tasks may use, in MB. */
  get memoryMb() { return Math.max(0, ...this.tasks.map(({ memoryMb, outMb }) => memoryMb + outMb)); }

  get #ranFor() { return performance.now() - this.startedAt; }

  /** Rests for as long as it has computed, within bounds. @returns {number} Milliseconds. */
  rest() {
    const restMs = Math.min(this.workedMs, REST_MS_MAX);
    this.workedMs = 0;
    this.#restsUntil = performance.now() + restMs;
    return restMs;
  }

  /** What runs tasks like this one here. @param {HeldTask} task @returns {Engine | undefined} */
  engineOf({ module }) {
    return this.engines.get(module.kind);
  }

  /** Whether its first task is one of this engine's. @param {Engine} engine */
  runs(engine) {
    return !this.isIdle && this.engineOf(this.tasks[0]) === engine;
  }

  /** Clears its first task of having ended a process, once it has been alone for as long as it must. */
  endTrial() {
    const [task] = this.tasks;
    if (!task?.isSuspect || this.isTrial) return;
    task.aloneMs = trialMs(task);
    task.isSuspect = false;
  }

  /** Ends what has had no task for some time and can't be left alone. @param {boolean} isPaused Then at once. */
  endIdle(isPaused) {
    for (const [kind, idleMs] of Object.entries(IDLE_MS)) {
      const engine = this.engines.get(kind);
      if (engine !== undefined && !this.runs(engine) && (isPaused || this.#ranFor > idleMs)) this.dismiss(engine);
    }
  }

  // A task that waits in the worker still needs it; then it stays, until another takes its place, or the worker is
  // ended.
  /** @param {Engine} engine @param {string} key Of a module. */
  forget({ worker, known }, key) {
    if (this.tasks.some(({ module }) => module.key === key)) return;
    // An interpreter is for one script.
    if (this.engines.get('python')?.worker === worker) return this.dismiss(this.engines.get('python'));
    known.delete(key);
    worker.forget(key);
  }

  /** @param {Engine} engine */
  dismiss(engine) {
    engine.worker.end();
    for (const [kind, other] of this.engines) if (other === engine) this.engines.delete(kind);
  }

  dismissAll() {
    for (const engine of [...this.engines.values()]) this.dismiss(engine);
  }
}

/** @param {HeldTask} suspect */
function trialMs({ aloneMs }) {
  return Math.max(ALONE_MS, ALONE_FACTOR * aloneMs);
}
