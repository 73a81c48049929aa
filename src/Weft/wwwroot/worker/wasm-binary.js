// Reads and writes the binary format of WebAssembly modules, as far as the box needs it.
// Format: https://webassembly.github.io/spec/core/binary/modules.html

export const HEADER_BYTES = 8;

const CUSTOM = 0;
const NUMBER_BYTES_MAX = 5;

/** Why a module can't be run here, whoever tries and however often: a sentence for people. */
export class ModuleRefused extends Error {}

/**
 * @typedef {{id: number, start: number, content: number, end: number}} Section Where it begins, its content begins,
 *   and it ends.
 */

/**
 * All but custom sections, of which there may be millions and which nothing here needs.
 * @param {Uint8Array} module
 * @returns {Section[]}
 */
export function sectionsOf(module) {
  const reader = new Reader(module, HEADER_BYTES, module.length);
  const sections = [];
  while (reader.position < module.length) {
    const start = reader.position;
    const id = reader.byte();
    const length = reader.unsigned();
    const content = reader.position;
    if (content + length > module.length) throw new ModuleRefused('The module is truncated.');
    reader.position = content + length;
    if (id === CUSTOM) continue;
    // Engines refuse such a module as well; here the result must not depend on which of them is read.
    if (sections.some((other) => other.id === id))
      throw new ModuleRefused(`The module’s section ${id} occurs twice.`);
    sections.push({ id, start, content, end: content + length });
  }
  return sections;
}

export class Reader {
  /** @param {Uint8Array} bytes @param {number} position @param {number} end */
  constructor(bytes, position, end) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  byte() {
    if (this.position >= this.end) throw new ModuleRefused('The module is truncated.');
    return this.bytes[this.position++];
  }

  // LEB128: seven bits a byte, the lowest first. Not by shifts, which know 31 bits only.
  unsigned() {
    let value = 0;
    for (let i = 0, scale = 1; i < NUMBER_BYTES_MAX; i++, scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7F) * scale;
      if ((byte & 0x80) === 0) return value;
    }
    throw new ModuleRefused('A number in it has too many digits.');
  }

  name() {
    const length = this.unsigned();
    if (length > this.end - this.position) throw new ModuleRefused('The module is truncated.');
    this.position += length;
    return new TextDecoder().decode(this.bytes.subarray(this.position - length, this.position));
  }
}

/** @param {number[]} target @param {number} value */
export function pushUnsigned(target, value) {
  for (; value >= 128; value = Math.floor(value / 128)) target.push((value % 128) | 0x80);
  target.push(value);
}

/** A section with this content. @param {number} id @param {ArrayLike<number>} content */
export function section(id, content) {
  const head = [id];
  pushUnsigned(head, content.length);
  return concat([head, content]);
}

/** @param {ArrayLike<number>[]} parts @returns {Uint8Array<ArrayBuffer>} */
export function concat(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
