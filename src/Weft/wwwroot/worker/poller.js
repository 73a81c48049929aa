// The dedicated worker behind the page: one per browser works, those of other tabs wait for their turn. It starts the compute
// workers and speaks with the coordinator; the page only shows what it tells, and passes on the person's wishes.
//
// From the page: {kind: 'start', …}, then {kind: 'cores', cores}, {kind: 'pause'}, {kind: 'resume'}.
// To the page: {kind: 'status', …}, {kind: 'held', items}, {kind: 'sandbox', …}, {kind: 'sandbox-end', id}.

import { Coordinator, Refused } from './coordinator.js';
import { Crew } from './crew.js';
import { lead } from './lead.js';
import { ModuleLibrary } from './module-library.js';
import { Pace } from './pace.js';
import { Patience } from './patience.js';
import { Tally } from './tally.js';
import { Work } from './work.js';

const TICK_MS = 250;
// What runs when the person pauses may end by itself, if it is quick.
const PAUSE_GRACE_MS = 5_000;
const GIVE_BACK_DELAY_SECONDS = 1;

/** @type {Work} */ let work;
/** @type {Crew} */ let crew;
/** @type {Patience} */ let patience;
const tally = new Tally();
let cores = 1;
let isLeading = false;
let isPaused = false;
let pausedAt = 0;
/** Why the work has ended. @type {{state: 'refused' | 'broken', reason: string} | null} */ let end = null;

const orders = {
  start,
  cores(order) {
    cores = order.cores;
    if (isLeading) crew.resize(cores);
  },
  pause() {
    isPaused = true;
    pausedAt = performance.now();
    if (!isLeading) return;
    work.takes = false;
    work.releaseWaiting();
  },
  resume() {
    isPaused = false;
    if (isLeading) work.takes = true;
    if (end !== null) keepWorking();
  },
};

self.addEventListener('message', ({ data }) => {
  orders[data.kind](data);
  tell();
});

/** @param {{root: string, token: string | null, workerId: string, queues: string[], capabilities: string[], cores: number}} order */
async function start(order) {
  cores = order.cores;
  setInterval(tick, TICK_MS);
  await lead(tell);
  isLeading = true;

  const pace = new Pace();
  const coordinator = new Coordinator(order.root, order.token);
  patience = new Patience(tell);
  crew = new Crew(pace, (task, outcome) => work.finish(task, outcome));
  const library = new ModuleLibrary(coordinator, (key) => crew.forget(key));
  const identity = { workerId: order.workerId, queues: order.queues, capabilities: order.capabilities };
  work = new Work(identity, { coordinator, patience, pace, crew, library, tally }, tellHeld);
  crew.resize(cores);
  work.takes = !isPaused;
  keepWorking();
}

async function keepWorking() {
  end = null;
  tell();
  try {
    await work.run();
  } catch (error) {
    end = { state: error instanceof Refused ? 'refused' : 'broken', reason: String(error.message) };
    work.releaseAll();
    tell();
  }
}

function tick() {
  if (isLeading) {
    crew.tick();
    work.tick();
    if (isPaused && crew.running.length > 0 && performance.now() - pausedAt > PAUSE_GRACE_MS) work.releaseAll();
  }
  tell();
}

// What the page gives back when it is closed, when this worker can no longer do it itself. Not to be had at once: a claim of
// ours that is still held, on a connection whose end the coordinator has yet to notice, would be the first to get it.
function tellHeld() {
  postMessage({ kind: 'held', items: [...work.held.values()].map((task) => task.settled('release', `,"delaySeconds":${GIVE_BACK_DELAY_SECONDS}`)).join(',') });
}

function state() {
  if (!isLeading) return 'following';
  if (end !== null) return end.state;
  if (isPaused) return crew.running.length > 0 ? 'pausing' : 'paused';
  if (patience.trouble !== null) return 'away';
  return work.held.size > 0 ? 'working' : 'waiting';
}

function tell() {
  const now = performance.now();
  postMessage({
    kind: 'status',
    state: state(),
    reason: end?.reason ?? patience?.trouble ?? null,
    completed: tally.completed,
    failed: tally.failed,
    rate: tally.rate,
    held: work?.held.size ?? 0,
    errors: tally.errors,
    running: (crew?.running ?? []).map(({ task, startedAt }) => ({
      id: task.id, queue: task.queue, attempt: task.attempt, seconds: (now - startedAt) / 1_000, secondsMax: task.timeoutSeconds, progress: task.progress,
    })),
  });
}
