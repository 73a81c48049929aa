// The function types that a module declares. Other types are refused: their values live in a heap without a limit.

import { ModuleRefused } from './wasm-binary.js';

const FUNCTION = 0x60;
const PLAIN = new Map([[0x7F, 'i'], [0x7E, 'I'], [0x7D, 'f'], [0x7C, 'F'], [0x7B, 'v']]);
const REFERENCES = new Map([[0x70, 'r'], [0x6F, 'r'], [0x69, 'r']]);
// Exceptions live as long as something refers to them: small ones, that don't refer to others, are few.
const EXCEPTION_VALUES_MAX = 16;
// Browsers keep each different type for as long as the tab lives, and a branch moves all values of its target: see
// Limits.Modules.cs.
const TYPES_MAX = 4_000, PARAMETERS_MAX = 128, RESULTS_MAX = 16;

export class FunctionTypes {
  /** As in wasi-functions.js. @type {string[]} */
  #types = [];

  /** @param {import('./wasm-binary.js').Reader | null} reader */
  constructor(reader) {
    const count = reader?.unsigned() ?? 0;
    if (count > TYPES_MAX)
      throw new ModuleRefused(`The module has ${count} function types; it may have ${TYPES_MAX}.`);
    for (let left = count; left > 0; left--) {
      if (reader.byte() !== FUNCTION) throw garbageCollected();
      this.#types.push(`${valuesOf(reader, PARAMETERS_MAX, 'parameters')}:${valuesOf(reader, RESULTS_MAX, 'results')}`);
    }
  }

  /** @param {number} index @returns {string | undefined} */
  at(index) { return this.#types[index]; }

  /** Whether an exception of this type carries few values, and no references. @param {number} index */
  isSmallException(index) {
    const values = this.#types[index]?.split(':')[0];
    return values !== undefined && values.length <= EXCEPTION_VALUES_MAX && !values.includes('r');
  }
}

/** @param {import('./wasm-binary.js').Reader} reader @param {number} max @param {string} what */
function valuesOf(reader, max, what) {
  let values = '';
  const count = reader.unsigned();
  if (count > max)
    throw new ModuleRefused(`The module has a function or block with ${count} ${what}; it may have ${max}.`);
  for (let left = count; left > 0; left--) {
    const type = reader.byte();
    const letter = PLAIN.get(type) ?? REFERENCES.get(type);
    if (letter === undefined) throw garbageCollected();
    values += letter;
  }
  return values;
}

function garbageCollected() {
  return new ModuleRefused("It uses garbage-collected types, whose memory can't be limited; build it without them.");
}
