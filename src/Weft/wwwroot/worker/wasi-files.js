// The files of a task for WASI: a tree that nobody can change, but for a folder `out`, where it asked for that. The
// browser keeps what is read, on its disk if it is much; what is written is in memory.

export const DIRECTORY = 3, REGULAR = 4;
const SUCCESS = 0, EEXIST = 20, EINVAL = 28, EIO = 29, EISDIR = 31, ENOENT = 44, ENOSPC = 51, ENOTDIR = 54;
const ENOTEMPTY = 55, EPERM = 63, EROFS = 69;
const CREATE = 1, MUST_BE_DIRECTORY = 2, EXCLUSIVE = 4, TRUNCATE = 8, FLAGS_ALL = 31;
const RIGHT_FD_READ = 1n << 1n, RIGHT_FD_WRITE = 1n << 6n;
export const RIGHTS_ALL = (1n << 30n) - 1n;
// Without those to read and to write.
const RIGHTS_OF_FILES = 0x8e001bdn;
// Without those to seek, to write, and to set sizes.
const RIGHTS_OF_FOLDERS = RIGHTS_ALL & ~(1n << 2n | RIGHT_FD_WRITE | 1n << 19n | 1n << 22n);
// Asking the browser takes as long as copying a hundred times what libraries read at once.
const PIECE_BYTES = 256 << 10;
const ENTRY_BYTES = 24;
const OUT = 'out';
const WRITTEN_PIECE_BYTES = 64 << 10;
// Files and folders: empty ones have a bound, too.
const WRITTEN_MAX = 1_000;
const NAME_CHARS_MAX = 255;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * @typedef {object} Node
 * @property {number} type
 * @property {number} inode
 * @property {Node | null} parent
 * @property {Map<string, Node>} [children] Of a directory.
 * @property {Blob} [blob] Of a file.
 * @property {{at: number, bytes: Uint8Array}} [piece] What was read of it last.
 * @property {Uint8Array[]} [written] Pieces of a file that the task writes; what was left out is zeros.
 * @property {bigint} [accessed] In nanoseconds, of what the task has made.
 * @property {bigint} [modified]
 * @typedef {{node: Node, offset: bigint, isRoot: boolean, rights: bigint, writes: boolean, flags: number}}
 *   OpenFile
 */

export class FileTree {
  /** @type {Node} */ root = { type: DIRECTORY, inode: 1, parent: null, children: new Map() };
  #count = 1;
  #reader;
  #bytesMax = 0;
  #bytes = 0;
  #nodes = 0;
  #now;

  /** @param {{path: string, blob: Blob}[]} files @param {FileReaderSync} reader */
  constructor(files, reader) {
    this.#reader = reader;
    for (const { path, blob } of files) {
      const names = path.split('/');
      const name = names.pop();
      const folder = names.reduce((parent, each) => this.#add(parent, each, { type: DIRECTORY, children: new Map() }),
        this.root);
      this.#add(folder, name, { type: REGULAR, blob });
    }
  }

  /** Begins a run, which writes so many bytes at most; 0: it has no folder for that. `now`: asked for its time. */
  begin(bytesMax, now) {
    this.root.children.delete(OUT);
    this.#now = now;
    [this.#bytesMax, this.#bytes, this.#nodes] = [bytesMax, 0, 0];
    if (bytesMax > 0) this.#add(this.root, OUT, { type: DIRECTORY, children: new Map(), isWritable: true });
  }

  /** What the run has written, by paths below `out`. */
  get outputs() {
    const files = [];
    const walk = (folder, path) => {
      for (const [name, child] of folder.children) {
        if (child.type === DIRECTORY) walk(child, `${path}${name}/`);
        else files.push({ path: path + name, blob: blobOf(child) });
      }
    };
    const out = this.root.children.get(OUT);
    if (out?.isWritable) walk(out, '');
    return files;
  }

  /** @returns {OpenFile} What leads to all others. */
  open() {
    return { node: this.root, offset: 0n, isRoot: true, rights: RIGHTS_OF_FOLDERS, writes: false, flags: 0 };
  }

  /** The node at a path, or why there is none. @param {Node} from @param {Uint8Array} path @returns {Node | number} */
  find(from, path) {
    const text = decoder.decode(path);
    if (text.startsWith('/')) return EPERM;
    let node = from;
    for (const name of text.split('/')) {
      if (node.type !== DIRECTORY) return ENOTDIR;
      if (name === '' || name === '.') continue;
      // Nothing leads out of the folder in which a path begins.
      if (name === '..' && node === from) return EPERM;
      const next = name === '..' ? node.parent : node.children.get(name);
      if (next === undefined) return ENOENT;
      node = next;
    }
    return node;
  }

  /**
   * Opens a path as `path_open` asks for it.
   * @param {Node} from
   * @param {Uint8Array} path
   * @returns {OpenFile | number}
   */
  openAt(from, path, flags, rights, fdFlags) {
    const writes = (rights & RIGHT_FD_WRITE) !== 0n;
    let node = this.find(from, path);
    if (node === ENOENT && (flags & CREATE) !== 0)
      node = (flags & MUST_BE_DIRECTORY) !== 0 ? EINVAL : this.make(from, path, { type: REGULAR });
    else if (typeof node !== 'number') {
      const error = this.#refusalOf(node, flags, writes);
      if (error !== SUCCESS) return error;
      if ((flags & TRUNCATE) !== 0) this.resize(node, 0);
    }
    if (typeof node === 'number') return node;
    node.opens = (node.opens ?? 0) + 1;
    // All that there is, whatever was asked for, but what tells readers from writers.
    const given = node.type === DIRECTORY ? RIGHTS_OF_FOLDERS
      : RIGHTS_OF_FILES | rights & (RIGHT_FD_READ | RIGHT_FD_WRITE);
    return { node, offset: 0n, isRoot: false, rights: given, writes: writes && node.type === REGULAR,
      flags: fdFlags & FLAGS_ALL };
  }

  #refusalOf({ type, isWritable }, flags, writes) {
    if ((flags & CREATE) !== 0 && (flags & EXCLUSIVE) !== 0) return EEXIST;
    if ((flags & MUST_BE_DIRECTORY) !== 0 && type !== DIRECTORY) return ENOTDIR;
    if (type === DIRECTORY) return (flags & (CREATE | TRUNCATE)) !== 0 || writes ? EISDIR : SUCCESS;
    return ((flags & TRUNCATE) !== 0 || writes) && !isWritable ? EROFS : SUCCESS;
  }

  close({ node, isRoot }) {
    if (!isRoot && --node.opens === 0 && node.isDetached) this.resize(node, 0);
  }

  /** Without `made`: why there is no link. */
  make(from, path, made) {
    const place = this.#place(from, path);
    if (typeof place === 'number') return place;
    if (place.known !== undefined) return EEXIST;
    if (made === undefined && path.at(-1) === 47) return ENOENT;
    if (!place.folder.isWritable) return EROFS;
    if (made === undefined) return EPERM;
    if (this.#nodes >= WRITTEN_MAX) return ENOSPC;
    this.#nodes++;
    const now = this.#now();
    return this.#add(place.folder, place.name,
      { ...made, isWritable: true, written: [], size: 0, accessed: now, modified: now });
  }

  makeFolder(from, path) {
    const made = this.make(from, path, { type: DIRECTORY, children: new Map() });
    return typeof made === 'number' ? made : SUCCESS;
  }

  remove(from, path, isFolder) {
    const node = this.find(from, path);
    if (typeof node === 'number') return node;
    if (!isFolder && node.type === DIRECTORY) return EISDIR;
    if (isFolder && node.type !== DIRECTORY) return ENOTDIR;
    if (!node.parent?.isWritable) return EROFS;
    if (node.children?.size > 0) return ENOTEMPTY;
    this.#detach(node);
    return SUCCESS;
  }

  rename(from, path, to, target) {
    const node = this.find(from, path);
    if (typeof node === 'number') return node;
    const place = this.#place(to, target);
    if (typeof place === 'number') return place;
    const { folder, name, known } = place;
    if (!node.parent?.isWritable || !folder.isWritable) return EROFS;
    if (known === node) return SUCCESS;
    for (let above = folder; above !== null; above = above.parent) if (above === node) return EINVAL;
    if (known !== undefined) {
      if (known.type === DIRECTORY && node.type !== DIRECTORY) return EISDIR;
      if (known.type !== DIRECTORY && node.type === DIRECTORY) return ENOTDIR;
      if (known.children?.size > 0) return ENOTEMPTY;
      this.#detach(known);
    }
    node.parent.children.delete(node.name);
    Object.assign(node, { parent: folder, name });
    folder.children.set(name, node);
    return SUCCESS;
  }

  /** As many bytes as there is room for; negative: an error's number. */
  write(node, offset, bytes) {
    if (bytes.length === 0) return 0;
    const room = this.#bytesMax - this.#bytes + node.size;
    if (offset >= BigInt(room)) return -ENOSPC;
    const at = Number(offset);
    const count = Math.min(bytes.length, room - at);
    if (at + count > node.size) this.resize(node, at + count);
    for (let done = 0; done < count;) {
      const start = (at + done) % WRITTEN_PIECE_BYTES;
      const part = bytes.subarray(done, Math.min(count, done + WRITTEN_PIECE_BYTES - start));
      (node.written[Math.floor((at + done) / WRITTEN_PIECE_BYTES)] ??= new Uint8Array(WRITTEN_PIECE_BYTES))
        .set(part, start);
      done += part.length;
    }
    return count;
  }

  /** Longer, by zeros, or shorter. */
  resize(node, size) {
    if (size - node.size > this.#bytesMax - this.#bytes) return ENOSPC;
    this.#bytes += size - node.size;
    node.written.length = Math.ceil(size / WRITTEN_PIECE_BYTES);
    // What is cut off must not be there when the file grows again.
    if (size < node.size) node.written.at(-1)?.fill(0, (size - 1) % WRITTEN_PIECE_BYTES + 1);
    node.size = size;
    return SUCCESS;
  }

  /**
   * Copies bytes of a file from an offset on.
   * @param {Node} node @param {bigint} offset @param {Uint8Array} target @returns {number} How many; negative: an
   *   error's number.
   */
  read(node, offset, target) {
    if (node.type !== REGULAR) return -EISDIR;
    if (node.written !== undefined) return copyWritten(node, offset, target);
    const { blob } = node;
    let { piece } = node;
    if (offset >= BigInt(blob.size)) return 0;
    const at = Number(offset);
    let copied = 0;
    while (copied < target.length && at + copied < blob.size) {
      const start = at + copied - (at + copied) % PIECE_BYTES;
      if (piece?.at !== start) {
        try {
          piece = node.piece = { at: start,
            bytes: new Uint8Array(this.#reader.readAsArrayBuffer(blob.slice(start, start + PIECE_BYTES))) };
        } catch {
          // The browser has thrown it away.
          return -EIO;
        }
      }
      const part = piece.bytes.subarray(at + copied - start, at + copied - start + target.length - copied);
      if (part.length === 0) return -EIO;
      target.set(part, copied);
      copied += part.length;
    }
    return copied;
  }

  /** Moves a file's offset. @param {OpenFile} file @param {bigint} by @param {number} from @returns {number} */
  seek(file, by, from) {
    if (file.node.type !== REGULAR) return EISDIR;
    const start = [0n, file.offset, BigInt(file.node.size ?? file.node.blob.size)][from];
    if (start === undefined || start + by < 0n) return EINVAL;
    file.offset = start + by;
    return SUCCESS;
  }

  /**
   * A directory's entries from a cookie on, as `fd_readdir` gives them: the last one may be cut off.
   * @param {Node} node
   * @returns {Uint8Array | number}
   */
  entries(node, cookie, bytesMax) {
    if (node.type !== DIRECTORY) return ENOTDIR;
    const all = [['.', node], ['..', node.parent ?? node], ...node.children];
    const parts = [];
    let bytes = 0;
    for (let i = Number(cookie); i < all.length && bytes < bytesMax; i++) {
      const [name, { type, inode }] = all[i];
      const text = encoder.encode(name);
      const entry = new Uint8Array(ENTRY_BYTES + text.length);
      const view = new DataView(entry.buffer);
      view.setBigUint64(0, BigInt(i + 1), true);
      view.setBigUint64(8, BigInt(inode), true);
      view.setUint32(16, text.length, true);
      view.setUint8(20, type);
      entry.set(text, ENTRY_BYTES);
      parts.push(entry);
      bytes += entry.length;
    }

    const result = new Uint8Array(Math.min(bytes, bytesMax));
    let at = 0;
    for (const part of parts) {
      result.set(part.subarray(0, result.length - at), at);
      at += part.length;
    }
    return result;
  }

  #add(parent, name, node) {
    const present = parent.children.get(name);
    if (present !== undefined) return present;
    const added = { ...node, parent, name, inode: ++this.#count };
    parent.children.set(name, added);
    return added;
  }

  // The folder in which a path's last name is, and what has that name.
  #place(from, path) {
    const end = path.lastIndexOf(47);
    // What ends with a slash is a folder that is there.
    if (end > 0 && end === path.length - 1) return this.#place(from, path.subarray(0, end));
    const name = decoder.decode(path.subarray(end + 1));
    if (name.length > NAME_CHARS_MAX) return EINVAL;
    const folder = this.find(from, path.subarray(0, end < 0 ? 0 : Math.max(end, 1)));
    if (typeof folder === 'number') return folder;
    if (folder.type !== DIRECTORY) return ENOTDIR;
    return { folder, name, known: ['', '.', '..'].includes(name) ? folder : folder.children.get(name) };
  }

  #detach(node) {
    node.parent.children.delete(node.name);
    node.isDetached = true;
    this.#nodes--;
    if (!node.opens && node.type === REGULAR) this.resize(node, 0);
  }
}

function copyWritten({ written, size }, offset, target) {
  if (offset >= BigInt(size)) return 0;
  const at = Number(offset);
  const count = Math.min(target.length, size - at);
  for (let done = 0; done < count;) {
    const start = (at + done) % WRITTEN_PIECE_BYTES;
    const length = Math.min(count - done, WRITTEN_PIECE_BYTES - start);
    const piece = written[Math.floor((at + done) / WRITTEN_PIECE_BYTES)];
    if (piece === undefined) target.fill(0, done, done + length);
    else target.set(piece.subarray(start, start + length), done);
    done += length;
  }
  return count;
}

function blobOf({ written, size }) {
  const zeros = new Uint8Array(WRITTEN_PIECE_BYTES);
  return new Blob(Array.from(written, (piece = zeros, i) =>
    piece.subarray(0, Math.min(WRITTEN_PIECE_BYTES, size - i * WRITTEN_PIECE_BYTES))));
}
