// Splits JSON into the texts of its members, unparsed: a number with many digits must reach the module as it was
// submitted, and JSON.parse would round it. The values' contents aren't checked; truncated or invalid text throws a
// SyntaxError.

const QUOTE = 0x22, COMMA = 0x2C, COLON = 0x3A, BACKSLASH = 0x5C;
const OPEN_ARRAY = 0x5B, CLOSE_ARRAY = 0x5D, OPEN_OBJECT = 0x7B, CLOSE_OBJECT = 0x7D;

/**
 * The members of an object.
 * @param {string} json
 * @returns {Record<string, string>} Each member's text by its name.
 */
export function membersOf(json) {
  /** @type {Record<string, string>} */
  const members = Object.create(null);
  let at = next(json, opening(json, OPEN_OBJECT) + 1);
  while (json.charCodeAt(at) !== CLOSE_OBJECT) {
    if (json.charCodeAt(at) !== QUOTE) throw new SyntaxError('A member has no name.');
    const nameEnd = endOfString(json, at);
    const name = JSON.parse(json.slice(at, nameEnd));
    const start = next(json, next(json, nameEnd) + 1);
    const end = endOfValue(json, start);
    members[name] = json.slice(start, end);
    at = next(json, end);
    if (json.charCodeAt(at) === COMMA) at = next(json, at + 1);
  }
  return members;
}

/**
 * The items of an array.
 * @param {string} json
 * @returns {string[]} Each item's text.
 */
export function itemsOf(json) {
  const items = [];
  let at = next(json, opening(json, OPEN_ARRAY) + 1);
  while (json.charCodeAt(at) !== CLOSE_ARRAY) {
    const end = endOfValue(json, at);
    items.push(json.slice(at, end));
    at = next(json, end);
    if (json.charCodeAt(at) === COMMA) at = next(json, at + 1);
  }
  return items;
}

function opening(json, bracket) {
  const at = next(json, 0);
  if (json.charCodeAt(at) !== bracket) throw new SyntaxError('It starts with something else.');
  return at;
}

function next(json, at) {
  while (json.charCodeAt(at) <= 0x20) at++;
  if (at >= json.length) throw new SyntaxError('It ends too early.');
  return at;
}

function endOfValue(json, start) {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at) - 1;
        if (depth === 0) return at + 1;
        break;
      case OPEN_ARRAY: case OPEN_OBJECT: depth++; break;
      case CLOSE_ARRAY: case CLOSE_OBJECT:
        // At depth 0 it closes what the value stands in.
        if (depth === 0) return at;
        if (--depth === 0) return at + 1;
        break;
      case COMMA: case COLON:
        if (depth === 0) return at;
        break;
    }
  }
  throw new SyntaxError('It ends too early.');
}

function endOfString(json, start) {
  for (let at = start + 1; ; at++) {
    at = json.indexOf('"', at);
    if (at < 0) throw new SyntaxError('A text ends too early.');
    let slashes = 0;
    while (json.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}
