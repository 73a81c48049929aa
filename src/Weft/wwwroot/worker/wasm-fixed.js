// Rewrites a module's code for `fixed`. WebAssembly leaves the bits of a NaN to the engine: V8's two compilers differ
// on one machine. So a NaN becomes the canonical one wherever its bits can be seen: before it is stored, reinterpreted,
// its sign copied, or put into a vector, and after each vector operation that produces one. And if the system refuses
// memory within the task's limit, the module traps: a program must not take another path for lack of memory that other
// machines have. WasmFixed.cs does the same natively.

import { ModuleRefused, Reader, concat, pushUnsigned } from './wasm-binary.js';
import { PREFIXED, VECTOR, nextInstruction } from './wasm-instructions.js';

const CODE_BYTES_MAX = 128 << 20;
const I32 = 0x7F, F32 = 0x7D, F64 = 0x7C, V128 = 0x7B;
const MEMORY_GROW = 0x40;

const NAN_F32 = [0x43, 0, 0, 0xC0, 0x7F];
const NAN_F64 = [0x44, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F];
const NAN_F32X4 = [0xFD, 12, ...Array(4).fill([0, 0, 0xC0, 0x7F]).flat()];
const NAN_F64X2 = [0xFD, 12, ...Array(2).fill([0, 0, 0, 0, 0, 0, 0xF8, 0x7F]).flat()];
const F32_EQ = [0x5B], F64_EQ = [0x61], F32X4_EQ = [0xFD, 65], F64X2_EQ = [0xFD, 71];
const SELECT = [0x1B], BITSELECT = [0xFD, 82];

const SCALAR_F32 = { type: F32, nan: NAN_F32, equal: F32_EQ, select: SELECT };
const SCALAR_F64 = { type: F64, nan: NAN_F64, equal: F64_EQ, select: SELECT };
const LANES_F32 = { type: V128, nan: NAN_F32X4, equal: F32X4_EQ, select: BITSELECT };
const LANES_F64 = { type: V128, nan: NAN_F64X2, equal: F64X2_EQ, select: BITSELECT };

const vector = (opcode) => PREFIXED * VECTOR + opcode;
const vectors = (...opcodes) => opcodes.map(vector);
/**
 * What shows the bits of the operand on top: f32.store, i32.reinterpret_f32, f32.copysign, f32x4.splat,
 * f32x4.replace_lane; and of f64.
 */
const SHOWS = new Map([
  ...[0x38, 0xBC, 0x98, vector(19), vector(32)].map((opcode) => [opcode, SCALAR_F32]),
  ...[0x39, 0xBD, 0xA6, vector(20), vector(34)].map((opcode) => [opcode, SCALAR_F64]),
]);
/**
 * The vector operations that make NaNs: demote, ceil, floor, trunc, nearest, sqrt, add, sub, mul, div, min, max; and
 * promote.
 */
const MAKES = new Map([
  ...vectors(94, 103, 104, 105, 106, 227, 228, 229, 230, 231, 232, 233).map((opcode) => [opcode, LANES_F32]),
  ...vectors(95, 116, 117, 122, 148, 239, 240, 241, 242, 243, 244, 245).map((opcode) => [opcode, LANES_F64]),
]);
/**
 * What leaves a number whose bits are exact by themselves: loads, constants, conversions of integers, and their bits.
 */
const EXACT = new Set([0x2A, 0x2B, 0x43, 0x44, 0xB2, 0xB3, 0xB4, 0xB5, 0xB7, 0xB8, 0xB9, 0xBA, 0xBE, 0xBF]);
const RELAXED_FIRST = vector(256), RELAXED_LAST = vector(275);

/**
 * The content of a code section whose runs are the same everywhere.
 * @param {Reader} code
 * @param {Reader | null} functions The section of functions: their types.
 * @param {import('./wasm-types.js').FunctionTypes} types
 * @param {number} pagesMax What the memory may grow to.
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {ModuleRefused}
 */
export function fixedCode(code, functions, types, pagesMax) {
  functions?.unsigned();
  const count = code.unsigned();
  const head = [];
  pushUnsigned(head, count);
  /** @type {ArrayLike<number>[]} */
  const parts = [head];
  let length = 0;
  for (let left = count; left > 0; left--) {
    const bytes = code.unsigned();
    if (bytes > code.end - code.position) throw new ModuleRefused('The module is truncated.');
    const body = new Reader(code.bytes, code.position, code.position + bytes);
    code.position = body.end;
    const made = fixedFunction(body, types.at(functions?.unsigned() ?? 0)?.indexOf(':') ?? 0, pagesMax);
    const size = [];
    pushUnsigned(size, made.length);
    parts.push(size, made);
    length += made.length;
    if (length > CODE_BYTES_MAX)
      throw new ModuleRefused('The module’s code is too large for fixed runs: run it without "fixed".');
  }
  return concat(parts);
}

/** @param {Reader} body @param {number} parameters @param {number} pagesMax */
function fixedFunction(body, parameters, pagesMax) {
  const start = body.position;
  const groups = body.unsigned();
  const groupsAt = body.position;
  let locals = parameters;
  for (let left = groups; left > 0; left--) {
    locals += body.unsigned();
    body.byte();
  }

  const made = new FunctionCode(body.bytes, body.position, locals);
  let before = -1;
  while (body.position < body.end) {
    const at = body.position;
    const opcode = nextInstruction(body);
    const shown = EXACT.has(before) ? undefined : SHOWS.get(opcode);
    const lanes = MAKES.get(opcode);
    if (opcode >= RELAXED_FIRST && opcode <= RELAXED_LAST) throw relaxed();
    if (shown !== undefined) made.canonical(at, shown);
    else if (lanes !== undefined) made.canonical(body.position, lanes);
    else if (opcode === MEMORY_GROW) made.growing(at, body.position, pagesMax);
    before = opcode;
  }
  if (made.isAsItWas) return body.bytes.subarray(start, body.end);
  return concat([counted(groups + made.added.length), body.bytes.subarray(groupsAt, made.start),
    made.added.flatMap((type) => [1, type]), ...made.parts(body.end)]);
}

/** A function's code, as it was but for what is put in between. */
class FunctionCode {
  /** The types of the locals that it needs besides its own. @type {number[]} */
  added = [];
  #bytes;
  #copied;
  #locals;
  /** @type {ArrayLike<number>[]} */ #parts = [];
  /** @type {Map<string, number>} */ #temporaries = new Map();

  /** @param {Uint8Array<ArrayBuffer>} bytes @param {number} start @param {number} locals */
  constructor(bytes, start, locals) {
    this.#bytes = bytes;
    this.#copied = this.start = start;
    this.#locals = locals;
  }

  get isAsItWas() { return this.#parts.length === 0; }

  /** @param {number} end */
  parts(end) {
    return [...this.#parts, this.#bytes.subarray(this.#copied, end)];
  }

  /**
   * Puts in what makes the value on top of the stack the canonical NaN if it is one: it is when it doesn't equal
   * itself.
   */
  canonical(at, { type, nan, equal, select }) {
    const local = this.#temporary(type, '');
    this.#put(at, at, [0x22, ...local, ...nan, 0x20, ...local, 0x20, ...local, ...equal, ...select]);
  }

  /** Puts in its place one that traps when the memory could not grow by what is allowed. */
  growing(at, end, pagesMax) {
    const pages = this.#temporary(I32, 'pages'), before = this.#temporary(I32, 'before');
    this.#put(at, end, [
      0x22, ...pages, ...this.#bytes.subarray(at, end), 0x22, ...before, 0x41, 0x7F, 0x46, 0x04, 0x40,
      0x20, ...pages, 0x41, ...signed(pagesMax), 0x3F, 0, 0x6B, 0x4D, 0x04, 0x40, 0x00, 0x0B, 0x0B, 0x20, ...before,
    ]);
  }

  #put(at, end, code) {
    this.#parts.push(this.#bytes.subarray(this.#copied, at), code);
    this.#copied = end;
  }

  #temporary(type, name) {
    const key = `${type}${name}`;
    const known = this.#temporaries.get(key) ?? this.#locals + this.added.length;
    if (!this.#temporaries.has(key)) this.added.push(type);
    this.#temporaries.set(key, known);
    return counted(known);
  }
}

/** @param {number} value */
function counted(value) {
  const bytes = [];
  pushUnsigned(bytes, value);
  return bytes;
}

// LEB128 of a number that isn't negative, whose highest digit must not look like a sign.
function signed(value) {
  const bytes = counted(value);
  const last = bytes[bytes.length - 1];
  return last < 0x40 ? bytes : [...bytes.slice(0, -1), last | 0x80, 0];
}

function relaxed() {
  return new ModuleRefused('The module uses relaxed SIMD, whose results differ between processors: build it ' +
    'without, or run it without "fixed".');
}
