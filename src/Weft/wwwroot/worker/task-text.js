// Payloads as commands read them, and results as they write them: the same as in `weft worker --exec`.

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

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
    return { error: 'The module’s output is not UTF-8 text.' };
  }

  text = text.replace(/\r?\n$/, '');
  return { result: isJson(text) ? text : JSON.stringify(text) };
}

/** @param {string} text */
export function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
