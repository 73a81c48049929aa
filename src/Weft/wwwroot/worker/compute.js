// A compute worker: one core. It gets compiled modules and tasks from the poller, runs one command after another, and
// answers each as soon as it has ended. Between two it listens; while it computes it hears nothing: whoever wants a command
// to stop ends the worker.

import { Exit, Wasi } from './wasi.js';
import { readResult, stdinOf } from './task-text.js';
import { OutputOverflow } from './wasi-output.js';

/**
 * @typedef {{key: string, module: WebAssembly.Module}} LoadMessage
 * @typedef {{forget: string}} ForgetMessage
 * @typedef {{recall: number[]}} RecallMessage Ids of tasks that are not to be run here, if they aren't yet.
 * @typedef {{tasks: ComputeTask[]}} TasksMessage
 * @typedef {object} ComputeTask
 * @property {number} id
 * @property {string} queue
 * @property {string} type
 * @property {number} attempt
 * @property {string} module The key of a module that came before.
 * @property {string} payload Its JSON, unread.
 * @property {string[]} args
 * @property {Record<string, string>} environment
 * @property {boolean} fixed
 * @property {number} memoryMb
 * @property {number} stdoutBytesMax
 * @typedef {{id: number, milliseconds: number, result?: string, error?: string}} ComputeOutcome
 *   `result` is JSON; `error` a text for people.
 */

const NEARLY_FULL = 0.75;
const MB = 1 << 20;

const encoder = new TextEncoder();
const wasi = new Wasi();
/** @type {Map<string, WebAssembly.Module>} */
const modules = new Map();
/** @type {ComputeTask[]} */
let waiting = [];
const turns = new MessageChannel();
turns.port1.onmessage = runNext;

self.addEventListener('message', ({ data }) => {
  if (data.forget !== undefined) modules.delete(data.forget);
  if (data.module !== undefined) modules.set(data.key, data.module);
  if (data.recall !== undefined) waiting = waiting.filter(({ id }) => !data.recall.includes(id));
  if (data.tasks === undefined) return;
  if (waiting.length === 0) turns.port2.postMessage(null);
  waiting.push(...data.tasks);
});

// The time that it took to get here counts for no task.
postMessage({ ready: true });

// One for each turn of the event loop, so that a recall can come in between.
function runNext() {
  const task = waiting.shift();
  if (task === undefined) return;
  if (waiting.length > 0) turns.port2.postMessage(null);
  answer(task);
}

/** @param {ComputeTask} task */
function answer(task) {
  const started = performance.now();
  const outcome = run(task);
  postMessage({ id: task.id, milliseconds: performance.now() - started, ...outcome });
}

/** @param {ComputeTask} task */
function run(task) {
  wasi.reset({
    stdin: stdinOf(task.payload),
    args: ['task', ...task.args].map(terminated),
    environment: Object.entries(task.environment).map(([name, value]) => terminated(`${name}=${value}`)),
    fixed: task.fixed,
    stdoutBytesMax: task.stdoutBytesMax,
  });

  /** @type {WebAssembly.Memory | undefined} */
  let memory;
  try {
    const { exports } = new WebAssembly.Instance(modules.get(task.module), wasi.imports);
    memory = /** @type {WebAssembly.Memory} */ (exports.memory);
    if (!(memory instanceof WebAssembly.Memory)) return { error: 'The module exports no memory: it is no WASI command.' };
    if (typeof exports._start !== 'function') return { error: 'The module exports no function _start: it is no WASI command.' };
    wasi.attach(memory);
    exports._start();
    return finished(0, task, memory);
  } catch (thrown) {
    if (thrown instanceof Exit) return finished(thrown.code, task, memory);
    return { error: explain(thrown, task, memory) };
  }
}

/** @param {number} code @param {ComputeTask} task @param {WebAssembly.Memory | undefined} memory */
function finished(code, task, memory) {
  // A language with exceptions may have caught ours.
  if (wasi.stdout.overflowed) return { error: explain(new OutputOverflow(), task, memory) };
  if (code !== 0) return { error: withReasons(`Exit code ${code}`, task, memory) };
  return readResult(wasi.stdout.bytes);
}

/** @param {unknown} thrown @param {ComputeTask} task @param {WebAssembly.Memory | undefined} memory */
function explain(thrown, task, memory) {
  if (thrown instanceof OutputOverflow) return `Its output is over ${task.stdoutBytesMax} bytes.`;
  if (thrown instanceof WebAssembly.RuntimeError) return withReasons(`It trapped: ${thrown.message}`, task, memory);
  if (thrown instanceof WebAssembly.LinkError) return `It imports what WASI preview 1 doesn't have: ${thrown.message}`;
  if (memory === undefined) return `It could not be started: ${/** @type {Error} */ (thrown).message}`;
  return withReasons(`It ended with ${thrown}`, task, memory);
}

/** @param {string} text @param {ComputeTask} task @param {WebAssembly.Memory | undefined} memory */
function withReasons(text, task, memory) {
  // What a program does when it gets no more memory is its own affair; most don't say that this was the reason.
  const used = memory === undefined ? 0 : memory.buffer.byteLength / MB;
  const hint = used > NEARLY_FULL * task.memoryMb ? ` (it had ${used.toFixed(1)} of ${task.memoryMb} MB of memory)` : '';
  const errors = wasi.stderr.text;
  return `${text}${hint}${errors.length > 0 ? ': ' : ''}${errors}`;
}

/** @param {string} text */
function terminated(text) {
  return encoder.encode(`${text}\0`);
}
