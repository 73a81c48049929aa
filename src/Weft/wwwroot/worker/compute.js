// A compute worker: one core, in a frame with an opaque origin. It gets modules and tasks from the poller, runs one
// command after another, and reports how each ended: at once, or a few milliseconds later together with other short
// ones. It receives messages between two commands, but not during one: to stop a command, the poller ends the worker.

import { harden } from './harden.js';
import { readResult, stdinOf } from './task-text.js';
import { WASI, WASI_FUNCTIONS } from './wasi-functions.js';
import { FileTree } from './wasi-files.js';
import { Wasi } from './wasi.js';

/**
 * @typedef {{key: string, module: Uint8Array | string | import('./compute-python.js').PythonModule, start: string |
 *   null}} LoadMessage Its bytes, the text of a JavaScript module, or a Python script with its interpreter; `start`:
 *   an export to call before `_start`.
 * @typedef {{fileSet: string, files: {path: string, blob: Blob}[], dropped: string[]}} FilesMessage
 *   The files of tasks that name this set, and sets that no task will name.
 * @typedef {{forget: string}} ForgetMessage
 * @typedef {{recall: number[]}} RecallMessage Task ids that are not to be run here, if they aren't yet.
 * @typedef {{tasks: ComputeTask[]}} TasksMessage
 * @typedef {object} ComputeTask
 * @property {number} id
 * @property {string} queue
 * @property {string} type
 * @property {number} attempt
 * @property {string} module The key of a module that came before.
 * @property {string | null} fileSet The key of files that came before; null for none.
 * @property {string} payload Its JSON, unread.
 * @property {string[]} args
 * @property {Record<string, string>} environment What a command sees.
 * @property {Record<string, string>} env What the task's `run` has.
 * @property {boolean} fixed
 * @property {number} memoryMb
 * @property {number} timeoutSeconds
 * @property {boolean} isWatched Whether it is told by itself: see {@link mayFollowUntold}.
 * @property {number} stdoutBytesMax
 * @property {number} outBytesMax What it may write below `out`.
 * @property {number} outputsMax In how many files.
 * @typedef {{result?: string, error?: string, isFinal?: boolean, outputs?: {path: string, blob: Blob}[]}} Outcome
 * @typedef {Outcome & {id: number, milliseconds: number, isOurs?: boolean, delaySeconds?: number, isSpent?: boolean}}
 *   ComputeOutcome `result` is JSON; `error` a text for people; `isFinal`: no further attempt can mend it, here or
 *   elsewhere.
 */

const TURN_MS = 4;
const NEARLY_FULL = 0.75;
const MB = 1 << 20;
// EX_DATAERR of sysexits.h, as for `weft worker --exec`: the payload itself is wrong.
const WRONG_DATA = 65;
// Messages of libraries about missing files; most don't ask the host.
const FILE_WORDS = /pre-?opened|no such file|not capable|capabilities insufficient|bad file descriptor/i;

const encoder = new TextEncoder();
const wasi = new Wasi();
/**
 * Without code: it is being compiled, or has failed.
 * @type {Map<string, {code?: WebAssembly.Module, failure?: Outcome, start: string | null}>}
 */
const modules = new Map();
/** @type {Map<string, FileTree>} */
const fileSets = new Map();
let compiling = 0;
/** @type {ComputeTask[]} */
let waiting = [];
const turns = new MessageChannel();
turns.port1.onmessage = runNext;

/** Begins to listen; answers go by way of the frame. @param {MessagePort} work The poller's. */
export function serve(work) {
  work.onmessage = ({ data }) => hear(data);
  harden();
  // The time that it took to get here counts for no task.
  postMessage({ isReady: true });
}

function hear({ key, module, start, fileSet, files, dropped, forget, recall, tasks }) {
  if (forget !== undefined) modules.delete(forget);
  if (fileSet !== undefined) {
    for (const key of dropped) fileSets.delete(key);
    fileSets.set(fileSet, new FileTree(files, new FileReaderSync()));
  }
  if (module !== undefined) load(key, module, start);
  if (recall !== undefined) waiting = waiting.filter(({ id }) => !recall.includes(id));
  if (tasks === undefined) return;
  if (waiting.length === 0) turns.port2.postMessage(null);
  waiting.push(...tasks);
}

async function load(key, bytes, start) {
  const module = { start };
  modules.set(key, module);
  compiling++;
  Object.assign(module, await compiled(bytes));
  compiling--;
  postMessage({ isReady: true });
  if (waiting.length > 0) turns.port2.postMessage(null);
}

async function compiled(bytes) {
  try {
    const code = await WebAssembly.compile(bytes);
    // The poller has looked, too: this is the engine's own reading of it.
    const foreign = WebAssembly.Module.imports(code)
      .find(({ module, name, kind }) => module !== WASI || kind !== 'function' || !WASI_FUNCTIONS.has(name));
    if (foreign === undefined) return { code };
    return {
      failure:
        { error: `The module imports "${foreign.name}" from "${foreign.module}", which WASI preview 1 doesn't have.`,
          isFinal: true } };
  } catch (error) {
    return { failure: { error: error.message } };
  }
}

// Some for each turn of the event loop, so that a recall can come in between; and all that they said in one message,
// which takes longer than the smallest tasks.
function runNext() {
  if (compiling > 0 || waiting.length === 0) return;
  const outcomes = [];
  const turnAt = performance.now();
  let task, endedAt = turnAt;
  do {
    task = waiting.shift();
    const startedAt = endedAt;
    const outcome = run(task);
    endedAt = performance.now();
    outcomes.push({ id: task.id, milliseconds: endedAt - startedAt, ...outcome });
  } while (endedAt - turnAt < TURN_MS && waiting.length > 0 && mayFollowUntold(waiting[0], task));
  postMessage(outcomes);
  if (waiting.length > 0) turns.port2.postMessage(null);
}

// The next may never end, and takes with it what isn't told.
/** @param {ComputeTask} next @param {ComputeTask} task */
function mayFollowUntold(next, task) {
  return !next.isWatched && !task.isWatched && next.module === task.module
    && next.timeoutSeconds === task.timeoutSeconds;
}

/** @param {ComputeTask} task */
function run(task) {
  const { code, failure, start } = modules.get(task.module);
  if (failure !== undefined) return failure;
  wasi.reset({
    stdin: stdinOf(task.payload),
    args: ['task', ...task.args].map(terminated),
    environment: Object.entries(task.environment).map(([name, value]) => terminated(`${name}=${value}`)),
    fixed: task.fixed,
    stdoutBytesMax: task.stdoutBytesMax,
    files: task.fileSet === null ? null : fileSets.get(task.fileSet),
    outBytesMax: task.outBytesMax,
  });

  /** @type {WebAssembly.Memory | undefined} */
  let memory;
  try {
    const { exports } = new WebAssembly.Instance(code, wasi.imports);
    memory = /** @type {WebAssembly.Memory} */ (exports.memory);
    wasi.attach(memory);
    if (start !== null) exports[start]();
    exports._start();
    return finished(task, memory);
  } catch (thrown) {
    return wasi.ending === null
      ? { error: explain(thrown, task, memory), isFinal: thrown instanceof WebAssembly.LinkError }
      : finished(task, memory);
  } finally {
    // Whatever comes next must not reach this task's, and its memory may be had again.
    wasi.forget();
  }
}

/** @param {ComputeTask} task @param {WebAssembly.Memory} memory */
function finished(task, memory) {
  // A language with exceptions may have caught what ended it, and gone on: that counts all the same.
  const { ending } = wasi;
  if (ending !== null && 'error' in ending) return { error: withReasons(ending.error, task, memory) };
  if (ending !== null && ending.code !== 0) {
    return { error: withReasons(`Exit code ${ending.code}`, task, memory), isFinal: ending.code === WRONG_DATA };
  }
  const outcome = readResult(wasi.stdout.bytes);
  const { outputs } = wasi;
  if (outputs.length > task.outputsMax)
    return { error: `The task wrote more than ${task.outputsMax} files below out: pack them into one.` };
  return outputs.length > 0 ? { ...outcome, outputs } : outcome;
}

/** @param {unknown} thrown @param {ComputeTask} task @param {WebAssembly.Memory | undefined} memory */
function explain(thrown, task, memory) {
  if (thrown instanceof WebAssembly.RuntimeError)
    return withReasons(`The module trapped: ${thrown.message}`, task, memory);
  if (thrown instanceof WebAssembly.LinkError)
    return `The module imports what WASI preview 1 doesn't have: ${thrown.message}`;
  if (memory === undefined) return `The module could not be started: ${/** @type {Error} */ (thrown).message}`;
  if (thrown instanceof WebAssembly.Exception)
    return withReasons('The module ended with an uncaught exception', task, memory);
  // A RangeError in most engines, an InternalError in Firefox.
  if (/call stack|recursion/i.test(String(thrown)))
    return withReasons('The module trapped: call stack exhausted', task, memory);
  return withReasons(`The module ended with ${thrown}`, task, memory);
}

/** @param {string} text @param {ComputeTask} task @param {WebAssembly.Memory | undefined} memory */
function withReasons(text, task, memory) {
  const errors = wasi.stderr.text;
  // Programs fail in their own ways when memory runs out; most don't give that as the reason.
  const used = memory === undefined ? 0 : memory.buffer.byteLength / MB;
  const hints = [];
  if (used > NEARLY_FULL * task.memoryMb) hints.push(`it had ${used.toFixed(1)} of ${task.memoryMb} MB of memory`);
  if (task.fileSet === null && (wasi.askedForFiles || FILE_WORDS.test(errors))) hints.push('the task has no files');
  return `${text}${hints.length > 0 ? ` (${hints.join('; ')})` : ''}${errors.length > 0 ? ': ' : ''}${errors}`;
}

/** @param {string} text */
function terminated(text) {
  return encoder.encode(`${text}\0`);
}
