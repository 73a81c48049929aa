// Time and chance, as a command sees them: real, or the same at every run.

const REALTIME = 0, MONOTONIC = 1, PROCESS_CPU = 2, THREAD_CPU = 3;
const NANOSECONDS_PER_MS = 1_000_000;
const RANDOM_BYTES_MAX = 65_536;

// 2000-01-01T00:00:00Z, and a microsecond later at each look: a loop that waits for time to pass must end.
const FIXED_START = 946_684_800_000_000_000n;
const FIXED_STEP = 1_000n;

/** The clocks of one command. Times are nanoseconds. */
export class Calendar {
  random = new Chance();
  #fixed = false;
  #elapsed = 0n;

  /** @param {boolean} fixed */
  reset(fixed) {
    this.#fixed = fixed;
    this.#elapsed = 0n;
    this.random.reset(fixed);
  }

  /** @param {number} clock @returns {bigint | undefined} Undefined for a clock that doesn't exist. */
  now(clock) {
    switch (clock) {
      case REALTIME: return this.#fixed ? FIXED_START + this.monotonic() : BigInt(Date.now()) * BigInt(NANOSECONDS_PER_MS);
      case MONOTONIC: case PROCESS_CPU: case THREAD_CPU: return this.monotonic();
      default: return undefined;
    }
  }

  /** @param {number} clock @returns {bigint | undefined} */
  resolution(clock) {
    if (clock > THREAD_CPU) return undefined;
    return clock === REALTIME && !this.#fixed ? BigInt(NANOSECONDS_PER_MS) : FIXED_STEP;
  }

  monotonic() {
    if (this.#fixed) return this.#elapsed += FIXED_STEP;
    return BigInt(Math.floor(performance.now() * NANOSECONDS_PER_MS));
  }

  /** @param {bigint} due By {@link monotonic}. */
  sleepUntil(due) {
    if (this.#fixed) {
      if (due > this.#elapsed) this.#elapsed = due;
      return;
    }

    for (let left = due - this.monotonic(); left > 0n; left = due - this.monotonic()) pause(Number(left) / NANOSECONDS_PER_MS);
  }
}

/** Random bytes, good enough for keys; or, fixed, the same ones at every run. */
class Chance {
  #fixed = false;
  #state = 0;

  /** @param {boolean} fixed */
  reset(fixed) {
    this.#fixed = fixed;
    this.#state = 1;
  }

  /** @param {Uint8Array} target */
  fill(target) {
    for (let start = 0; start < target.length; start += RANDOM_BYTES_MAX) {
      const piece = target.subarray(start, start + RANDOM_BYTES_MAX);
      if (this.#fixed) piece.forEach((_, i) => { piece[i] = this.#next(); });
      else crypto.getRandomValues(piece);
    }
  }

  // Mulberry32: short, and its numbers are the same in every engine.
  #next() {
    this.#state = (this.#state + 0x6D2B79F5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 24;
  }
}

// Only an isolated page has shared memory to wait on; elsewhere a sleeping command keeps its core busy.
const cell = self.crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : null;

/** @param {number} milliseconds */
function pause(milliseconds) {
  if (cell !== null) Atomics.wait(cell, 0, 0, milliseconds);
}
