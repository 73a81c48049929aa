// What the function is given: read from the form.

const INPUTS_MAX = 100_000;

/**
 * @param {{kind: string, from: string, to: string, text: string}} given
 * @returns {unknown[]}
 */
export function readInputs({ kind, from, to, text }) {
  const inputs = kind === 'numbers' ? numbers(Number(from), Number(to))
    : kind === 'csv' ? rows(text) : linesOf(text).map(value);
  if (inputs.length === 0) throw new Error('There are no inputs.');
  if (inputs.length > INPUTS_MAX)
    throw new Error(`There are ${inputs.length.toLocaleString('en')} inputs; this page accepts up to ` +
      `${INPUTS_MAX.toLocaleString('en')}. For more, use weft map.`);
  return inputs;
}

function numbers(from, to) {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || to < from)
    throw new Error('The inputs must go from one whole number to another that isn’t smaller.');
  return Array.from({ length: Math.min(to - from + 1, INPUTS_MAX + 1) }, (_, index) => from + index);
}

/** A line that is JSON is that value, as for `weft map`; any other is a text. @param {string} line */
function value(line) {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

const linesOf = (text) => text.split('\n').map((line) => line.replace(/\r$/, '')).filter((line) => line.trim() !== '');

/** Each row is an object with the header's names; numbers are numbers. @param {string} text */
function rows(text) {
  const [header, ...records] = recordsOf(text);
  if (header === undefined) return [];
  return records.map((record) => Object.fromEntries(header.map((name, index) => [name, cell(record[index] ?? '')])));
}

const cell = (text) => text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

/** RFC 4180: quotes around a cell may hold commas, line ends and doubled quotes. @param {string} text */
function recordsOf(text) {
  /** @type {string[][]} */ const records = [];
  let record = [], at = 0;
  while (at < text.length) {
    let cellText = '';
    if (text[at] === '"') {
      for (at++; at < text.length; at++) {
        if (text[at] !== '"') cellText += text[at];
        else if (text[at + 1] === '"') { cellText += '"'; at++; } else { at++; break; }
      }
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\n') cellText += text[at++];
      cellText = cellText.replace(/\r$/, '');
    }
    record.push(cellText);
    if (text[at] === ',') { at++; if (at === text.length) record.push(''); continue; }
    if (text[at] === '\r') at++;
    at++;
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  }
  return records;
}
