// The compute workers, one engine per core and kind of module, and the tasks assigned to them.

import { SandboxedWorker } from './sandboxed-worker.js';

// What one core is handed at once: enough that it needn't wait for the next message, little enough that the tasks behind
// one that never ends are few.
const AHEAD_MS = 40;
const AHEAD_MAX = 64;
const SLOW_MS = 5 * AHEAD_MS;
// How long a core goes on with the tasks of one submitter while another's wait: changing over costs it a new worker.
const TURN_MS = 500;
// How long a task runs alone that was running when its process ended; modules that end it do so sooner, as a rule.
const ALONE_MS = 10_000;

/**
 * @typedef {import('./held-task.js').HeldTask} HeldTask
 * @typedef {{worker: SandboxedWorker, known: Set<string>, realm: string, since: number}} Engine
 *   A worker, the modules it has, and for whom it is: see {@link realmOf}.
 */

/** One core: at most one task runs, those behind it wait in the same worker. */
class Core {
  /** @type {HeldTask[]} */ tasks = [];
  /** @type {Map<string, Engine>} */ engines = new Map();
  startedAt = 0;
}

export class WorkerPool {
  /** @type {Core[]} */ #cores = [];
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
    return this.#cores.filter(({ tasks }) => tasks.length > 0).map(({ tasks, startedAt }) => ({ task: tasks[0], startedAt }));
  }

  /** @param {number} size Cores, at least 1. One that is taken away ends its task first. */
  resize(size) {
    this.#size = size;
    while (this.#cores.length < size) this.#cores.push(new Core());
    for (const core of this.#cores.slice(size)) {
      this.#recall(core);
      if (core.tasks.length === 0) this.#dismiss(core);
    }
    this.fill();
  }

  /** @param {HeldTask} task With its module. */
  add(task) {
    task.waitsSince = performance.now();
    this.#backlog.push(task);
  }

  /** Hands out what waits, to all alike. */
  fill() {
    if (this.#cores.some(isTrial)) return;
    const suspect = this.#backlog.find(({ isSuspect }) => isSuspect);
    if (suspect !== undefined) return this.#try(suspect);
    const ahead = this.#pace.tasksIn(AHEAD_MS, AHEAD_MAX);
    const share = Math.ceil(this.#backlog.length / this.#size);
    for (const core of this.#cores.slice(0, this.#size)) {
      if (this.#backlog.length === 0) return;
      if (core.tasks.length <= ahead / 2) this.#give(core, Math.min(share, ahead - core.tasks.length));
    }
  }

  /** Gives up one task. @param {HeldTask} task */
  drop(task) {
    task.dropped = true;
    this.#backlog = this.#backlog.filter((other) => other !== task);
    const core = this.#cores.find(({ tasks }) => tasks[0] === task);
    if (core !== undefined) this.#restart(core);
  }

  /** Gives up what hasn't begun. */
  dropWaiting() {
    for (const core of this.#cores) this.#recall(core);
    for (const task of this.#backlog.splice(0)) task.dropped = true;
  }

  /** To be called now and then: ends tasks that have run for too long, and shares out what waits behind slow ones. */
  tick() {
    this.#endOverdue();
    this.#endLost();
    if (this.#backlog.length > 0) return this.fill();
    if (!this.#cores.some(({ tasks }) => tasks.length === 0)) return;
    const now = performance.now();
    for (const core of this.#cores) if (core.tasks.length > 1 && now - core.startedAt > SLOW_MS) this.#recall(core);
    this.fill();
  }

  #endOverdue() {
    for (const core of this.#cores) {
      const [task] = core.tasks;
      // Until its worker is there, it doesn't run.
      if (task === undefined || !engineOf(core, task).worker.isReady || performance.now() - core.startedAt <= task.timeoutSeconds * 1_000) continue;
      this.#end(core, `The module ran for longer than ${task.timeoutSeconds} s.`);
    }
  }

  // All frames of a tab share a process in today's browsers: those that are silent when one is lost have ended with it.
  #endLost() {
    const engines = this.#cores.flatMap((core) => [...core.engines.values()].map((engine) => ({ core, engine })));
    for (const { engine } of engines) engine.worker.look();
    if (!engines.some(({ engine }) => engine.worker.isLost)) return;
    const lost = engines.filter(({ engine }) => engine.worker.isLost || engine.worker.isSilent);
    const running = lost.filter(({ core, engine }) => core.tasks.length > 0 && engineOf(core, core.tasks[0]) === engine);
    for (const { core, engine } of lost) dismiss(core, engine);
    for (const { core, engine } of running) this.#lose(core, engine.worker.isReady);
  }

  // The task that ran may have ended the process, or another's of the same process: that is known once it has run alone.
  #lose(core, wasReady) {
    const [task] = core.tasks;
    if (!wasReady) return this.#end(core, 'The worker’s frame could not be opened.', true);
    if (task.isSuspect) return this.#end(core, 'The module ended its process: it compiles to too much code, or uses too much memory.');
    task.isSuspect = true;
    this.#restart(core, core.tasks);
  }

  #try(suspect) {
    const core = this.#cores.slice(0, this.#size).find(({ tasks }) => tasks.length === 0);
    if (core === undefined) return;
    this.#backlog = this.#backlog.filter((other) => other !== suspect);
    this.#hand(core, [suspect]);
  }

  /** @param {string} key A module that is no longer needed. */
  forget(key) {
    for (const { engines, tasks } of this.#cores) {
      // A task that waits in the worker still needs it; then it stays, until the worker is ended.
      if (tasks.some(({ module }) => module.key === key)) continue;
      for (const { worker, known } of engines.values()) if (known.delete(key)) worker.forget(key);
    }
  }

  #give(core, count) {
    const lead = this.#leadFor(core);
    if (lead === null) return;
    const given = [];
    for (let i = 0; given.length < count && i < this.#backlog.length;) {
      if (isAlike(this.#backlog[i], lead)) given.push(...this.#backlog.splice(i, 1));
      else i++;
    }

    if (given.length > 0) this.#hand(core, given);
  }

  #hand(core, given) {
    if (core.tasks.length === 0) core.startedAt = performance.now();
    core.tasks.push(...given);

    const { worker, known } = this.#engine(core, given[0]);
    for (const { module } of given) {
      if (known.has(module.key)) continue;
      known.add(module.key);
      worker.load({ key: module.key, module: module.code, start: module.start });
    }
    worker.run(given.map((task) => task.forCompute()));
  }

  // A task like those that the core shall get next, or null where others' turn has come and what it has must end first.
  #leadFor(core) {
    const [oldest] = this.#backlog;
    const [running] = core.tasks;
    const serves = (task) => engineOf(core, task)?.realm === realmOf(task);
    const isOver = isTurnOver(core, oldest);
    if (running !== undefined) return isOver && !isAlike(oldest, running) ? null : running;
    return isOver ? oldest : this.#backlog.find(serves) ?? oldest;
  }

  // Takes back what hasn't begun. Has it begun meanwhile, it is computed twice, and the first outcome is ignored.
  #recall(core) {
    const waiting = core.tasks.splice(1);
    if (waiting.length === 0) return;
    engineOf(core, waiting[0])?.worker.recall(waiting.map(({ id }) => id));
    this.#backlog.unshift(...waiting.filter(({ dropped }) => !dropped));
  }

  #engine(core, task) {
    const present = engineOf(core, task);
    const realm = realmOf(task);
    if (present?.realm === realm) return present;
    if (present !== undefined) dismiss(core, present);
    const worker = new SandboxedWorker(task.module.kind);
    const engine = { worker, known: new Set(), realm, since: performance.now() };
    worker.onMessage = (message) => this.#hear(core, engine, message);
    worker.onFailure = (crash) => {
      // The coordinator is away just now, and the task has no part in it.
      if (crash === null) this.#end(core, 'The worker’s script could not be loaded.', true);
      else this.#end(core, `The worker crashed: ${crash}`);
    };
    core.engines.set(task.module.kind, engine);
    return engine;
  }

  #hear(core, engine, message) {
    const [task] = core.tasks;
    const isServing = task !== undefined && engineOf(core, task) === engine;
    if (message.isBroken) return this.#break(core, engine, isServing, message);
    if (!isServing) return;
    if (message.isReady) core.startedAt = performance.now();
    if (message.id !== task.id) return;
    if (message.progress !== undefined) {
      task.progress = message.progress;
      return;
    }

    core.tasks.shift();
    core.startedAt = performance.now();
    if (core.tasks.length === 0 && this.#cores.indexOf(core) >= this.#size) this.#dismiss(core);
    this.#finish(task, message);
  }

  // What follows in that worker would meet what its module has left behind: it gets a new one.
  #break(core, engine, isServing, { id, error }) {
    if (!isServing) dismiss(core, engine);
    else if (id === core.tasks[0].id) this.#end(core, error);
    else this.#restart(core, core.tasks);
  }

  #finish(task, outcome) {
    if (!task.dropped) this.#onOutcome(task, outcome);
    this.fill();
  }

  /** @param {Core} core @param {string} error What became of the task that runs. @param {boolean} [isOurs] Whether it is none of the task's fault. */
  #end(core, error, isOurs = false) {
    const [task] = core.tasks;
    const milliseconds = performance.now() - core.startedAt;
    this.#restart(core);
    if (task !== undefined) this.#finish(task, { id: task.id, milliseconds, error, isOurs });
  }

  // The worker is ended, whatever it does; what waited behind its task goes to the front again.
  #restart(core, kept = core.tasks.slice(1)) {
    core.engines.forEach((engine) => dismiss(core, engine));
    core.tasks = [];
    this.#backlog.unshift(...kept.filter(({ dropped }) => !dropped));
    this.fill();
  }

  #dismiss(core) {
    core.engines.forEach((engine) => dismiss(core, engine));
    this.#cores = this.#cores.filter((other) => other !== core);
  }
}

/** @param {Core} core @param {HeldTask} task @returns {Engine | undefined} What runs tasks of its kind there. */
function engineOf(core, { module }) {
  return core.engines.get(module.kind);
}

/**
 * For whom a worker is: for one submitter, so that what one's module leaves behind, or takes over, no other's task meets; and,
 * as JavaScript modules share a realm with all that runs there, for one of these.
 * @param {HeldTask} task
 */
function realmOf({ module, submitter }) {
  return module.kind === 'javascript' ? `${module.key} ${submitter}` : submitter;
}

/** Whether one worker may have both. @param {HeldTask} task @param {HeldTask} other */
function isAlike(task, other) {
  return task.module.kind === other.module.kind && realmOf(task) === realmOf(other);
}

/** Whether it runs a task that shall be alone. @param {Core} core */
function isTrial({ tasks, startedAt }) {
  return tasks.length > 0 && tasks[0].isSuspect && performance.now() - startedAt < ALONE_MS;
}

// Whether another's task has waited for a turn's time, and the core has had as long for the one that it serves.
/** @param {Core} core @param {HeldTask} oldest */
function isTurnOver(core, oldest) {
  const now = performance.now();
  return now - oldest.waitsSince > TURN_MS && now - (engineOf(core, oldest)?.since ?? 0) > TURN_MS;
}

/** @param {Core} core @param {Engine} engine */
function dismiss(core, engine) {
  engine.worker.end();
  for (const [kind, other] of core.engines) if (other === engine) core.engines.delete(kind);
}
