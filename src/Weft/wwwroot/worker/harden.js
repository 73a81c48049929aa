// Removes from a realm what untrusted code could use to change it, or to evaluate text. A module can't reach any of
// this on its own, since its imports have no prototypes (wasi.js): this is a second barrier.

const FUNCTIONS =
  [function () {}, function* () {}, async function () {}, async function* () {}].map(Object.getPrototypeOf);
// Built-ins that no name leads to.
const NAMELESS =
  [[][Symbol.iterator](), ''[Symbol.iterator](), new Map().entries(), new Set().values(), 'x'.matchAll(/x/g)];
// What a compute worker runs on; looking at all that a browser has would take longer than most tasks.
const NAMES = [
  'Object', 'Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView',
  'Date', 'Error', 'EvalError',
  'Float32Array', 'Float64Array', 'Int8Array', 'Int16Array', 'Int32Array', 'Iterator', 'JSON', 'Map', 'Math', 'Number',
  'Promise', 'Proxy',
  'RangeError', 'ReferenceError', 'Reflect', 'RegExp', 'Set', 'SharedArrayBuffer', 'String', 'Symbol', 'SyntaxError',
  'TypeError', 'URIError',
  'Uint8Array', 'Uint8ClampedArray', 'Uint16Array', 'Uint32Array', 'WeakMap', 'WeakRef', 'WeakSet', 'WebAssembly',
  'Crypto', 'MessageChannel', 'MessageEvent', 'MessagePort', 'Performance', 'TextDecoder', 'TextEncoder',
];

/** Freezes all built-ins, and removes those that run texts. To be called when all scripts are loaded. */
export function harden() {
  for (const prototype of FUNCTIONS) Object.defineProperty(prototype, 'constructor', { value: undefined });
  for (const name of ['eval', 'Function']) Reflect.deleteProperty(globalThis, name);

  const named = NAMES.map((name) => globalThis[name]);
  for (const thing of reachable([...named, ...FUNCTIONS, ...NAMELESS])) {
    try {
      Object.freeze(thing);
    } catch {
      // What has bytes of its own can't be frozen, and no built-in has.
    }
  }

  for (const name of NAMES)
    if (name in globalThis) Object.defineProperty(globalThis, name, { writable: false, configurable: false });
}

/**
 * All objects that properties and prototypes lead to. Nothing is asked for its value, so nothing runs.
 * @param {object[]} roots
 */
function reachable(roots) {
  const found = new Set();
  const queue = [...roots];
  while (queue.length > 0) {
    const thing = queue.pop();
    if (thing === null || thing === globalThis || (typeof thing !== 'object' && typeof thing !== 'function')
      || found.has(thing)) continue;
    found.add(thing);
    queue.push(Object.getPrototypeOf(thing));
    for (const key of Reflect.ownKeys(thing)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(thing, key);
      queue.push(value, get, set);
    }
  }
  return found;
}
