// Whose tasks a core runs next: those of one submitter, and for scripts of one script, until others have waited for a
// turn.

// How long a core goes on with the tasks of one submitter while another's wait: changing over costs it a new worker.
const TURN_MS = 500;
// A Python interpreter takes some seconds to start, of which others of this length are worth waiting for.
const PYTHON_TURN_MS = 10_000;

/** @typedef {import('./held-task.js').HeldTask} HeldTask */

/**
 * For whom a worker is: for one submitter, so that what one's module leaves behind, or takes over, no other's task
 * meets; and, as scripts share a realm, or an interpreter, with all that runs there, for one of these.
 * @param {HeldTask} task
 */
export function realmOf({ module, submitter }) {
  return module.kind === 'wasi' ? submitter : `${module.key} ${submitter}`;
}

/** Whether one worker may have both. @param {HeldTask} task @param {HeldTask} other */
export function isAlike(task, other) {
  return task.module.kind === other.module.kind && realmOf(task) === realmOf(other);
}

/** Whether others' turn has come, for this one. @param {HeldTask} task */
export function hasWaited(task) {
  return performance.now() - task.waitsSince > TURN_MS;
}

/**
 * A task like those that a core shall get next, or null where others' turn has come and what it has must end first.
 * @param {import('./core.js').Core} core
 * @param {HeldTask[]} waiting Those that it can have, the oldest first.
 */
export function leadFor(core, waiting) {
  const [running] = core.tasks;
  if (waiting.length === 0) return null;
  const [oldest] = waiting;
  const isOver = isTurnOver(core, oldest);
  if (running !== undefined) return isOver && !isAlike(oldest, running) ? null : running;
  return isOver ? oldest : waiting.find((task) => core.engineOf(task)?.realm === realmOf(task)) ?? oldest;
}

// Whether another's task has waited for a turn's time, and the core has had as long for the one that it serves.
/** @param {import('./core.js').Core} core @param {HeldTask} oldest */
function isTurnOver(core, oldest) {
  const turnMs = oldest.module.kind === 'python' ? PYTHON_TURN_MS : TURN_MS;
  return hasWaited(oldest) && performance.now() - (core.engineOf(oldest)?.since ?? 0) > turnMs;
}
