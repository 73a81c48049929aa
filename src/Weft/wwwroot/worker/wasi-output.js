// What a command writes, bounded.

const STDERR_BYTES_MAX = 4_000;
const SPACE_BYTES_MIN = 1 << 10;
// More than this is given back after a task that wrote a lot.
const SPACE_BYTES_KEPT = 1 << 20;

/** Ends a command that writes too much. */
export class OutputOverflow {}

/** All of stdout, up to a limit. */
export class Output {
  #space = new Uint8Array(SPACE_BYTES_MIN);
  #length = 0;
  #bytesMax = 0;
  /** Whether the command wanted to write more than it may. It could have caught the exception. */
  overflowed = false;

  /** @param {number} bytesMax */
  reset(bytesMax) {
    if (this.#space.length > SPACE_BYTES_KEPT) this.#space = new Uint8Array(SPACE_BYTES_MIN);
    this.#length = 0;
    this.#bytesMax = bytesMax;
    this.overflowed = false;
  }

  /** Valid until the next write. */
  get bytes() { return this.#space.subarray(0, this.#length); }

  /** @param {Uint8Array} piece */
  write(piece) {
    const length = this.#length + piece.length;
    if (length > this.#bytesMax) {
      this.overflowed = true;
      throw new OutputOverflow();
    }

    if (length > this.#space.length) this.#grow(length);
    this.#space.set(piece, this.#length);
    this.#length = length;
  }

  /** @param {number} length */
  #grow(length) {
    const space = new Uint8Array(Math.max(length, 2 * this.#space.length));
    space.set(this.bytes);
    this.#space = space;
  }
}

/** The end of stderr: that is where the reason stands. */
export class Tail {
  #kept = new Uint8Array(0);

  reset() {
    this.#kept = new Uint8Array(0);
  }

  /** @param {Uint8Array} piece */
  write(piece) {
    const all = new Uint8Array(this.#kept.length + Math.min(piece.length, STDERR_BYTES_MAX));
    all.set(this.#kept);
    all.set(piece.subarray(-STDERR_BYTES_MAX), this.#kept.length);
    this.#kept = all.slice(-STDERR_BYTES_MAX);
  }

  /** As text, without white space around it; what the cut left of a character is dropped. */
  get text() {
    return new TextDecoder().decode(this.#kept).replace(/^\uFFFD+/, '').trim();
  }
}
