// Assigns tasks to cores, and handles those that run too long, crash, or end their process.

import { Core } from './core.js';
import { SandboxedWorker } from './sandboxed-worker.js';
import { Strikes } from './strikes.js';
import { hasWaited, isAlike, leadFor, realmOf } from './turns.js';

// What one core is handed at once: it shouldn't wait for the next message, and few should be behind a loop for ever.
const AHEAD_MS = 40;
const AHEAD_MAX = 200;
// How long a core may be silent while it is unknown which of its tasks runs: see isKnown.
const DOUBT_MS = 2_000;
// How long a task waits for a core before it is given back to others.
const WAIT_MS = 2_000;
// A worker keeps what it has compiled.
const KNOWN_MAX = 16;
const FILE_SETS_MAX = 16;
const PYTHON_START_MS_MAX = 60_000;
// What all that runs may use: half of the memory, as far as browsers tell. One task alone may use more.
const MEMORY_MB = Math.max(1_024, 512 * (navigator.deviceMemory ?? 4));

/** @typedef {import('./held-task.js').HeldTask} HeldTask */

export class WorkerPool {
  /** @type {Core[]} */ #cores = [];
  /** @type {HeldTask[]} */ #backlog = [];
  #size = 0;
  /** Whether a core rests for as long as it has computed, so that the computer stays cool. */ #rests = false;
  #isHeldUp = false;
  #strikes = new Strikes();
  #pace;
  #onOutcome;
  #onWaitOver;

  /**
   * @param {import('./pace.js').Pace} pace
   * @param {(task: HeldTask, outcome: import('./compute.js').ComputeOutcome) => void} onOutcome
   * @param {(task: HeldTask) => void} onWaitOver Called with a task that no core had time for.
   */
  constructor(pace, onOutcome, onWaitOver) {
    this.#pace = pace;
    this.#onOutcome = onOutcome;
    this.#onWaitOver = onWaitOver;
  }

  get size() { return this.#size; }

  /** Whether nothing more can be begun for now: whatever there is may be had by others. */
  get isBusy() {
    return this.#isHeldUp || this.#hasTrial || this.#open.every(({ isSlow, restMs }) => isSlow || restMs > WAIT_MS);
  }

  /** The tasks that run, one a core. */
  get running() {
    return this.#cores.filter(({ isIdle }) => !isIdle).map(({ tasks, startedAt }) => ({ task: tasks[0], startedAt }));
  }

  /** The cores that get tasks: one that was taken away ends its own. */
  get #open() { return this.#cores.slice(0, this.#size); }

  get #hasTrial() { return this.#cores.some(({ isTrial }) => isTrial); }

  /**
   * @param {number} size Cores, at least 1. One that is taken away ends its task first. @param {boolean} rests Whether
   *   cores rest between tasks.
   */
  resize(size, rests) {
    this.#size = size;
    this.#rests = rests;
    while (this.#cores.length < size) this.#cores.push(new Core());
    for (const core of this.#cores.slice(size)) {
      this.#recall(core);
      if (core.isIdle) this.#dismiss(core);
    }
    this.fill();
  }

  /** @param {HeldTask} task With its module. */
  add(task) {
    const refusal = this.#strikes.refusalOf(task);
    if (refusal !== null) return this.#onOutcome(task, refusal);
    task.waitsSince = performance.now();
    task.isRisky = task.isSuspect = this.#strikes.has(task.hash);
    this.#backlog.push(task);
  }

  /** Whether nothing more is begun for now. */
  set isHeldUp(isHeldUp) {
    if (isHeldUp === this.#isHeldUp) return;
    this.#isHeldUp = isHeldUp;
    if (isHeldUp) for (const core of this.#cores) this.#recall(core);
    else this.fill();
  }

  /** Hands out what waits, to all alike. */
  fill() {
    if (this.#isHeldUp || this.#hasTrial) return;
    const suspect = this.#backlog.find((task, i) => task.isSuspect && (!task.isRisky || i === 0));
    if (suspect !== undefined) return this.#try(suspect);
    if (this.#isShortOfMemory()) return;
    const ahead = this.#pace.tasksIn(AHEAD_MS, AHEAD_MAX);
    const share = Math.ceil(this.#backlog.length / this.#size);
    for (const core of this.#open) {
      if (this.#backlog.length === 0) return;
      // One that shall rest must become idle first.
      if (core.tasks.length > (this.#rests ? 0 : ahead / 2) || core.isSlow) continue;
      if (core.restMs === 0) this.#give(core, Math.min(share, ahead - core.tasks.length));
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

  /**
   * To be called now and then: ends what runs for too long, and shares out what waits behind slow tasks.
   * @param {boolean} isPaused Whether nothing may run on that isn't a task.
   */
  tick(isPaused) {
    for (const core of this.#cores) {
      core.endTrial();
      core.endIdle(isPaused);
    }
    this.#endOverdue();
    this.#endLost();
    for (const core of this.#cores) if (core.isSlow) this.#recall(core);
    this.fill();
    if (this.isBusy) this.#endWaits();
  }

  // Behind tasks that may take a day.
  #endWaits() {
    const now = performance.now();
    const isOver = (task) => (!task.isSuspect || task.isRisky) && now - task.waitsSince > WAIT_MS;
    const over = this.#backlog.filter(isOver);
    this.#backlog = this.#backlog.filter((task) => !isOver(task));
    for (const task of over) this.#onWaitOver(task);
  }

  #endOverdue() {
    for (const core of this.#cores) {
      const [task] = core.tasks;
      // Until its worker is there, it doesn't run.
      if (task === undefined) continue;
      const { worker } = core.engineOf(task);
      if (!worker.isReady) continue;
      const milliseconds = performance.now() - core.startedAt;
      if (task.module.kind === 'python' && worker.isLoading) {
        if (milliseconds > PYTHON_START_MS_MAX)
          this.#end(core, `Python could not be started within ${PYTHON_START_MS_MAX / 1_000} s.`, true);
      } else if (!isKnown(task) && !worker.isLoading && milliseconds > Math.min(DOUBT_MS, task.timeoutSeconds * 1_000))
        this.#watch(core);
      else if (milliseconds > task.timeoutSeconds * 1_000)
        this.#end(core, `The module ran for longer than ${task.timeoutSeconds} s.`);
    }
  }

  // Begins all its tasks anew, each of which is told before the next begins.
  #watch(core) {
    for (const task of core.tasks) task.isWatched = true;
    this.#restart(core, core.tasks);
  }

  // All frames of a tab share a process: those that are silent when one is lost have ended with it.
  #endLost() {
    const engines = this.#cores.flatMap((core) => [...core.engines.values()].map((engine) => ({ core, engine })));
    for (const { engine } of engines) engine.worker.look();
    if (!engines.some(({ engine }) => engine.worker.isLost)) return;
    const lost = engines.filter(({ engine }) => engine.worker.isLost || engine.worker.isSilent);
    const running = lost.filter(({ core, engine }) => core.runs(engine));
    for (const { core, engine } of lost) core.dismiss(engine);
    for (const { core } of running.filter(({ engine }) => !engine.worker.isReady))
      this.#end(core, 'The worker’s frame could not be opened.', true);
    this.#lose(running.filter(({ engine }) => engine.worker.isReady).map(({ core }) => core));
  }

  // Of tasks that ran side by side, any may have ended their process: that is known once each has run alone. Those that
  // have done so already, for the longest time, come last.
  #lose(cores) {
    if (cores.length === 1 && cores[0].tasks[0].isSuspect) {
      const [{ hash }] = cores[0].tasks;
      this.#strikes.note(hash);
      this.#refuseAll(hash);
      return this.#end(cores[0],
        'The module crashed its process: it compiles to too much code, or uses too much memory.');
    }

    const ran = cores.flatMap(({ tasks }) => isKnown(tasks[0]) ? [tasks[0]] : tasks);
    const aloneMs = Math.min(...ran.map((task) => task.aloneMs));
    for (const task of ran) task.isSuspect = task.aloneMs === aloneMs;
    const again = cores.flatMap(({ tasks }) => tasks.splice(0));
    this.#backlog.unshift(...again.filter(({ dropped }) => !dropped));
    this.fill();
  }

  #refuseAll(hash) {
    for (const task of this.#backlog.filter((each) => each.hash === hash)) {
      const refusal = this.#strikes.refusalOf(task);
      if (refusal === null) return;
      this.#backlog = this.#backlog.filter((other) => other !== task);
      this.#onOutcome(task, refusal);
    }
  }

  // Alone, but for what runs already: if the process ends then, it is tried once more.
  #try(suspect) {
    const core = this.#open.find(({ isIdle }) => isIdle);
    if (core === undefined) return;
    this.#backlog = this.#backlog.filter((other) => other !== suspect);
    this.#hand(core, [suspect]);
  }

  /** @param {string} hash A module that is no longer needed. */
  forget(hash) {
    for (const core of this.#cores) {
      for (const engine of core.engines.values()) {
        for (const key of engine.known) if (key.startsWith(hash)) core.forget(engine, key);
      }
    }
  }

  // Whether the oldest needs what the others use: nothing is begun until there is room for it.
  #isShortOfMemory() {
    const [oldest] = this.#backlog;
    const idle = this.#open.find(({ isIdle }) => isIdle);
    if (oldest === undefined || idle === undefined || !hasWaited(oldest)) return false;
    return oldest.memoryMb > this.#memoryBeside(idle);
  }

  /** What a core's tasks may use, in MB. @param {Core} core */
  #memoryBeside(core) {
    const used = this.#cores.reduce((sum, other) => other === core ? sum : sum + other.memoryMb, 0);
    return used === 0 ? Infinity : MEMORY_MB - used;
  }

  #give(core, count) {
    const memoryMb = this.#memoryBeside(core);
    const lead = leadFor(core, this.#backlog.filter((task) =>
      !task.isSuspect && task.memoryMb <= memoryMb && !this.#isPremature(core, task)));
    if (lead === null) return;
    const given = [];
    for (let i = 0; given.length < count && i < this.#backlog.length;) {
      if (!this.#backlog[i].isSuspect && isAlike(this.#backlog[i], lead) && this.#backlog[i].memoryMb <= memoryMb)
        given.push(...this.#backlog.splice(i, 1));
      else i++;
    }

    if (given.length > 0) this.#hand(core, given);
  }

  // The first Python makes a snapshot, from which others start in a fifth of the time.
  #isPremature(core, { module }) {
    return module.kind === 'python' && module.code().files.snapshot === undefined
      && this.#cores.some((other) => other !== core && other.engines.get('python')?.worker.isLoading);
  }

  #hand(core, given) {
    if (core.isIdle) {
      core.startedAt = performance.now();
      given[0].isWatched ||= given.length === 1;
    }
    core.tasks.push(...given);

    const engine = this.#engine(core, given[0]);
    const { worker, known } = engine;
    for (const { module } of given) {
      if (known.has(module.key)) continue;
      known.add(module.key);
      worker.load({ key: module.key, module: module.code(), start: module.start });
    }
    for (const task of given) if (task.fileSet !== null) this.#giveFiles(core, engine, task);
    for (const key of known) if (known.size > KNOWN_MAX) core.forget(engine, key);
    worker.run(given.map((task) => task.forCompute()));
  }

  // Once for all tasks that name the same; with many sets, those that none of its tasks needs are forgotten.
  #giveFiles(core, { worker, fileSets }, { fileSet, found }) {
    if (fileSets.has(fileSet)) return;
    const isNeeded = (key) => core.tasks.some((task) => task.fileSet === key);
    const dropped = fileSets.size < FILE_SETS_MAX ? [] : [...fileSets].filter((key) => !isNeeded(key));
    for (const key of dropped) fileSets.delete(key);
    fileSets.add(fileSet);
    worker.give({ fileSet, files: found, dropped });
  }

  // Takes back what hasn't begun. Has it begun meanwhile, it is computed twice, and the first outcome is ignored.
  #recall(core) {
    const waiting = core.tasks.splice(1);
    if (waiting.length === 0) return;
    core.engineOf(waiting[0])?.worker.recall(waiting.map(({ id }) => id));
    this.#backlog.unshift(...waiting.filter(({ dropped }) => !dropped));
  }

  #engine(core, task) {
    const present = core.engineOf(task);
    const realm = realmOf(task);
    if (present?.realm === realm) return present;
    if (present !== undefined) core.dismiss(present);
    const worker = new SandboxedWorker(task.module.kind);
    const engine = { worker, known: new Set(), fileSets: new Set(), realm, since: performance.now() };
    worker.onSnapshot = (snapshot) => task.module.keepSnapshot(snapshot);
    worker.onMessage = (message) => this.#hear(core, engine, message);
    worker.onFailure = (crash) => {
      if (!core.runs(engine)) core.dismiss(engine);
      // The coordinator is away just now, and the task has no part in it.
      else if (crash === null) this.#end(core, 'The worker’s script could not be loaded.', true);
      else this.#end(core, `The worker crashed: ${crash}`);
    };
    core.engines.set(task.module.kind, engine);
    return engine;
  }

  #hear(core, engine, message) {
    if (message.isBroken) return this.#break(core, engine, message);
    if (!core.runs(engine)) return;
    const [task] = core.tasks;
    if (message.isReady) core.startedAt = performance.now();
    if (message.id !== task.id) return;
    if (message.progress !== undefined) {
      task.progress = message.progress;
      return;
    }

    core.tasks.shift();
    core.startedAt = performance.now();
    this.#noteWork(core, message.milliseconds);
    if (message.isSpent) this.#replace(core, engine);
    if (core.isIdle && this.#cores.indexOf(core) >= this.#size) this.#dismiss(core);
    this.#finish(task, message);
  }

  // What waited in the worker goes to a new one.
  #replace(core, engine) {
    core.dismiss(engine);
    this.#backlog.unshift(...core.tasks.splice(0).filter(({ dropped }) => !dropped));
  }

  // What follows would meet what the module has left behind: it gets a new worker.
  #break(core, engine, { id, error }) {
    if (!core.runs(engine)) core.dismiss(engine);
    else if (id === core.tasks[0].id) this.#end(core, error);
    else this.#restart(core, core.tasks);
  }

  #noteWork(core, milliseconds, isEnd = core.isIdle) {
    core.workedMs += milliseconds;
    if (!this.#rests) core.workedMs = 0;
    else if (isEnd) setTimeout(() => this.fill(), core.rest());
  }

  #finish(task, outcome) {
    if (!task.dropped) this.#onOutcome(task, outcome);
    this.fill();
  }

  /**
   * @param {Core} core @param {string} error What became of the task that runs. @param {boolean} [isOurs] Whether it
   *   is none of the task's fault.
   */
  #end(core, error, isOurs = false) {
    const [task] = core.tasks;
    const milliseconds = performance.now() - core.startedAt;
    this.#noteWork(core, milliseconds, true);
    this.#restart(core);
    if (task !== undefined) this.#finish(task, { id: task.id, milliseconds, error, isOurs });
  }

  // The worker is ended; what waited behind its task goes to the front again.
  #restart(core, kept = core.tasks.slice(1)) {
    core.dismissAll();
    core.tasks = [];
    this.#backlog.unshift(...kept.filter(({ dropped }) => !dropped));
    this.fill();
  }

  #dismiss(core) {
    core.dismissAll();
    this.#cores = this.#cores.filter((other) => other !== core);
  }
}

/**
 * Whether a core's first task is the one that runs. A WASI worker tells outcomes of quick tasks together, so that the
 * first may be over.
 * @param {HeldTask} task
 */
function isKnown({ module, isWatched }) {
  return isWatched || module.kind !== 'wasi';
}
