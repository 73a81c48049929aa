// Rewrites a module so that it stays within its limits: it imports only WASI, has nothing of unlimited size, and its
// memory and its tables can't grow past the task's limit. They belong to the module, so nothing outside could refuse to
// let them grow: the limits are written into its binary. The coordinator checks pushed modules in the same way
// (WasmContents.cs), so that most errors are reported there; here it also covers
// modules stored before that, and other coordinators.

import { WASI, WASI_FUNCTIONS } from './wasi-functions.js';
import { HEADER_BYTES, ModuleRefused, Reader, concat, pushUnsigned, section, sectionsOf } from './wasm-binary.js';
import { fixedCode } from './wasm-fixed.js';
import { FunctionTypes } from './wasm-types.js';

const TYPES = 1, IMPORTS = 2, FUNCTIONS = 3, TABLES = 4, MEMORIES = 5, GLOBALS = 6, EXPORTS = 7, START = 8, CODE = 10,
  TAGS = 13;
const FUNCTION = 0, MEMORY = 2;
const HAS_MAX = 1, IS_SHARED = 2, IS_64_BIT = 4;
const FUNCTION_REFERENCE = 0x70, EXTERNAL_REFERENCE = 0x6F;

const PAGES_PER_MB = 16;
const TABLES_MAX = 16;
const GLOBALS_MAX = 10_000;
// What each table may grow to. Where tables begin with more than all of that together, it counts as memory.
const TABLE_ENTRIES_MAX = 1_024;
const PAGES_PER_ENTRY = 32 / 65_536;

/**
 * @param {Uint8Array<ArrayBuffer>} module
 * @param {number} memoryMb
 * @param {boolean} isFixed Whether its runs must be the same on every machine.
 * @returns {{bytes: () => Uint8Array<ArrayBuffer>, start: string | null}} A new copy of the module each time, and its
 *   export to be called before `_start`: what would run while it is instantiated, when the host doesn't have its
 *   memory yet.
 * @throws {ModuleRefused}
 */
export function boxed(module, memoryMb, isFixed) {
  const sections = sectionsOf(module);
  const reader = (id) => {
    const found = sections.find((each) => each.id === id);
    return found === undefined ? null : new Reader(module, found.content, found.end);
  };

  const types = new FunctionTypes(reader(TYPES));
  checkImports(reader(IMPORTS), types);
  checkGlobals(reader(GLOBALS));
  checkTags(reader(TAGS), types);
  const names = checkExports(reader(EXPORTS));
  const startAt = reader(START)?.unsigned();
  const start = startAt === undefined ? null : freeName(names);
  const tables = limitedTables(reader(TABLES));
  const memory = limitedMemory(reader(MEMORIES), memoryMb, tables.pages);

  const code =
    () => isFixed && reader(CODE) !== null ? fixedCode(reader(CODE), reader(FUNCTIONS), types, memory.pagesMax) : null;
  // Once to see whether it can be made, and not kept.
  code();

  const bytes = () => {
    const made = new Map([
      [TABLES, tables.content],
      [MEMORIES, memory.content],
      [CODE, code()],
      [EXPORTS, start === null ? null : withStart(reader(EXPORTS), start, startAt)],
    ]);
    const parts = sections.map((each) => {
      if (each.id === START) return [];
      const content = made.get(each.id);
      return content == null ? module.subarray(each.start, each.end) : section(each.id, content);
    });
    return concat([module.subarray(0, HEADER_BYTES), ...parts]);
  };
  return { bytes, start };
}

/** @param {Reader | null} reader @param {FunctionTypes} types */
function checkImports(reader, types) {
  for (let left = reader?.unsigned() ?? 0; left > 0; left--) {
    const [module, name, kind] = [reader.name(), reader.name(), reader.byte()];
    const shown = `"${name.slice(0, 64)}" from "${module.slice(0, 64)}"`;
    if (kind === MEMORY)
      throw new ModuleRefused(`The module imports its memory, ${shown}, as threads do; build it without threads ` +
        `(wasm32-wasip1).`);
    if (module !== WASI)
      throw new ModuleRefused(`The module imports ${shown}; workers provide only WASI preview 1 (${WASI}).`);
    const expected = WASI_FUNCTIONS.get(name);
    if (kind !== FUNCTION || expected === undefined)
      throw new ModuleRefused(`The module imports ${shown}, which WASI preview 1 doesn't have.`);
    if (types.at(reader.unsigned()) !== expected)
      throw new ModuleRefused(`The module imports ${shown} as a function of a different type from WASI preview 1's.`);
  }
}

/** @param {Reader | null} reader */
function checkGlobals(reader) {
  const count = reader?.unsigned() ?? 0;
  if (count > GLOBALS_MAX) throw new ModuleRefused(`The module has ${count} globals; it may have ${GLOBALS_MAX}.`);
}

/** @param {Reader | null} reader @param {FunctionTypes} types */
function checkTags(reader, types) {
  for (let left = reader?.unsigned() ?? 0; left > 0; left--) {
    reader.byte();
    if (!types.isSmallException(reader.unsigned()))
      throw new ModuleRefused("The module’s exceptions carry references, or too many values: their memory can't be " +
        "bounded.");
  }
}

/** @param {Reader | null} reader @returns {Set<string>} All names. */
function checkExports(reader) {
  const kinds = new Map();
  for (let left = reader?.unsigned() ?? 0; left > 0; left--) {
    kinds.set(reader.name(), reader.byte());
    reader.unsigned();
  }

  if (kinds.get('memory') !== MEMORY) {
    throw new ModuleRefused("The module doesn't export a memory: it is not a WASI command.");
  }
  if (kinds.get('_start') !== FUNCTION) {
    throw new ModuleRefused(kinds.has('_initialize')
      ? 'The module is a WASI reactor, a library without _start: it is not a WASI command.'
      : "The module doesn't export a function _start: it is not a WASI command.");
  }
  return new Set(kinds.keys());
}

/** @param {Set<string>} names */
function freeName(names) {
  let name = 'weft_start';
  while (names.has(name)) name += '_';
  return name;
}

/** @param {Reader} reader @param {string} name @param {number} index */
function withStart(reader, name, index) {
  const head = [];
  pushUnsigned(head, reader.unsigned() + 1);
  const rest = reader.bytes.subarray(reader.position, reader.end);
  const added = [name.length, ...new TextEncoder().encode(name), FUNCTION];
  pushUnsigned(added, index);
  return concat([head, rest, added]);
}

/**
 * @param {Reader | null} reader @returns {{content: number[] | null, pages: number}} What takes the section's place,
 *   and what it costs.
 */
function limitedTables(reader) {
  if (reader === null) return { content: null, pages: 0 };
  const count = reader.unsigned();
  if (count > TABLES_MAX) throw new ModuleRefused(`The module has ${count} tables; it may have ${TABLES_MAX}.`);
  const content = [];
  pushUnsigned(content, count);
  let entries = 0;
  for (let i = 0; i < count; i++) {
    const type = reader.byte();
    if (type !== FUNCTION_REFERENCE && type !== EXTERNAL_REFERENCE)
      throw new ModuleRefused("The module has a table of something other than functions: its memory can't be limited.");
    const flags = reader.byte();
    if ((flags & ~HAS_MAX) !== 0)
      throw new ModuleRefused("The module has a table that is shared or 64-bit, which this worker doesn't run.");
    const min = reader.unsigned();
    const max = (flags & HAS_MAX) !== 0 ? reader.unsigned() : TABLE_ENTRIES_MAX;
    content.push(type, HAS_MAX);
    pushUnsigned(content, min);
    pushUnsigned(content, Math.max(min, Math.min(max, TABLE_ENTRIES_MAX)));
    entries += min;
  }
  return { content, pages: Math.ceil(Math.max(0, entries - TABLES_MAX * TABLE_ENTRIES_MAX) * PAGES_PER_ENTRY) };
}

/**
 * @param {Reader | null} reader @param {number} memoryMb @param {number} pagesTaken Of its limit, by what isn't memory.
 * @returns {{content: number[] | null, pagesMax: number}}
 */
function limitedMemory(reader, memoryMb, pagesTaken) {
  const count = reader?.unsigned() ?? 0;
  if (count === 0) return { content: null, pagesMax: 0 };
  if (count > 1)
    throw new ModuleRefused(`The module has ${count} memories; it may have only one.`);
  const flags = reader.byte();
  if ((flags & ~HAS_MAX) !== 0) {
    const kind = (flags & IS_SHARED) !== 0 ? 'shared' : (flags & IS_64_BIT) !== 0 ? '64-bit' : 'of an unknown kind';
    throw new ModuleRefused(`The module’s memory is ${kind}, which this worker doesn't run.`);
  }

  const pagesMax = memoryMb * PAGES_PER_MB - pagesTaken;
  const min = reader.unsigned();
  const max = (flags & HAS_MAX) !== 0 ? reader.unsigned() : pagesMax;
  if (min > pagesMax) {
    throw new ModuleRefused(`The module needs ${Math.ceil((min + pagesTaken) / PAGES_PER_MB)} MB of memory at the ` +
      `start; this task may use ${memoryMb} MB.`);
  }

  const content = [1, HAS_MAX];
  pushUnsigned(content, min);
  pushUnsigned(content, Math.min(max, pagesMax));
  return { content, pagesMax: Math.min(max, pagesMax) };
}
