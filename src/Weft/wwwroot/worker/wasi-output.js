// The output of a command, up to a limit.

const STDERR_BYTES_MAX = 4_000;
const SPACE_BYTES_MIN = 1 << 10;
// More than this is given back after a task that wrote a lot.
const SPACE_BYTES_KEPT = 1 << 20;

/** All of stdout, up to a limit. */
export class Output {
  #space = new Uint8Array(SPACE_BYTES_MIN);
  #length = 0;
  #bytesMax = 0;

  /** @param {number} bytesMax */
  reset(bytesMax) {
    if (this.#space.length > SPACE_BYTES_KEPT) this.#space = new Uint8Array(SPACE_BYTES_MIN);
    else this.#space.fill(0, 0, this.#length);
    this.#length = 0;
    this.#bytesMax = bytesMax;
  }

  /** Valid until the next write. */
  get bytes() { return this.#space.subarray(0, this.#length); }

  /** How much more may be written. */
  get bytesLeft() { return this.#bytesMax - this.#length; }

  /** @param {Uint8Array} piece @returns {boolean} False: it is too much, and nothing of it was taken. */
  write(piece) {
    const length = this.#length + piece.length;
    if (length > this.#bytesMax) return false;
    if (length > this.#space.length) this.#grow(length);
    this.#space.set(piece, this.#length);
    this.#length = length;
    return true;
  }

  /** @param {number} length */
  #grow(length) {
    const space = new Uint8Array(Math.max(length, 2 * this.#space.length));
    space.set(this.bytes);
    this.#space = space;
  }
}

/** The end of stderr: that is where the reason stands. A ring, since programs write it letter by letter. */
export class Tail {
  #ring = new Uint8Array(STDERR_BYTES_MAX);
  /** All that was written; the next byte's place is this, modulo the ring's length. */
  #written = 0;

  reset() {
    if (this.#written > 0) this.#ring.fill(0);
    this.#written = 0;
  }

  /** @param {Uint8Array} piece @returns {boolean} True, always. */
  write(piece) {
    const kept = piece.length > STDERR_BYTES_MAX ? piece.subarray(-STDERR_BYTES_MAX) : piece;
    const at = (this.#written + piece.length - kept.length) % STDERR_BYTES_MAX;
    const first = Math.min(kept.length, STDERR_BYTES_MAX - at);
    this.#ring.set(first === kept.length ? kept : kept.subarray(0, first), at);
    if (first < kept.length) this.#ring.set(kept.subarray(first), 0);
    this.#written += piece.length;
    return true;
  }

  /** As text, without white space around it; what the cut left of a character is dropped. */
  get text() {
    if (this.#written <= STDERR_BYTES_MAX)
      return new TextDecoder().decode(this.#ring.subarray(0, this.#written)).trim();
    const at = this.#written % STDERR_BYTES_MAX;
    const kept = new Uint8Array(STDERR_BYTES_MAX);
    kept.set(this.#ring.subarray(at), 0);
    kept.set(this.#ring.subarray(0, at), STDERR_BYTES_MAX - at);
    return new TextDecoder().decode(kept).replace(/^\uFFFD+/, '').trim();
  }
}
