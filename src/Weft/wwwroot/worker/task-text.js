// Payloads as commands read them, and results as they write them: the same as `weft worker --exec` does.

import { depthOf } from './raw-json.js';

// Deeper JSON is refused by the coordinator, so that it is handed over as text.
const DEPTH_MAX = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A string's text, any other payload's JSON; with a line end, since that is what tools for lines expect.
 * @param {string} payload JSON.
 */
export function stdinOf(payload) {
  return encoder.encode(`${payload.startsWith('"') ? JSON.parse(payload) : payload}\n`);
}

/**
 * JSON as it is, any other text as a string, without the line end of its last line.
 * @param {Uint8Array} stdout
 * @returns {{result: string} | {error: string}} The result is JSON.
 */
export function readResult(stdout) {
  let text;
  try {
    text = decoder.decode(stdout);
  } catch {
    return { error: 'Its output is not UTF-8 text.' };
  }

  if (text.endsWith('\n')) text = text.slice(0, -1);
  return { result: isJson(text) ? text : JSON.stringify(text) };
}

/** Whether the coordinator takes it as JSON. @param {string} text */
export function isJson(text) {
  try {
    JSON.parse(text);
    return depthOf(text) <= DEPTH_MAX;
  } catch {
    return false;
  }
}
