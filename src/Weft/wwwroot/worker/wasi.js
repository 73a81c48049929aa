// WASI preview 1 for a command that has a stdin, a stdout, a stderr and maybe files (wasi-files.js): no network.
// Numbers, layouts and names: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
// Numbers of 32 bits come with a sign. Those that are addresses, lengths or descriptors have none: `>>> 0`.

import { Clock } from './wasi-clock.js';
import { DIRECTORY, RIGHTS_ALL } from './wasi-files.js';
import { WASI } from './wasi-functions.js';
import { Output, Tail } from './wasi-output.js';

const SUCCESS = 0, EBADF = 8, EINVAL = 28, EMFILE = 33, ENOENT = 44, ENOSYS = 52, ENOTDIR = 54, ENOTSOCK = 57;
const EROFS = 69, ESPIPE = 70, ENOTCAPABLE = 76, APPEND = 1, FLAGS_ALL = 31;
const STDIN = 0, STDOUT = 1, STDERR = 2;
const RIGHT_FD_READ = 1n << 1n, RIGHT_FD_WRITE = 1n << 6n, RIGHT_POLL = 1n << 27n;
const SET_ACCESSED = 1, ACCESSED_NOW = 2, SET_MODIFIED = 4, MODIFIED_NOW = 8;

const SUBSCRIPTION_BYTES = 48, EVENT_BYTES = 32;
const EVENT_CLOCK = 0, EVENT_FD_READ = 1, EVENT_FD_WRITE = 2, CLOCK_ABSOLUTE = 1;
// Each one asked for is an object of ours, which counts as none of the module's memory.
const SUBSCRIPTIONS_MAX = 4_096;
const WRITABLE_BYTES = 65_536n;
const OPEN_MAX = 1_024;

const ROOT = new Uint8Array([47]);
const ON_SOCKETS = ['sock_accept', 'sock_recv', 'sock_send', 'sock_shutdown'];

const NOTHING = new Uint8Array(0);
const NO_VIEW = new DataView(NOTHING.buffer);

// (module (func (export "trap") unreachable)): exceptions of JavaScript pass through a module's catch_all, a trap
// doesn't.
const TRAP_MODULE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114,
  97, 112, 0, 0, 10, 5, 1, 3, 0, 0, 11]);
const trap = /** @type {() => never} */ (new WebAssembly.Instance(new WebAssembly.Module(TRAP_MODULE)).exports.trap);

/**
 * How a command has ended before its `_start` returned: by itself, with a code; or by us, with the words for people.
 * @typedef {{code: number} | {error: string}} Ending
 */

/**
 * The system of one command after another. Used by one instance at a time.
 */
export class Wasi {
  stdout = new Output();
  stderr = new Tail();
  /** Whether the command named a file. */
  askedForFiles = false;
  /** Set once. The module may have caught what ended it, and gone on: this is what counts. @type {Ending | null} */
  ending = null;
  #clock = new Clock();
  /** @type {WebAssembly.Memory | null} */ #memory = null;
  #view = NO_VIEW;
  #stdin = NOTHING;
  #read = 0;
  #stdoutBytesMax = 0;
  /** @type {Uint8Array[]} */ #args = [];
  /** @type {Uint8Array[]} */ #environment = [];
  /**
   * What each descriptor leads to; undefined when it is closed.
   * @type {(number | import('./wasi-files.js').OpenFile | undefined)[]}
   */
  #streams = [];
  /** @type {import('./wasi-files.js').FileTree | null} */ #files = null;

  /**
   * What a module may import: `{wasi_snapshot_preview1: {…}}`. Without prototypes, since a module may import by any
   * name, and would find what all objects of JavaScript have.
   */
  imports = bare({ [WASI]: bare(this.#functions()) });

  /**
   * Gets ready for the next command, once the one before is forgotten.
   * @param {{stdin: Uint8Array, args: Uint8Array[], environment: Uint8Array[], fixed: boolean, stdoutBytesMax: number,
   *   files: import('./wasi-files.js').FileTree | null, outBytesMax: number}} run
   *   The strings end with NUL. `fixed`: clock and random numbers are the same at every run. `files`: null for none.
   */
  reset(run) {
    this.#stdin = run.stdin;
    this.#args = run.args;
    this.#environment = run.environment;
    this.#clock.reset(run.fixed);
    this.#stdoutBytesMax = run.stdoutBytesMax;
    this.stdout.reset(run.stdoutBytesMax);
    this.#streams = [STDIN, STDOUT, STDERR];
    this.#files = run.files;
    if (run.files === null) return;
    run.files.begin(run.outBytesMax, () => this.#clock.now(0));
    this.#streams.push(run.files.open());
  }

  /** Forgets the command, and all that it could reach. */
  forget() {
    this.#memory = null;
    this.#view = NO_VIEW;
    this.#stdin = NOTHING;
    this.#read = 0;
    this.#args = [];
    this.#environment = [];
    this.#streams = [];
    this.#files?.begin(0);
    this.#files = null;
    this.stdout.reset(0);
    this.stderr.reset();
    this.askedForFiles = false;
    this.ending = null;
  }

  /** The files that the command has written. */
  get outputs() { return this.#files?.outputs ?? []; }

  /** @param {WebAssembly.Memory} memory The instance's own. Before that no address is right. */
  attach(memory) {
    this.#memory = memory;
    this.#view = new DataView(memory.buffer);
  }

  // Ends the command, whatever it catches.
  /** @param {Ending} ending @returns {never} */
  #end(ending) {
    this.ending ??= ending;
    // In an engine that lets it go on, its next call ends here again.
    this.#memory = null;
    this.#view = NO_VIEW;
    trap();
  }

  // Memory that grows gets another buffer, and views of the old one see nothing.
  get #data() {
    if (this.#memory !== null && this.#view.buffer !== this.#memory.buffer)
      this.#view = new DataView(this.#memory.buffer);
    return this.#view;
  }

  // Where so many bytes begin, which all are within the memory.
  /** @param {number} address @param {number} length */
  #place(address, length) {
    const at = address >>> 0;
    if (at + length > this.#data.byteLength)
      this.#end({ error: `The module trapped: ${length} bytes at address ${at} are outside its memory` });
    return at;
  }

  #bytes(address, length) {
    const size = length >>> 0;
    return size === 0 ? NOTHING : new Uint8Array(this.#data.buffer, this.#place(address, size), size);
  }

  #put32(address, value) {
    this.#data.setUint32(this.#place(address, 4), value, true);
  }

  #put64(address, value) {
    this.#data.setBigUint64(this.#place(address, 8), value, true);
  }

  #isOpen(fd) {
    return this.#streams[fd >>> 0] !== undefined;
  }

  /**
   * The open file of a descriptor; undefined: it is a stream, or closed.
   * @returns {import('./wasi-files.js').OpenFile | undefined}
   */
  #file(fd) {
    const stream = this.#streams[fd >>> 0];
    return typeof stream === 'object' ? stream : undefined;
  }

  /** The open directory of a descriptor, from which a path begins. */
  #folder(fd) {
    this.askedForFiles = true;
    const file = this.#file(fd);
    return file?.node.type === DIRECTORY ? file.node : undefined;
  }

  #functions() {
    const functions = {
      args_get: (pointers, text) => this.#putStrings(this.#args, pointers, text),
      args_sizes_get: (count, size) => this.#putSizes(this.#args, count, size),
      environ_get: (pointers, text) => this.#putStrings(this.#environment, pointers, text),
      environ_sizes_get: (count, size) => this.#putSizes(this.#environment, count, size),
      clock_res_get: (clock, out) => this.#putTime(out, this.#clock.resolution(clock >>> 0)),
      clock_time_get: (clock, _precision, out) => this.#putTime(out, this.#clock.now(clock >>> 0)),
      random_get: (address, length) => { this.#clock.random.fill(this.#bytes(address, length)); return SUCCESS; },
      fd_read: (fd, vectors, count, out) => this.#fdRead(fd, vectors, count, out),
      fd_write: (fd, vectors, count, out) => this.#fdWrite(fd, vectors, count, out),
      fd_close: (fd) => this.#close(fd),
      fd_renumber: (from, to) => this.#renumber(from >>> 0, to >>> 0),
      fd_seek: (fd, by, from, out) => this.#seek(fd, by, from, out),
      fd_tell: (fd, out) => this.#seek(fd, 0n, 1, out),
      fd_pread: (fd, vectors, count, offset, out) =>
        this.#fileRead(this.#file(fd), vectors, count, BigInt.asUintN(64, offset), out),
      fd_readdir:
        (fd, buffer, size, cookie, out) => this.#readFolder(fd, buffer, size, BigInt.asUintN(64, cookie), out),
      fd_prestat_get: (fd, out) => this.#prestat(fd, out),
      fd_prestat_dir_name: (fd, path, size) => this.#prestatName(fd, path, size),
      fd_advise: (fd) => this.#file(fd) === undefined ? EBADF : SUCCESS,
      fd_datasync: (fd) => this.#file(fd) === undefined ? EBADF : SUCCESS,
      fd_sync: (fd) => this.#file(fd) === undefined ? EBADF : SUCCESS,
      fd_pwrite: (fd, vectors, count, offset, out) =>
        this.#fileWrite(this.#file(fd), vectors, count, BigInt.asUintN(64, offset), out),
      fd_allocate: (fd, offset, length) => this.#resize(fd, BigInt.asUintN(64, offset + length), true),
      fd_filestat_set_size: (fd, size) => this.#resize(fd, BigInt.asUintN(64, size), false),
      fd_filestat_set_times: (fd, accessed, modified, flags) => {
        const node = this.#file(fd)?.node;
        return node?.isWritable ? this.#setTimes(node, accessed, modified, flags) : EBADF;
      },
      path_open: (fd, _lookup, path, size, flags, rights, _inherited, fdFlags, out) =>
        this.#openPath(fd, path, size, flags, rights, fdFlags, out),
      path_create_directory: (fd, path, size) =>
        this.#inFolder(fd, (folder) => this.#files.makeFolder(folder, this.#bytes(path, size))),
      path_remove_directory: (fd, path, size) =>
        this.#inFolder(fd, (folder) => this.#files.remove(folder, this.#bytes(path, size), true)),
      path_unlink_file: (fd, path, size) =>
        this.#inFolder(fd, (folder) => this.#files.remove(folder, this.#bytes(path, size), false)),
      path_rename: (fd, path, size, toFd, target, targetSize) => this.#inFolder(fd, (from) =>
        this.#inFolder(toFd, (to) =>
          this.#files.rename(from, this.#bytes(path, size), to, this.#bytes(target, targetSize)))),
      path_link: (fd, _lookup, path, size, toFd, target, targetSize) =>
        this.#onPath(fd, path, size, () => this.#refuseLink(toFd, target, targetSize)),
      path_filestat_set_times: (fd, _lookup, path, size, accessed, modified, flags) => {
        const error = this.#onPath(fd, path, size,
          (node) => node.isWritable ? this.#setTimes(node, accessed, modified, flags) : EROFS);
        return error === ENOENT ? EROFS : error;
      },
      path_filestat_get: (fd, _lookup, path, size, out) => this.#pathStat(fd, path, size, out),
      path_readlink: (fd, path, size) => this.#onPath(fd, path, size, () => EINVAL),
      path_symlink: (_old, _oldSize, fd, path, size) => this.#refuseLink(fd, path, size),
      fd_fdstat_get: (fd, out) => this.#fdStat(fd, out),
      fd_fdstat_set_flags: (fd, flags) => this.#setFlags(fd, flags),
      fd_fdstat_set_rights: (fd, rights) => this.#setRights(fd, BigInt.asUintN(64, rights)),
      fd_filestat_get: (fd, out) => this.#fileStat(fd, out),
      poll_oneoff: (subscriptions, events, count, out) => this.#poll(subscriptions, events, count >>> 0, out),
      proc_exit: (code) => this.#end({ code: code >>> 0 }),
      proc_raise: () => ENOSYS,
      sched_yield: () => SUCCESS,
    };
    for (const name of ON_SOCKETS) functions[name] = (fd) => this.#isOpen(fd) ? ENOTSOCK : EBADF;
    return functions;
  }

  /** @param {Uint8Array[]} strings */
  #putSizes(strings, count, size) {
    this.#put32(count, strings.length);
    this.#put32(size, strings.reduce((sum, string) => sum + string.length, 0));
    return SUCCESS;
  }

  /** @param {Uint8Array[]} strings */
  #putStrings(strings, pointers, text) {
    for (const string of strings) {
      this.#put32(pointers, text);
      this.#bytes(text, string.length).set(string);
      pointers = (pointers >>> 0) + 4;
      text = (text >>> 0) + string.length;
    }
    return SUCCESS;
  }

  /** @param {bigint | undefined} time */
  #putTime(out, time) {
    if (time === undefined) return EINVAL;
    this.#put64(out, time);
    return SUCCESS;
  }

  #close(fd) {
    if (!this.#isOpen(fd)) return EBADF;
    const file = this.#file(fd);
    if (file !== undefined) this.#files.close(file);
    this.#streams[fd >>> 0] = undefined;
    return SUCCESS;
  }

  #setFlags(fd, flags) {
    const file = this.#file(fd);
    if (file !== undefined) file.flags = flags & FLAGS_ALL;
    return this.#isOpen(fd) ? SUCCESS : EBADF;
  }

  // Rights only become fewer.
  #setRights(fd, rights) {
    const file = this.#file(fd);
    if (file === undefined) return this.#isOpen(fd) ? ENOSYS : EBADF;
    if ((rights & ~file.rights) !== 0n) return ENOTCAPABLE;
    file.rights = rights;
    file.writes &&= (rights & RIGHT_FD_WRITE) !== 0n;
    return SUCCESS;
  }

  // What the task has not made has none: 0.
  #setTimes(node, accessed, modified, flags) {
    // Both at once: to a time, and to the present.
    if ((flags & flags >> 1 & (SET_ACCESSED | SET_MODIFIED)) !== 0) return EINVAL;
    const now = (flags & (ACCESSED_NOW | MODIFIED_NOW)) === 0 ? 0n : this.#clock.now(0);
    if ((flags & ACCESSED_NOW) !== 0) node.accessed = now;
    if ((flags & SET_ACCESSED) !== 0) node.accessed = accessed;
    if ((flags & MODIFIED_NOW) !== 0) node.modified = now;
    if ((flags & SET_MODIFIED) !== 0) node.modified = modified;
    return SUCCESS;
  }

  #renumber(from, to) {
    const stream = this.#streams[from];
    if (stream === undefined || !this.#isOpen(to)) return EBADF;
    if (from === to) return SUCCESS;
    this.#close(to);
    this.#streams[from] = undefined;
    this.#streams[to] = stream;
    return SUCCESS;
  }

  #fdRead(fd, vectors, count, out) {
    const file = this.#file(fd);
    if (file !== undefined) return this.#fileRead(file, vectors, count, null, out);
    if (this.#streams[fd >>> 0] !== STDIN) return EBADF;
    const start = this.#read;
    for (let i = 0, left = count >>> 0; i < left; i++) {
      const target = this.#vector(vectors, i);
      const piece = this.#stdin.subarray(this.#read, this.#read + target.length);
      target.set(piece);
      this.#read += piece.length;
    }
    this.#put32(out, this.#read - start);
    return SUCCESS;
  }

  // From an offset, or from the file's own, which moves on.
  #fileRead(file, vectors, count, offset, out) {
    if (file === undefined || ((file.rights & RIGHT_FD_READ) === 0n && file.node.type !== DIRECTORY)) return EBADF;
    const start = offset ?? file.offset;
    let read = 0;
    for (let i = 0, left = count >>> 0; i < left; i++) {
      const target = this.#vector(vectors, i);
      const copied = this.#files.read(file.node, start + BigInt(read), target);
      if (copied < 0) return -copied;
      read += copied;
      if (copied < target.length) break;
    }
    if (offset === null) file.offset += BigInt(read);
    this.#put32(out, read);
    return SUCCESS;
  }

  #seek(fd, by, from, out) {
    const file = this.#file(fd);
    if (file === undefined) return this.#isOpen(fd) ? ESPIPE : EBADF;
    const error = this.#files.seek(file, by, from);
    if (error === SUCCESS) this.#put64(out, file.offset);
    return error;
  }

  #readFolder(fd, buffer, size, cookie, out) {
    const file = this.#file(fd);
    if (file === undefined) return EBADF;
    const entries = this.#files.entries(file.node, cookie, size >>> 0);
    if (typeof entries === 'number') return entries;
    this.#bytes(buffer, entries.length).set(entries);
    this.#put32(out, entries.length);
    return SUCCESS;
  }

  #prestat(fd, out) {
    if (this.#file(fd)?.isRoot !== true) return EBADF;
    this.#put32(out, 0);
    this.#put32((out >>> 0) + 4, ROOT.length);
    return SUCCESS;
  }

  #prestatName(fd, path, size) {
    if (this.#file(fd)?.isRoot !== true) return EBADF;
    if (size >>> 0 < ROOT.length) return EINVAL;
    this.#bytes(path, ROOT.length).set(ROOT);
    return SUCCESS;
  }

  // What becomes of a path in an open folder.
  #inFolder(fd, use) {
    const folder = this.#folder(fd);
    if (folder === undefined) return this.#file(fd) === undefined ? EBADF : ENOTDIR;
    return use(folder);
  }

  #openPath(fd, path, size, flags, rights, fdFlags, out) {
    return this.#inFolder(fd, (folder) => {
      const opened = this.#files.openAt(folder, this.#bytes(path, size), flags, rights, fdFlags);
      if (typeof opened === 'number') return opened;
      let free = this.#streams.indexOf(undefined, STDERR + 1);
      if (free < 0) free = this.#streams.length;
      if (free >= OPEN_MAX) {
        this.#files.close(opened);
        return EMFILE;
      }
      this.#streams[free] = opened;
      this.#put32(out, free);
      return SUCCESS;
    });
  }

  // What becomes of the node at a path.
  #onPath(fd, path, size, use) {
    return this.#inFolder(fd, (folder) => {
      const node = this.#files.find(folder, this.#bytes(path, size));
      return typeof node === 'number' ? node : use(node);
    });
  }

  #refuseLink(fd, path, size) {
    return this.#inFolder(fd, (folder) => this.#files.make(folder, this.#bytes(path, size)));
  }

  #pathStat(fd, path, size, out) {
    return this.#onPath(fd, path, size, (node) => this.#putStat(node, out));
  }

  #putStat({ type, inode, blob, size, accessed, modified }, out) {
    this.#bytes(out, 64).fill(0);
    const at = out >>> 0;
    this.#put64(at + 8, BigInt(inode));
    this.#data.setUint8(at + 16, type);
    this.#put64(at + 24, 1n);
    this.#put64(at + 32, BigInt(blob?.size ?? size ?? 0));
    this.#put64(at + 40, accessed ?? 0n);
    this.#put64(at + 48, modified ?? 0n);
    return SUCCESS;
  }

  #fdWrite(fd, vectors, count, out) {
    const stream = this.#streams[fd >>> 0];
    if (typeof stream === 'object') return this.#fileWrite(stream, vectors, count, null, out);
    if (stream !== STDOUT && stream !== STDERR) return EBADF;
    const sink = stream === STDOUT ? this.stdout : this.stderr;
    let written = 0;
    for (let i = 0, left = count >>> 0; i < left; i++) {
      const piece = this.#vector(vectors, i);
      if (!sink.write(piece)) this.#end({ error: `The module’s output is over ${this.#stdoutBytesMax} bytes.` });
      written += piece.length;
    }
    this.#put32(out, written);
    return SUCCESS;
  }

  // At an offset, or at the file's own, which moves on.
  #fileWrite(file, vectors, count, offset, out) {
    if (!file?.writes) return EBADF;
    const start = offset ?? ((file.flags & APPEND) !== 0 ? BigInt(file.node.size) : file.offset);
    let written = 0;
    for (let i = 0, left = count >>> 0; i < left; i++) {
      const piece = this.#vector(vectors, i);
      const taken = this.#files.write(file.node, start + BigInt(written), piece);
      if (taken < 0 && written === 0) return -taken;
      written += Math.max(taken, 0);
      if (taken < piece.length) break;
    }
    if (offset === null) file.offset = start + BigInt(written);
    this.#put32(out, written);
    return SUCCESS;
  }

  #resize(fd, size, onlyGrows) {
    const file = this.#file(fd);
    if (!file?.writes) return EBADF;
    if (size >= 1n << 63n) return EINVAL;
    return onlyGrows && size <= file.node.size ? SUCCESS : this.#files.resize(file.node, Number(size));
  }

  #vector(vectors, index) {
    const at = this.#place((vectors >>> 0) + 8 * index, 8);
    return this.#bytes(this.#data.getUint32(at, true), this.#data.getUint32(at + 4, true));
  }

  // Of an unknown type, as pipes are: a character device would count as a terminal, and be written to line by line.
  #fdStat(fd, out) {
    const stream = this.#streams[fd >>> 0];
    if (stream === undefined) return EBADF;
    this.#bytes(out, 24).fill(0);
    if (typeof stream === 'object') {
      this.#data.setUint8(out >>> 0, stream.node.type);
      this.#data.setUint8((out >>> 0) + 2, stream.flags);
      this.#put64((out >>> 0) + 8, stream.rights);
      this.#put64((out >>> 0) + 16, RIGHTS_ALL);
      return SUCCESS;
    }
    this.#put64((out >>> 0) + 8, (stream === STDIN ? RIGHT_FD_READ : RIGHT_FD_WRITE) | RIGHT_POLL);
    return SUCCESS;
  }

  #fileStat(fd, out) {
    if (!this.#isOpen(fd)) return EBADF;
    const file = this.#file(fd);
    if (file !== undefined) return this.#putStat(file.node, out);
    this.#bytes(out, 64).fill(0);
    return SUCCESS;
  }

  #poll(subscriptions, events, count, out) {
    if (count === 0 || count > SUBSCRIPTIONS_MAX) return EINVAL;
    const start = this.#place(subscriptions, SUBSCRIPTION_BYTES * count);
    const target = this.#place(events, EVENT_BYTES * count);
    const asked = [];
    for (let i = 0; i < count; i++) {
      const event = this.#subscription(start + SUBSCRIPTION_BYTES * i);
      if (event === null) return EINVAL;
      asked.push(event);
    }

    const dueMin = asked.reduce((min, { due }) => due < min ? due : min, asked[0].due);
    this.#clock.sleepUntil(dueMin);

    const now = this.#clock.monotonic();
    const ready = asked.filter(({ due }) => due <= now);
    ready.forEach((event, i) => this.#putEvent(target + EVENT_BYTES * i, event));
    this.#put32(out, ready.length);
    return SUCCESS;
  }

  // Null for what isn't an event of any kind.
  #subscription(address) {
    const event = { userdata: this.#data.getBigUint64(address, true), type: this.#data.getUint8(address + 8),
      error: SUCCESS, due: 0n, bytes: 0n };
    if (event.type === EVENT_CLOCK) return this.#clockEvent(address, event);
    if (event.type !== EVENT_FD_READ && event.type !== EVENT_FD_WRITE) return null;

    // Streams never make wait: all of stdin is there, and whatever is written is taken.
    const stream = this.#streams[this.#data.getUint32(address + 16, true)];
    if (stream === undefined || (stream === STDIN || typeof stream === 'object') !== (event.type === EVENT_FD_READ))
      event.error = EBADF;
    else event.bytes = stream === STDIN ? BigInt(this.#stdin.length - this.#read) : WRITABLE_BYTES;
    return event;
  }

  #clockEvent(address, event) {
    const clock = this.#data.getUint32(address + 16, true);
    const time = this.#data.getBigUint64(address + 24, true);
    const isAbsolute = (this.#data.getUint16(address + 40, true) & CLOCK_ABSOLUTE) !== 0;
    const now = this.#clock.now(clock);
    if (now === undefined) event.error = EINVAL;
    else event.due = this.#clock.monotonic() + (isAbsolute ? time - now : time);
    return event;
  }

  #putEvent(address, event) {
    this.#bytes(address, EVENT_BYTES).fill(0);
    this.#put64(address, event.userdata);
    this.#data.setUint16(address + 8, event.error, true);
    this.#data.setUint8(address + 10, event.type);
    this.#put64(address + 16, event.bytes);
  }
}

/** The same members, and nothing else to be found, or changed. @template T @param {T} members @returns {T} */
function bare(members) {
  return Object.freeze(Object.assign(Object.create(null), members));
}
