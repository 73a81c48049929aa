// The dedicated worker behind the page. It starts the compute workers and speaks with the coordinator; the page only
// shows what it tells, and passes on the person's wishes. It claims only while it leads: see lead.js.
//
// From the page: {kind: 'start', …}, then {kind: 'cores', cores, rests}, {kind: 'pause'}, {kind: 'finish'},
// {kind: 'resume'}, {kind: 'retry'}.
// To the page: {kind: 'status', …}, {kind: 'held', items}, {kind: 'sandbox', …}, {kind: 'sandbox-end', id}.

import { Refused } from './answers.js';
import { BlobLibrary } from './blob-library.js';
import { Coordinator } from './coordinator.js';
import { WorkerPool } from './worker-pool.js';
import { makeLead } from './lead.js';
import { ModuleLibrary } from './module-library.js';
import { Pace } from './pace.js';
import { PythonRuntime } from './python-runtime.js';
import { Backoff } from './backoff.js';
import { Tally } from './tally.js';
import { Work } from './work.js';

const TICK_MS = 250;
// What runs when the person pauses may end by itself, if it is quick.
const PAUSE_GRACE_MS = 5_000;
const GIVE_BACK_DELAY_SECONDS = 1;

/** @type {Work} */ let work;
/** @type {WorkerPool} */ let pool;
/** @type {Backoff} */ let backoff;
/** @type {ModuleLibrary} */ let library;
/** @type {BlobLibrary} */ let blobs;
/** @type {ReturnType<typeof makeLead>} */ let lead;
const tally = new Tally();
/** Aborted when this tab neither works nor waits for its turn. @type {AbortController | null} */ let turn = null;
let isLeading = false;
let isFollowing = false;
let isPaused = false;
let pausedAt = 0;
/** Whether what runs is given all the time that it takes, in a pause. */ let isFinishing = false;
/** Why the work has ended. @type {{state: 'refused' | 'broken', reason: string, code: string} | null} */ let end =
  null;

const orders = {
  start,
  cores({ cores, rests }) {
    pool.resize(cores, rests);
  },
  pause() {
    isPaused = true;
    isFinishing = false;
    pausedAt = performance.now();
    work.takes = false;
    work.releaseWaiting();
  },
  finish() {
    orders.pause();
    isFinishing = true;
  },
  resume() {
    isPaused = isFinishing = false;
    work.takes = isLeading;
  },
  retry() {
    backoff.askNow();
  },
};

self.addEventListener('message', ({ data }) => {
  orders[data.kind](data);
  arrangeTurn();
  tell();
});

/**
 * @param {{root: string, token: string | null, workerId: string, queues: string[], capabilities: string[], python:
 *   import('./python-runtime.js').ServedPython | null, cores: number, rests: boolean}} order
 */
function start(order) {
  const pace = new Pace();
  const coordinator = new Coordinator(order.root, order.token);
  backoff = new Backoff(() => coordinator.isThere(), tell);
  pool = new WorkerPool(pace, (task, outcome) => work.finish(task, outcome), (task) => work.release(task));
  library = new ModuleLibrary(coordinator, new PythonRuntime(coordinator, order.python), (key) => pool.forget(key));
  blobs = new BlobLibrary(coordinator);
  const identity = { workerId: order.workerId, queues: order.queues, capabilities: order.capabilities,
    workerKey: order.workerKey ?? undefined };
  work = new Work(identity, { coordinator, backoff, pace, pool, library, blobs, tally }, tellHeld,
    (key) => postMessage({ kind: 'key', key }));
  work.takes = false;
  pool.resize(order.cores, order.rests);
  lead = makeLead(JSON.stringify([order.root, [...order.queues].sort(), order.token]), loseTurn);
  setInterval(tick, TICK_MS);
  keepWorking();
}

async function keepWorking() {
  try {
    await work.run();
  } catch (error) {
    end = { state: error instanceof Refused ? 'refused' : 'broken', reason: String(error.message),
      code: error.code ?? '' };
    work.releaseAll();
    arrangeTurn();
    tell();
  }
}

// Who can't work lets another tab lead, and takes its turn again when it can.
function arrangeTurn() {
  const wants = !isPaused && end === null;
  if (wants && turn === null) takeTurn();
  else if (!wants && turn !== null && (!isLeading || pool.running.length === 0)) giveTurnBack();
}

async function takeTurn() {
  const own = turn = new AbortController();
  try {
    await lead.take(() => { isFollowing = turn === own; tell(); }, own.signal);
  } catch {
    return;
  }
  if (turn !== own) return lead.giveBack();
  isFollowing = false;
  isLeading = true;
  work.takes = !isPaused;
  tell();
}

function giveTurnBack() {
  turn.abort();
  turn = null;
  isFollowing = false;
  if (!isLeading) return;
  isLeading = false;
  work.takes = false;
  lead.giveBack();
}

// Another tab has taken over, since this one was frozen for a while: what runs here is its affair now.
function loseTurn() {
  turn = null;
  isLeading = false;
  work.takes = false;
  work.releaseAll();
  arrangeTurn();
  tell();
}

function tick() {
  pool.tick(isPaused);
  work.tick();
  const isOver = performance.now() - pausedAt > PAUSE_GRACE_MS;
  if (isPaused && !isFinishing && isOver && pool.running.length > 0) work.releaseAll();
  arrangeTurn();
  tell();
}

// What the page gives back when it is closed, when this worker can no longer do it itself. Not to be had at once: a
// claim of ours that is still held, on a connection whose end the coordinator has yet to notice, would be the first to
// get it.
function tellHeld() {
  postMessage({ kind: 'held',
    items: [...work.held.values()].map((task) => task.settled('release', `,"delaySeconds":${GIVE_BACK_DELAY_SECONDS}`))
      .join(',') });
}

function state() {
  if (end !== null) return end.state;
  if (isFinishing) return work.held.size > 0 ? 'finishing' : 'finished';
  if (isPaused) return pool.running.length > 0 ? 'pausing' : 'paused';
  if (backoff.trouble !== null) return backoff.isAway ? 'away' : 'busy';
  if (isFollowing) return 'following';
  if (!isLeading) return 'starting';
  return work.held.size > 0 ? 'working' : 'waiting';
}

function tell() {
  const now = performance.now();
  postMessage({
    kind: 'status',
    state: state(),
    idle: work.idle,
    reason: end?.reason ?? backoff.trouble,
    code: end?.code ?? '',
    retrySeconds: backoff.trouble === null ? null : Math.max(0, (backoff.nextAt - now) / 1_000),
    completed: tally.completed,
    failed: tally.failed,
    isChecked: tally.isChecked,
    computeSeconds: tally.milliseconds / 1_000,
    rate: tally.rate,
    errors: tally.errors,
    downloads: [...library.downloads.values(), ...blobs.downloads.values()],
    running: pool.running.map(({ task, startedAt }) => ({
      id: task.id, queue: task.queue, type: task.type, module: task.hash, attempt: task.attempt,
      seconds: (now - startedAt) / 1_000,
      secondsMax: task.timeoutSeconds, progress: task.progress,
    })),
  });
}
