// The JavaScript client with files: docs/javascript-client.md#files. Everything in weft.js, and the methods below.
import { Weft as WithoutFiles, WeftError, retryRule } from './weft.js';

export * from './weft.js';

// The coordinator keeps whole chunks that have arrived; the first piece is smaller than the limits of common proxies.
const CHUNK_BYTES = 256 << 10, PIECE_BYTES_FIRST = 1 << 20, PIECE_BYTES_MAX = 32 << 20, PIECE_MS_MAX = 2_000;
// crypto.subtle hashes only data that is in memory as a whole.
const SUBTLE_BYTES_MAX = 64 << 20, HASH_BYTES = 4 << 20, PART_BYTES = 8 << 20;
const SILENCE_MS = 60_000, RETRY_MS_MIN = 100, RETRY_MS_MAX = 5_000;
const HASH = /^[0-9a-f]{64}$/;

export class Weft extends WithoutFiles {
  #token;
  #hashes = new WeakMap();

  constructor(url, options = {}) {
    super(url, options);
    this.#token = options.token;
  }

  async submit(payload, options) {
    return super.submit(payload, await this.#withFiles(options));
  }

  async submitMany(payloads, options) {
    return super.submitMany(payloads, await this.#withFiles(options));
  }

  async *map(inputs, options) {
    yield* super.map(inputs, await this.#withFiles(options));
  }

  async pushBlob(data, { progress, signal } = {}) {
    const blob = data instanceof Blob ? data : new Blob([data]);
    const sha256 = await this.#hashOf(blob, data, signal), { size } = blob;
    let piece = PIECE_BYTES_FIRST, most = PIECE_BYTES_MAX;
    // Without a body: asks where to begin.
    let answer = await this.#pushPiece(sha256, size, 0, undefined, signal);
    for (let end, start; !answer.sha256; piece = performance.now() - start < PIECE_MS_MAX ? 2 * piece : piece / 2) {
      const { offset } = answer;
      progress?.(offset, size);
      piece = Math.min(Math.max(piece, CHUNK_BYTES), most);
      [start, end] = [performance.now(), Math.min(offset + piece, size)];
      answer = await this.#pushPiece(sha256, size, offset, blob.slice(offset, end), signal).catch(error => {
        // A proxy's limit: the coordinator's own has a code.
        if (error.status !== 413 || error.code || piece === CHUNK_BYTES) throw error;
        most = Math.max(piece / 4, CHUNK_BYTES);
        return answer;
      });
    }
    progress?.(size, size);
    return answer;
  }

  async fetchBlob(blob, { progress, signal } = {}) {
    const sha256 = blob?.blob ?? blob?.sha256 ?? blob, parts = [];
    if (!HASH.test(sha256)) throw new TypeError("A blob's hash must be 64 lowercase hex digits.");
    let have = 0, delay = RETRY_MS_MIN;
    for (let end = performance.now() + this.retrySeconds * 1000; ;) {
      const begun = have;
      try {
        for await (const [part, size] of this.#bytes(sha256, have, signal)) {
          parts.push(part);
          progress?.(have += part.size, size);
        }
        break;
      } catch (error) {
        if (have > begun) [end, delay] = [performance.now() + this.retrySeconds * 1000, RETRY_MS_MIN];
        const pause = Math.max(delay * (0.5 + Math.random()), (error.retryAfter ?? 0) * 1000);
        if (error.rule !== 'again' || performance.now() + pause > end) throw error;
        await new Promise(resolve => setTimeout(resolve, pause));
        delay = Math.min(2 * delay, RETRY_MS_MAX);
      }
    }
    const whole = new Blob(parts);
    if (await digestOf(whole, signal) === sha256) return whole;
    throw new WeftError(`The received bytes are not those of ${sha256}.`, 'disturbed', 'not this');
  }

  async #withFiles({ files, outMb, ...options } = {}) {
    if (files === undefined && outMb === undefined) return options;
    const run = { ...options.run, ...outMb !== undefined && { outMb } }, { signal } = options;
    if (files) run.files = [];
    for (const { path, blob } of files ?? []) {
      run.files.push({ path, blob: HASH.test(blob) ? blob : (await this.pushBlob(blob, { signal })).sha256 });
    }
    return { ...options, run };
  }

  async #hashOf(blob, data, signal) {
    // An array may have other bytes the next time.
    const known = data === blob && this.#hashes.get(blob), sha256 = known || await digestOf(blob, signal);
    this.#hashes.set(blob, sha256);
    return sha256;
  }

  async #pushPiece(sha256, size, offset, body, signal) {
    try {
      return await this.call('PUT', `blobs/${sha256}?offset=${offset}&size=${size}`, {
        body, type: 'application/octet-stream', signal, whole: value => value.sha256 || value.offset >= 0,
      });
    } catch (error) {
      if (error.code !== 'wrong_offset' || !(error.offset >= 0 && error.offset <= size)) throw error;
      return { offset: error.offset };
    }
  }

  /** The bytes from an offset on, in parts that a browser may keep on its disk, each with the size of all. */
  async *#bytes(sha256, from, signal) {
    const stop = new AbortController(), abort = () => stop.abort();
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    let timer, response;
    const heard = () => (clearTimeout(timer), timer = setTimeout(abort, SILENCE_MS));
    try {
      heard();
      response = await fetch(`${this.url}api/v1/blobs/${sha256}`, {
        headers: {
          ...from && { Range: `bytes=${from}-` }, ...this.#token && { Authorization: `Bearer ${this.#token}` },
        },
        signal: stop.signal, redirect: 'manual', credentials: 'omit', cache: 'no-store',
      });
      const size = sizeOf(response, from);
      if (size === undefined) throw await refusalOf(response, this.url);
      const reader = response.body.getReader();
      let chunks = [], bytes = 0, got = from;
      for (let chunk; !(chunk = await reader.read()).done;) {
        heard();
        chunks.push(chunk.value);
        got += chunk.value.length;
        if ((bytes += chunk.value.length) < PART_BYTES) continue;
        yield [new Blob(chunks), size];
        [chunks, bytes] = [[], 0];
      }
      if (bytes) yield [new Blob(chunks), size];
      if (got !== size) throw new TypeError('cut off');
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof WeftError) throw error;
      throw new WeftError(response ? `The coordinator at ${this.url} closed the connection early.`
        : `No coordinator answers at ${this.url}.`, 'unreachable', 'again', { cause: error });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      abort();
    }
  }
}

/** All bytes that there are; undefined if this is not the answer that was asked for. */
function sizeOf({ status, headers }, from) {
  // Pages of other origins don't see the range; the hash detects an error in the end.
  const isRange = new RegExp(`^bytes ${from}-`).test(headers.get('Content-Range') ?? `bytes ${from}-`);
  const isAsked = status === (from ? 206 : 200) && isRange && headers.has('Content-Length');
  return isAsked ? from + +headers.get('Content-Length') : undefined;
}

async function refusalOf(response, url) {
  const { status } = response, after = response.headers.get('Retry-After');
  const retryAfter = /^\d{1,9}$/.test(after) ? +after : undefined;
  const isProblem = response.headers.get('Content-Type')?.startsWith('application/problem+json');
  const { code, detail } = isProblem ? await response.json().catch(() => ({})) ?? {} : {};
  return code && detail
    ? new WeftError(String(detail), 'refused', retryRule(code, retryAfter !== undefined), { status, code, retryAfter })
    : new WeftError(`The server at ${url} answered ${status} instead of a file.`, 'disturbed',
      [408, 429].includes(status) || status >= 500 ? 'again' : 'not this', { status, retryAfter });
}

async function digestOf(blob, signal) {
  signal?.throwIfAborted();
  // Pages on plain http have no crypto.subtle.
  if (globalThis.crypto?.subtle && blob.size <= SUBTLE_BYTES_MAX) {
    return hex(new DataView(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())));
  }
  const hash = new Sha256(), whole = blob.size - blob.size % 64;
  for (let at = 0; at < whole; at += HASH_BYTES) {
    hash.add(await blob.slice(at, Math.min(at + HASH_BYTES, whole)).arrayBuffer());
    signal?.throwIfAborted();
  }
  return hex(hash.end(await blob.slice(whole).arrayBuffer(), blob.size));
}

const hex = view => Array.from({ length: view.byteLength }, (_, i) => view.getUint8(i).toString(16).padStart(2, '0'))
  .join('');

const turn = (word, by) => (word >>> by) | (word << (32 - by));
const fraction = root => Math.floor((root - Math.floor(root)) * 2 ** 32);
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every(by => n % by)) primes.push(n);
const K = Int32Array.from(primes, n => fraction(Math.cbrt(n)));

/** FIPS 180-4, some bytes at a time. */
class Sha256 {
  #state = Int32Array.from(primes.slice(0, 8), n => fraction(Math.sqrt(n)));
  #words = new Int32Array(64);

  /** @param buffer Whole blocks of 64 bytes. */
  add(buffer) {
    const view = new DataView(buffer);
    for (let at = 0; at < view.byteLength; at += 64) this.#mix(view, at);
  }

  end(rest, size) {
    const last = new Uint8Array(rest.byteLength < 56 ? 64 : 128), view = new DataView(last.buffer);
    last.set(new Uint8Array(rest));
    last[rest.byteLength] = 0x80;
    view.setBigUint64(last.length - 8, 8n * BigInt(size));
    this.add(last.buffer);
    const digest = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, i) => digest.setInt32(4 * i, word));
    return digest;
  }

  #mix(block, at) {
    const w = this.#words, state = this.#state;
    for (let i = 0; i < 16; i++) w[i] = block.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }
}
