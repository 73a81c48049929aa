// A compute worker for Python modules: the same messages as compute.js, for one script. Pyodide, CPython for browsers,
// comes with the script as files; nothing is loaded here. The interpreter is reused from task to task, and replaced
// after a limited number of tasks.

import { takeAway } from './taken-away.js';

/**
 * @typedef {object} PythonFiles
 * @property {string} loader
 * @property {string} glue
 * @property {Uint8Array<ArrayBuffer>} wasm
 * @property {Uint8Array<ArrayBuffer>} library
 * @property {string} lock
 * @property {string} harness
 * @property {Uint8Array<ArrayBuffer>} [snapshot] An interpreter's memory before its first script: others start from
 *   it in a tenth of the time.
 * @typedef {{source: Uint8Array<ArrayBuffer>, name: string, memoryMb: number, files: PythonFiles,
 *   packages: {path: string, blob: Blob}[]}} PythonModule The script, or zipped folder, what it is called, the
 *   interpreter's memory limit, the interpreter, and the wheels of its packages.
 */

const ERROR_CHARS_MAX = 4_096;
const PROGRESS_MS = 50;
const MB = 1 << 20;
const FOLDER = '/task';
const OUT = '/task/out';
const PACKAGES = '/packages';
const PAGE_BYTES = 64 << 10;
// The interpreter itself has about 30 MB.
const MEMORY_MB_MIN = 64;
// An interpreter never gives memory back, and libraries leave things behind: with more, or after so many tasks, the
// next task gets a new one. Quick tasks reach that number within seconds, and a start takes some, so that it has its
// time as well.
const HEAP_BYTES_MAX = 512 * MB;
const TASKS_MAX = 1_000;
const LIFE_MS_MIN = 60_000;
// Addresses of no host. What the loader asks for comes from the files.
const BASE = 'https://python.invalid/';
// Pyodide would look for more to load; the rest are ways out, which the frame's policy has closed already.
const TAKEN_AWAY = [
  'fetch', 'importScripts', 'XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'WebTransport', 'EventSource',
  'BroadcastChannel',
  'indexedDB', 'caches', 'Notification', 'FileReaderSync', 'setTimeout', 'setInterval', 'setImmediate',
  'queueMicrotask', 'MessageChannel',
];

/** Begins to listen. @param {MessagePort} work The poller's. */
export function serve(work) {
  const send = postMessage.bind(self);
  const now = performance.now.bind(performance), later = setTimeout.bind(self);
  const turns = new MessageChannel();
  turns.port1.onmessage = runNext;
  /** @type {import('./compute.js').ComputeTask[]} */ let waiting = [];
  /** @type {Map<string | null, {path: string, blob: Blob}[]>} */ const fileSets = new Map();
  /** @type {((task: import('./compute.js').ComputeTask) => object) | null} */ let run = null;
  let tasks = 0;
  let isSpent = () => false;

  // An interpreter that doesn't start is this worker's end, of which the frame tells.
  work.onmessage = ({ data }) => { hear(data).catch((error) => later(() => { throw error; })); };
  send({ isReady: true });

  async function hear({ module, fileSet, files, dropped, recall, tasks: given }) {
    if (recall !== undefined) waiting = waiting.filter(({ id }) => !recall.includes(id));
    if (fileSet !== undefined) {
      for (const key of dropped) fileSets.delete(key);
      fileSets.set(fileSet, files);
    }
    if (given !== undefined) waiting.push(...given);
    if (module !== undefined) {
      const interpreter = await started(module, send);
      const since = now();
      run = (task) => interpreter.run(task, fileSets.get(task.fileSet) ?? null, send);
      isSpent = () => interpreter.heapBytes() > HEAP_BYTES_MAX || (tasks >= TASKS_MAX && now() - since > LIFE_MS_MIN);
      // The time that it took to get here counts for no task.
      send({ isReady: true });
    }
    turns.port2.postMessage(null);
  }

  function runNext() {
    if (run === null || waiting.length === 0) return;
    const task = waiting.shift();
    const startedAt = now();
    let outcome;
    try {
      outcome = run(task);
    } catch (error) {
      // Not the script's exception but the interpreter's end.
      return send({ id: task.id, milliseconds: now() - startedAt, error: `Python ended: ${textOf(error)}`,
        isBroken: true });
    }
    tasks++;
    if (isSpent()) {
      run = null;
      outcome.isSpent = true;
    }
    send({ id: task.id, milliseconds: now() - startedAt, ...outcome });
    turns.port2.postMessage(null);
  }
}

/** Starts an interpreter with a script. @param {PythonModule} module @param {typeof postMessage} send */
async function started({ source, name, memoryMb, files, packages }, send) {
  const grow = WebAssembly.Memory.prototype.grow;
  const pagesMax = Math.max(memoryMb, MEMORY_MB_MIN) * MB / PAGE_BYTES;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength / PAGE_BYTES + pages > pagesMax) throw new RangeError('That is over the memory limit.');
    return Reflect.apply(grow, this, [pages]);
  };

  const answers = new Map([
    ['pyodide.asm.wasm', () => new Response(files.wasm, { headers: { 'Content-Type': 'application/wasm' } })],
    ['python_stdlib.zip', () => new Response(files.library)],
  ]);
  globalThis.fetch =
    async (url) => answers.get(String(url).slice(BASE.length))?.() ?? new Response(null, { status: 404 });
  // Asked by Pyodide whether this is a classic worker, in which it could do without this one's help.
  globalThis.importScripts = () => { throw new Error('Nothing is loaded here.'); };
  const { loadPyodide } = await import(addressOf(files.loader));
  const { default: createPyodideModule } = await import(addressOf(files.glue));
  const load = (more) => loadPyodide({
    indexURL: BASE, packageBaseUrl: BASE, lockFileContents: JSON.parse(files.lock), createPyodideModule,
    jsglobals: Object.create(null),
    env: { HOME: '/home/python' }, ...more,
  });
  const python = await begun(load, files, send);
  // Reads the tasks' files; the script finds no such thing.
  python.FS.filesystems.WORKERFS.reader = new FileReaderSync();
  takeAway(TAKEN_AWAY);
  const wheels =
    await Promise.all(packages.map(async ({ path, blob }) => [path, new Uint8Array(await blob.arrayBuffer())]));

  const globals = python.toPy({ source, filename: name, wheels, folder: PACKAGES });
  python.runPython(files.harness, { globals, filename: 'weft_task.py' });
  // The script's way into JavaScript: there is nothing for it, and what it doesn't find it can't take to pieces.
  python.runPython(`
import random, sys
# What starts from a snapshot must not draw the same numbers as all others.
random.seed()
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != 'JsFinder']
del random
for name in [name for name in sys.modules if name.split('.')[0] in ('js', 'pyodide_js')]:
    del sys.modules[name]
del name
script = Script(bytes(source), filename, [(name, io.BytesIO(bytes(wheel))) for name, wheel in wheels], folder)
del source, wheels
def run_call(payload, call, tell):
    result, error, is_final = script.run(payload, json.loads(call), tell)
    return (result, error, is_final)
`, { globals });
  const call = globals.get('run_call');

  // The script may say more than it should: the frame's page would hear nothing else.
  let toldAt = -PROGRESS_MS;
  const tell = (id, progress) => {
    if (performance.now() - toldAt < PROGRESS_MS) return;
    toldAt = performance.now();
    send({ id, progress });
  };

  return {
    run({ id, queue, type, attempt, args, env, payload, outBytesMax, outputsMax }, files, send) {
      const folder = files === null ? undefined : FOLDER;
      const writes = outBytesMax > 0;
      if (files !== null) mount(python.FS, files, writes);
      try {
        const outcome = call(payload, JSON.stringify({ id, queue, type, attempt, args, env, folder }),
          (part) => tell(id, Number(part)));
        const [result, error, isFinal] = outcome.toJs();
        outcome.destroy();
        if (error !== undefined && error !== null) return { error, isFinal };
        return writes ? withOutputs(python.FS, result, outputsMax) : { result };
      } finally {
        if (writes) python.FS.unmount(OUT);
        if (files !== null) python.FS.unmount(FOLDER);
      }
    },
    heapBytes: () => python._module.HEAP8.buffer.byteLength,
  };
}

/**
 * An interpreter, from a snapshot if there is a sound one; else one of which a snapshot is told, before it has seen any
 * script. Pyodide calls both private, so that without them it must start as well.
 */
async function begun(load, { snapshot, harness }, send) {
  if (snapshot !== undefined) {
    const python = await load({ _loadSnapshot: snapshot }).catch(() => null);
    if (python !== null) return python;
  }
  const python = await load({ _makeSnapshot: true });
  try {
    // With what the harness imports, which takes as long as the start itself.
    python.runPython(harness.match(/^import .+$/gm).join('\n'));
    const made = python.makeMemorySnapshot();
    send({ snapshot: made }, [made.buffer]);
  } catch {
    // Then each starts by itself.
  }
  return python;
}

/**
 * Lays a task's files, which can only be read, where it runs.
 * @param {any} fs
 * @param {{path: string, blob: Blob}[]} files
 * @param {boolean} writes Whether there is a folder for what it writes.
 */
function mount(fs, files, writes) {
  if (!fs.analyzePath(FOLDER).exists) fs.mkdir(FOLDER);
  const blobs = files.map(({ path, blob }) => ({ name: path, data: blob }));
  // A file system that is only read makes folders for its files alone.
  if (writes) blobs.push({ name: 'out/.keep', data: new Blob() });
  fs.mount(fs.filesystems.WORKERFS, { blobs }, FOLDER);
  if (writes) fs.mount(fs.filesystems.MEMFS, {}, OUT);
}

/** A result with the files that came with it. @param {any} fs @param {string} result @param {number} max */
function withOutputs(fs, result, max) {
  const outputs = [];
  const folders = [''];
  for (const folder of folders) {
    for (const name of fs.readdir(`${OUT}/${folder}`)) {
      if (name === '.' || name === '..') continue;
      const path = folder + name;
      const { mode } = fs.lstat(`${OUT}/${path}`);
      if (fs.isDir(mode)) folders.push(`${path}/`);
      else if (!fs.isFile(mode)) return { error: `out/${path} is not a file: only files are kept.` };
      else if (outputs.length === max)
        return { error: `The task wrote more than ${max} files below out: pack them into one.` };
      else outputs.push({ path, blob: new Blob([fs.readFile(`${OUT}/${path}`)]) });
    }
  }
  return { result, outputs };
}

/** @param {string} text */
function addressOf(text) {
  return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
}

/** @param {unknown} error */
function textOf(error) {
  try {
    return String(error).slice(0, ERROR_CHARS_MAX);
  } catch {
    return 'it threw a value that can’t be shown.';
  }
}
