// Holds a module's memory down to a limit, by rewriting the memory section of its binary: a module brings its own memory,
// so nobody outside could refuse it to grow. Format: https://webassembly.github.io/spec/core/binary/modules.html

const HEADER_BYTES = 8;
const MEMORY_SECTION = 5;
const PAGES_PER_MB = 16;
const HAS_MAX = 1, IS_SHARED = 2, IS_64_BIT = 4;

/** Why a module can't be run: a sentence for people. */
export class ModuleRefused extends Error {}

/**
 * The same module, with memory that can't grow past the limit.
 * @param {Uint8Array<ArrayBuffer>} module
 * @param {number} memoryMb
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {ModuleRefused} It needs more from its start on, or a kind of memory that can't be limited.
 */
export function limitMemory(module, memoryMb) {
  const section = findSection(module, MEMORY_SECTION);
  if (section === null) return module;

  const reader = new Reader(module, section.content);
  const content = [];
  const count = reader.unsigned();
  pushUnsigned(content, count);
  for (let i = 0; i < count; i++) pushMemory(content, reader, memoryMb * PAGES_PER_MB);

  const head = [MEMORY_SECTION];
  pushUnsigned(head, content.length);
  return concat([module.subarray(0, section.start), head, content, module.subarray(section.end)]);
}

/** @param {number[]} content @param {Reader} reader @param {number} pagesMax */
function pushMemory(content, reader, pagesMax) {
  const flags = reader.byte();
  if ((flags & ~HAS_MAX) !== 0) {
    throw new ModuleRefused(`Its memory is ${(flags & IS_SHARED) !== 0 ? 'shared' : (flags & IS_64_BIT) !== 0 ? '64-bit' : 'of an unknown kind'}, which this worker doesn't run.`);
  }

  const min = reader.unsigned();
  const max = (flags & HAS_MAX) !== 0 ? reader.unsigned() : pagesMax;
  if (min > pagesMax) {
    throw new ModuleRefused(`It needs ${Math.ceil(min / PAGES_PER_MB)} MB of memory from its start on; this task may use ${pagesMax / PAGES_PER_MB} MB.`);
  }

  content.push(HAS_MAX);
  pushUnsigned(content, min);
  pushUnsigned(content, Math.min(max, pagesMax));
}

/** @param {Uint8Array} module @param {number} wanted */
function findSection(module, wanted) {
  const reader = new Reader(module, HEADER_BYTES);
  while (reader.position < module.length) {
    const start = reader.position;
    const id = reader.byte();
    const length = reader.unsigned();
    const content = reader.position;
    if (id === wanted) return { start, content, end: content + length };
    reader.position = content + length;
  }
  return null;
}

class Reader {
  /** @param {Uint8Array} bytes @param {number} position */
  constructor(bytes, position) {
    this.bytes = bytes;
    this.position = position;
  }

  byte() {
    if (this.position >= this.bytes.length) throw new ModuleRefused('It is cut off.');
    return this.bytes[this.position++];
  }

  // LEB128: seven bits a byte, the lowest first. Not by shifts, which know 31 bits only.
  unsigned() {
    let value = 0, scale = 1, byte = 0;
    do {
      byte = this.byte();
      value += (byte & 0x7F) * scale;
      scale *= 128;
    } while ((byte & 0x80) !== 0);
    return value;
  }
}

/** @param {number[]} target @param {number} value */
function pushUnsigned(target, value) {
  for (; value >= 128; value = Math.floor(value / 128)) target.push((value % 128) | 0x80);
  target.push(value);
}

/** @param {(Uint8Array | number[])[]} parts */
function concat(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
