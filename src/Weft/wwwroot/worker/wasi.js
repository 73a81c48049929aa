// WASI preview 1 for a command that has a stdin, a stdout, a stderr and nothing else: no files, no network.
// Numbers, layouts and names: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md

import { Calendar } from './wasi-clock.js';
import { Output, Tail } from './wasi-output.js';

const SUCCESS = 0, EBADF = 8, EINVAL = 28, ENOSYS = 52, ESPIPE = 70;
const STDIN = 0, STDOUT = 1, STDERR = 2;
const RIGHT_FD_READ = 1n << 1n, RIGHT_FD_WRITE = 1n << 6n, RIGHT_POLL = 1n << 27n;

const SUBSCRIPTION_BYTES = 48, EVENT_BYTES = 32;
const EVENT_CLOCK = 0, CLOCK_ABSOLUTE = 1;

// What only works on files: there are none, so whatever is passed as their descriptor is a bad one.
const ON_FILES = [
  'fd_advise', 'fd_allocate', 'fd_datasync', 'fd_filestat_set_size', 'fd_filestat_set_times', 'fd_pread', 'fd_prestat_dir_name',
  'fd_prestat_get', 'fd_pwrite', 'fd_readdir', 'fd_sync', 'path_create_directory', 'path_filestat_get', 'path_filestat_set_times',
  'path_link', 'path_open', 'path_readlink', 'path_remove_directory', 'path_rename', 'path_symlink', 'path_unlink_file',
];
const NOT_HERE = ['fd_fdstat_set_rights', 'fd_renumber', 'proc_raise', 'sock_accept', 'sock_recv', 'sock_send', 'sock_shutdown'];

/** How a command says that it ends; it travels through its frames as an exception. */
export class Exit {
  /** @param {number} code */
  constructor(code) { this.code = code; }
}

/**
 * The system of one command after another. Used by one instance at a time.
 */
export class Wasi {
  stdout = new Output();
  stderr = new Tail();
  #calendar = new Calendar();
  /** @type {WebAssembly.Memory} */ #memory;
  #view = new DataView(new ArrayBuffer(0));
  /** @type {Uint8Array} */ #stdin = new Uint8Array(0);
  #read = 0;
  /** @type {Uint8Array[]} */ #args = [];
  /** @type {Uint8Array[]} */ #environment = [];

  /** What a module may import: `{wasi_snapshot_preview1: {…}}`. */
  imports = { wasi_snapshot_preview1: this.#functions() };

  /**
   * Forgets the command before, and gets ready for the next one.
   * @param {{stdin: Uint8Array, args: Uint8Array[], environment: Uint8Array[], fixed: boolean, stdoutBytesMax: number}} run
   *   The strings end with NUL. `fixed`: clock and random numbers are the same at every run.
   */
  reset(run) {
    this.#stdin = run.stdin;
    this.#read = 0;
    this.#args = run.args;
    this.#environment = run.environment;
    this.#calendar.reset(run.fixed);
    this.stdout.reset(run.stdoutBytesMax);
    this.stderr.reset();
  }

  /** @param {WebAssembly.Memory} memory The instance's own. */
  attach(memory) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer);
  }

  // Memory that grows gets another buffer, and views of the old one see nothing.
  get #data() {
    if (this.#view.buffer !== this.#memory.buffer) this.#view = new DataView(this.#memory.buffer);
    return this.#view;
  }

  #bytes(address, length) {
    return new Uint8Array(this.#memory.buffer, address >>> 0, length >>> 0);
  }

  #functions() {
    const functions = {
      args_get: (pointers, text) => this.#putStrings(this.#args, pointers, text),
      args_sizes_get: (count, size) => this.#putSizes(this.#args, count, size),
      environ_get: (pointers, text) => this.#putStrings(this.#environment, pointers, text),
      environ_sizes_get: (count, size) => this.#putSizes(this.#environment, count, size),
      clock_res_get: (clock, out) => this.#putTime(out, this.#calendar.resolution(clock)),
      clock_time_get: (clock, _precision, out) => this.#putTime(out, this.#calendar.now(clock)),
      random_get: (address, length) => { this.#calendar.random.fill(this.#bytes(address, length)); return SUCCESS; },
      fd_read: (fd, vectors, count, out) => this.#fdRead(fd, vectors, count, out),
      fd_write: (fd, vectors, count, out) => this.#fdWrite(fd, vectors, count, out),
      fd_close: (fd) => isOpen(fd) ? SUCCESS : EBADF,
      fd_seek: (fd) => isOpen(fd) ? ESPIPE : EBADF,
      fd_tell: (fd) => isOpen(fd) ? ESPIPE : EBADF,
      fd_fdstat_get: (fd, out) => this.#fdStat(fd, out),
      fd_fdstat_set_flags: (fd) => isOpen(fd) ? SUCCESS : EBADF,
      fd_filestat_get: (fd, out) => this.#fileStat(fd, out),
      poll_oneoff: (subscriptions, events, count, out) => this.#poll(subscriptions, events, count, out),
      proc_exit: (code) => { throw new Exit(code >>> 0); },
      sched_yield: () => SUCCESS,
    };
    for (const name of ON_FILES) functions[name] = () => EBADF;
    for (const name of NOT_HERE) functions[name] = () => ENOSYS;
    return functions;
  }

  /** @param {Uint8Array[]} strings */
  #putSizes(strings, count, size) {
    this.#data.setUint32(count, strings.length, true);
    this.#data.setUint32(size, strings.reduce((sum, string) => sum + string.length, 0), true);
    return SUCCESS;
  }

  /** @param {Uint8Array[]} strings */
  #putStrings(strings, pointers, text) {
    for (const string of strings) {
      this.#data.setUint32(pointers, text, true);
      this.#bytes(text, string.length).set(string);
      pointers += 4;
      text += string.length;
    }
    return SUCCESS;
  }

  /** @param {bigint | undefined} time */
  #putTime(out, time) {
    if (time === undefined) return EINVAL;
    this.#data.setBigUint64(out, time, true);
    return SUCCESS;
  }

  #fdRead(fd, vectors, count, out) {
    if (fd !== STDIN) return EBADF;
    const start = this.#read;
    for (let i = 0; i < count; i++) {
      const target = this.#vector(vectors, i);
      const piece = this.#stdin.subarray(this.#read, this.#read + target.length);
      target.set(piece);
      this.#read += piece.length;
    }
    this.#data.setUint32(out, this.#read - start, true);
    return SUCCESS;
  }

  #fdWrite(fd, vectors, count, out) {
    if (fd !== STDOUT && fd !== STDERR) return EBADF;
    const sink = fd === STDOUT ? this.stdout : this.stderr;
    let written = 0;
    for (let i = 0; i < count; i++) {
      const piece = this.#vector(vectors, i);
      sink.write(piece);
      written += piece.length;
    }
    this.#data.setUint32(out, written, true);
    return SUCCESS;
  }

  #vector(vectors, index) {
    const address = vectors + 8 * index;
    return this.#bytes(this.#data.getUint32(address, true), this.#data.getUint32(address + 4, true));
  }

  // Of an unknown type, as pipes are: a character device would count as a terminal, and be written to line by line.
  #fdStat(fd, out) {
    if (!isOpen(fd)) return EBADF;
    this.#bytes(out, 24).fill(0);
    this.#data.setBigUint64(out + 8, (fd === STDIN ? RIGHT_FD_READ : RIGHT_FD_WRITE) | RIGHT_POLL, true);
    return SUCCESS;
  }

  #fileStat(fd, out) {
    if (!isOpen(fd)) return EBADF;
    this.#bytes(out, 64).fill(0);
    return SUCCESS;
  }

  #poll(subscriptions, events, count, out) {
    if (count === 0) return EINVAL;
    const asked = Array.from({ length: count }, (_, i) => this.#subscription(subscriptions + SUBSCRIPTION_BYTES * i));
    const dueMin = asked.reduce((min, { due }) => due < min ? due : min, asked[0].due);
    this.#calendar.sleepUntil(dueMin);

    const now = this.#calendar.monotonic();
    const ready = asked.filter(({ due }) => due <= now);
    ready.forEach((event, i) => this.#putEvent(events + EVENT_BYTES * i, event));
    this.#data.setUint32(out, ready.length, true);
    return SUCCESS;
  }

  #subscription(address) {
    const event = { userdata: this.#data.getBigUint64(address, true), type: this.#data.getUint8(address + 8), error: SUCCESS, due: 0n };
    if (event.type !== EVENT_CLOCK) {
      // Streams never make wait: all of stdin is there, and whatever is written is taken.
      event.error = isOpen(this.#data.getUint32(address + 16, true)) ? SUCCESS : EBADF;
      return event;
    }

    const clock = this.#data.getUint32(address + 16, true);
    const time = this.#data.getBigUint64(address + 24, true);
    const isAbsolute = (this.#data.getUint16(address + 40, true) & CLOCK_ABSOLUTE) !== 0;
    const now = this.#calendar.now(clock);
    if (now === undefined) event.error = EINVAL;
    else event.due = this.#calendar.monotonic() + (isAbsolute ? time - now : time);
    return event;
  }

  #putEvent(address, event) {
    this.#bytes(address, EVENT_BYTES).fill(0);
    this.#data.setBigUint64(address, event.userdata, true);
    this.#data.setUint16(address + 8, event.error, true);
    this.#data.setUint8(address + 10, event.type);
  }
}

/** @param {number} fd */
function isOpen(fd) {
  return fd === STDIN || fd === STDOUT || fd === STDERR;
}
