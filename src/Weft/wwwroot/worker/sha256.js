// SHA-256 (FIPS 180-4). Pages on plain http have no crypto.subtle, and fetch's own check of a hash tells nothing until
// all bytes are there.

// Whole blocks.
const BLOB_PIECE_BYTES = 4 << 20;

// Signed, since engines compute fastest with small integers.
const K = new Int32Array(64);
const START = new Int32Array(8);
for (let n = 2, found = 0; found < 64; n++) {
  if (!isPrime(n)) continue;
  if (found < 8) START[found] = fraction(Math.sqrt(n));
  K[found++] = fraction(Math.cbrt(n));
}

/** @param {Uint8Array} bytes @returns {Promise<string>} 64 hex digits. */
export async function sha256(bytes) {
  const digest = globalThis.crypto?.subtle === undefined ? digestOf(bytes)
    : new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return hex(digest);
}

/** @param {Uint8Array} digest */
function hex(digest) {
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The same of a file's bytes, some at a time. @param {Blob} blob @returns {Promise<string>} 64 hex digits. */
export async function digestOfBlob(blob) {
  if (blob.size <= BLOB_PIECE_BYTES) return await sha256(new Uint8Array(await blob.arrayBuffer()));
  const state = START.slice();
  const words = new Int32Array(64);
  const whole = blob.size - (blob.size % 64);
  for (let at = 0; at < whole; at += BLOB_PIECE_BYTES) {
    const view = new DataView(await blob.slice(at, Math.min(whole, at + BLOB_PIECE_BYTES)).arrayBuffer());
    for (let from = 0; from < view.byteLength; from += 64) mix(state, words, view, from);
  }
  return hex(finished(state, words, new Uint8Array(await blob.slice(whole).arrayBuffer()), blob.size));
}

/** The same without the browser's help. @param {Uint8Array} bytes @returns {Uint8Array} 32 bytes. */
export function digestOf(bytes) {
  const state = START.slice();
  const whole = bytes.length - (bytes.length % 64);
  const words = new Int32Array(64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < whole; at += 64) mix(state, words, view, at);

  return finished(state, words, bytes.subarray(whole), bytes.length);
}

/**
 * The digest, once all but the last, incomplete block is mixed in.
 * @param {Int32Array} state
 * @param {Int32Array} words
 * @param {Uint8Array} rest @param {number} length
 */
function finished(state, words, rest, length) {
  const end = new DataView(new ArrayBuffer(rest.length < 56 ? 64 : 128));
  new Uint8Array(end.buffer).set(rest);
  end.setUint8(rest.length, 0x80);
  end.setBigUint64(end.byteLength - 8, 8n * BigInt(length));
  for (let at = 0; at < end.byteLength; at += 64) mix(state, words, end, at);

  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => digest.setInt32(4 * i, word));
  return new Uint8Array(digest.buffer);
}

/** @param {Int32Array} state @param {Int32Array} w @param {DataView} block @param {number} at */
function mix(state, w, block, at) {
  for (let i = 0; i < 16; i++) w[i] = block.getInt32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15], y = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
  }

  let a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g;
  state[7] += h;
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

function fraction(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

function isPrime(n) {
  for (let by = 2; by * by <= n; by++) if (n % by === 0) return false;
  return true;
}
