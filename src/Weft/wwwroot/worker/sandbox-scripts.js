// The scripts that run in the sandboxes. A sandbox has no network connection, so the page loads the texts and passes
// them in.

import { textOf } from './bounded-body.js';

/**
 * The scripts of each kind of module, those that others import first; the last one is the worker's own. All that they
 * import must be here: SandboxScriptTests compares the list with their imports.
 * @type {Record<'wasi' | 'javascript' | 'python', string[]>}
 */
export const SCRIPTS = {
  wasi: [
    'harden.js', 'task-text.js', 'wasi-functions.js', 'wasi-output.js', 'wasi-clock.js', 'wasi-files.js', 'wasi.js',
    'compute.js',
  ],
  javascript: ['taken-away.js', 'compute-script.js'],
  python: ['taken-away.js', 'compute-python.js'],
};

const SCRIPT_BYTES_MAX = 1 << 20;

/** @type {Map<string, Promise<[string, string][]>>} */
const loaded = new Map();

/**
 * Names and texts, loaded once for as long as the page lives.
 * @param {'wasi' | 'javascript' | 'python'} kind
 * @returns {Promise<[string, string][]>} Rejected where they can't be loaded now.
 */
export function scriptsOf(kind) {
  const present = loaded.get(kind);
  if (present !== undefined) return present;
  const scripts = Promise.all(SCRIPTS[kind].map(load));
  loaded.set(kind, scripts);
  scripts.catch(() => loaded.delete(kind));
  return scripts;
}

/** @param {string} name @returns {Promise<[string, string]>} */
async function load(name) {
  const response = await fetch(new URL(name, import.meta.url));
  const type = response.headers.get('Content-Type') ?? '';
  if (!response.ok || !type.startsWith('text/javascript')) throw new Error(`${name}: ${response.status} ${type}`);
  return [name, await textOf(response, SCRIPT_BYTES_MAX)];
}
