// The length of each instruction: its opcode's immediates, for WebAssembly 3.0 with threads and both encodings of
// exceptions. WasmInstructions.cs has the same table. Opcodes:
// https://webassembly.github.io/spec/core/binary/instructions.html

import { ModuleRefused } from './wasm-binary.js';

const NUMBER_BYTES_MAX = 10;
const HAS_MEMORY_INDEX = 0x40;

export const SATURATING = 0xFC, VECTOR = 0xFD, ATOMIC = 0xFE;
/** The opcodes behind a prefix: `PREFIXED * prefix + what follows it`. */
export const PREFIXED = 0x1_0000;

/**
 * @param {import('./wasm-binary.js').Reader} reader At an instruction, which is passed. @returns {number} Its opcode.
 */
export function nextInstruction(reader) {
  const opcode = reader.byte();
  if (opcode >= 0x45 && opcode <= 0xC4) return opcode;
  if (opcode >= 0x28 && opcode <= 0x3E) return skipMemory(reader), opcode;
  switch (opcode) {
    case 0x00: case 0x01: case 0x05: case 0x0A: case 0x0B: case 0x0F: case 0x19: case 0x1A: case 0x1B:
    case 0xD1: case 0xD3: case 0xD4:
      return opcode;
    case 0x02: case 0x03: case 0x04: case 0x06: case 0x07: case 0x08: case 0x09: case 0x0C: case 0x0D: case 0x10:
    case 0x12: case 0x14: case 0x15: case 0x18: case 0x20: case 0x21: case 0x22: case 0x23: case 0x24: case 0x25:
    case 0x26: case 0x3F: case 0x40: case 0x41: case 0x42: case 0xD0: case 0xD2: case 0xD5: case 0xD6:
      return skipNumbers(reader, 1), opcode;
    case 0x11: case 0x13:
      return skipNumbers(reader, 2), opcode;
    case 0x0E:
      return skipNumbers(reader, reader.unsigned() + 1), opcode;
    case 0x1C:
      return skipNumbers(reader, reader.unsigned()), opcode;
    case 0x1F:
      return skipCatches(reader), opcode;
    case 0x43:
      return skipBytes(reader, 4), opcode;
    case 0x44:
      return skipBytes(reader, 8), opcode;
    case SATURATING: case VECTOR: case ATOMIC:
      return skipPrefixed(reader, opcode);
    default:
      throw unknown();
  }
}

/** @param {import('./wasm-binary.js').Reader} reader @param {number} prefix */
function skipPrefixed(reader, prefix) {
  const opcode = reader.unsigned();
  if (prefix === SATURATING) skipSaturating(reader, opcode);
  else if (prefix === VECTOR) skipVector(reader, opcode);
  else if (opcode === 3) skipBytes(reader, 1);
  else if (opcode < 3 || (opcode >= 0x10 && opcode <= 0x4E)) skipMemory(reader);
  else throw unknown();
  return PREFIXED * prefix + opcode;
}

function skipSaturating(reader, opcode) {
  if (opcode < 8 || (opcode >= 19 && opcode <= 22)) return;
  if (opcode === 8 || opcode === 10 || opcode === 12 || opcode === 14) skipNumbers(reader, 2);
  else if (opcode <= 17) skipNumbers(reader, 1);
  else throw unknown();
}

function skipVector(reader, opcode) {
  if (opcode <= 11 || opcode === 92 || opcode === 93) skipMemory(reader);
  else if (opcode === 12 || opcode === 13) skipBytes(reader, 16);
  else if (opcode >= 21 && opcode <= 34) skipBytes(reader, 1);
  else if (opcode >= 84 && opcode <= 91) {
    skipMemory(reader);
    skipBytes(reader, 1);
  } else if (opcode > 275) throw unknown();
}

function skipMemory(reader) {
  skipNumbers(reader, (reader.unsigned() & HAS_MEMORY_INDEX) !== 0 ? 2 : 1);
}

function skipCatches(reader) {
  skipNumbers(reader, 1);
  for (let left = reader.unsigned(); left > 0; left--) skipNumbers(reader, reader.byte() < 2 ? 2 : 1);
}

function skipNumbers(reader, count) {
  for (let left = count; left > 0; left--) {
    for (let i = 0; (reader.byte() & 0x80) !== 0; i++) if (i === NUMBER_BYTES_MAX) throw unknown();
  }
}

function skipBytes(reader, count) {
  if (count > reader.end - reader.position) throw new ModuleRefused('The module is truncated.');
  reader.position += count;
}

function unknown() {
  return new ModuleRefused('The module has an instruction that this worker doesn’t know, so its runs can’t be made ' +
    'the same: run it without "fixed".');
}
