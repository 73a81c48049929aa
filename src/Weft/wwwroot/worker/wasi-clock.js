// Time and random bytes for a command: real, or the same in every run.

const REALTIME = 0, MONOTONIC = 1, PROCESS_CPU = 2, THREAD_CPU = 3;
const NANOSECONDS_PER_MS = 1_000_000;
const RANDOM_BYTES_MAX = 65_536;

// Starts at 2000-01-01T00:00:00Z and advances a microsecond with each read: a loop that waits for time to pass must
// end.
const FIXED_START = 946_684_800_000_000_000n;
const FIXED_STEP = 1_000n;
// Browsers round the clock of a frame that isn't isolated to this:
// https://developer.mozilla.org/docs/Web/API/Performance/now
const MONOTONIC_STEP = 100_000n;

/** The clocks of one command. Times are nanoseconds. */
export class Clock {
  random = new RandomSource();
  #fixed = false;
  #elapsed = 0n;
  /** When the command began, and how long it has slept since: it used its processor for what is left. */
  #began = 0n;
  #slept = 0n;

  /** @param {boolean} fixed */
  reset(fixed) {
    this.#fixed = fixed;
    this.#elapsed = 0n;
    this.#began = fixed ? 0n : this.monotonic();
    this.#slept = 0n;
    this.random.reset(fixed);
  }

  /** @param {number} clock Not negative. @returns {bigint | undefined} Undefined for a clock that doesn't exist. */
  now(clock) {
    switch (clock) {
      case REALTIME: return this.#fixed ? FIXED_START + this.monotonic()
        : BigInt(Date.now()) * BigInt(NANOSECONDS_PER_MS);
      case MONOTONIC: return this.monotonic();
      case PROCESS_CPU: case THREAD_CPU: return this.monotonic() - this.#began - this.#slept;
      default: return undefined;
    }
  }

  /** @param {number} clock @returns {bigint | undefined} */
  resolution(clock) {
    if (clock > THREAD_CPU) return undefined;
    if (this.#fixed) return FIXED_STEP;
    return clock === REALTIME ? BigInt(NANOSECONDS_PER_MS) : MONOTONIC_STEP;
  }

  monotonic() {
    if (this.#fixed) return this.#elapsed += FIXED_STEP;
    return BigInt(Math.floor(performance.now() * NANOSECONDS_PER_MS));
  }

  /** @param {bigint} due By {@link monotonic}. */
  sleepUntil(due) {
    if (this.#fixed) {
      if (due <= this.#elapsed) return;
      this.#slept += due - this.#elapsed;
      this.#elapsed = due;
      return;
    }

    const began = this.monotonic();
    for (let left = due - began; left > 0n; left = due - this.monotonic()) pause(Number(left) / NANOSECONDS_PER_MS);
    this.#slept += this.monotonic() - began;
  }
}

/** Random bytes, good enough for keys; or, fixed, the same ones at every run. */
class RandomSource {
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

// Shared memory to wait on, which WebAssembly gives to frames that aren't isolated, too; without it a sleeping command
// keeps its core busy.
const cell = makeCell();

function makeCell() {
  try {
    return new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
  } catch {
    return null;
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  if (cell !== null) Atomics.wait(cell, 0, 0, milliseconds);
}
