// The files of a task for WASI: a tree that is read, and that nobody can change. Their bytes stay with the browser,
// which keeps them on its disk if they are many; only the piece that is read last of each is here.

export const DIRECTORY = 3, REGULAR = 4;
const SUCCESS = 0, EEXIST = 20, EINVAL = 28, EIO = 29, EISDIR = 31, ENOENT = 44, ENOTDIR = 54, EPERM = 63, EROFS = 69;
const CREATE = 1, MUST_BE_DIRECTORY = 2, EXCLUSIVE = 4, TRUNCATE = 8;
const RIGHT_FD_WRITE = 1n << 6n;
// Libraries read some kilobytes at a time, and asking the browser takes as long as copying a hundred of them.
const PIECE_BYTES = 256 << 10;
const ENTRY_BYTES = 24;

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
 * @typedef {{node: Node, offset: bigint, isRoot: boolean}} OpenFile
 */

export class FileTree {
  /** @type {Node} */ root = { type: DIRECTORY, inode: 1, parent: null, children: new Map() };
  #count = 1;
  #reader;

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

  /** @returns {OpenFile} What leads to all others. */
  open() {
    return { node: this.root, offset: 0n, isRoot: true };
  }

  /** The node at a path, or why there is none. @param {Node} from @param {Uint8Array} path @returns {Node | number} */
  find(from, path) {
    const text = decoder.decode(path);
    if (text.startsWith('/')) return EPERM;
    let node = from;
    for (const name of text.split('/')) {
      if (node.type !== DIRECTORY) return ENOTDIR;
      if (name === '' || name === '.') continue;
      const next = name === '..' ? node.parent : node.children.get(name);
      if (next === null) return EPERM;
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
  openAt(from, path, flags, rights) {
    const node = this.find(from, path);
    if (node === ENOENT && (flags & CREATE) !== 0) return EROFS;
    if (typeof node === 'number') return node;
    if ((flags & CREATE) !== 0 && (flags & EXCLUSIVE) !== 0) return EEXIST;
    if ((flags & MUST_BE_DIRECTORY) !== 0 && node.type !== DIRECTORY) return ENOTDIR;
    // Libraries ask for all that a directory allows.
    if (node.type === REGULAR && ((flags & TRUNCATE) !== 0 || (rights & RIGHT_FD_WRITE) !== 0n)) return EROFS;
    return { node, offset: 0n, isRoot: false };
  }

  /** Why nothing is changed at a path. @param {Node} from @param {Uint8Array} path @returns {number} */
  refuse(from, path) {
    const node = this.find(from, path);
    return typeof node === 'number' && node !== ENOENT ? node : EROFS;
  }

  /**
   * Copies bytes of a file from an offset on.
   * @param {Node} node @param {bigint} offset @param {Uint8Array} target @returns {number} How many; negative: an
   *   error's number.
   */
  read(node, offset, target) {
    if (node.type !== REGULAR) return -EISDIR;
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
    const start = [0n, file.offset, BigInt(file.node.blob.size)][from];
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
    const added = { ...node, parent, inode: ++this.#count };
    parent.children.set(name, added);
    return added;
  }
}
