// How the console formats the API's values.

import { el } from '../elements.js';
import { durationText } from '../numbers.js';

export const STATES = ['scheduled', 'ready', 'leased', 'checking', 'completed', 'dead', 'cancelled'];
export const UNFINISHED = ['scheduled', 'ready', 'leased', 'checking'];
const SHAPES = { scheduled: '◷', ready: '○', leased: '◐', checking: '◎', completed: '●', dead: '✕', cancelled: '⊘' };
const BYTES = ['B', 'KB', 'MB', 'GB', 'TB'];

/** @param {number} count */
export const number = (count) => count.toLocaleString('en');

/** A state: a word, a shape and a colour. @param {string} state */
export const stateMark = (state) =>
  el('span', { className: `state ${state}` }, el('span', { ariaHidden: 'true' }, SHAPES[state] ?? '', ' '), state);

/** @param {number} bytes */
export function bytesText(bytes) {
  let unit = 0;
  for (; bytes >= 1_000 && unit < BYTES.length - 1; unit++) bytes /= 1_000;
  return `${unit === 0 ? bytes : bytes.toPrecision(3)} ${BYTES[unit]}`;
}

/** How long ago, with the time itself for those who point at it. @param {string | null | undefined} time */
export function ago(time) {
  if (time == null) return '–';
  const seconds = (Date.now() - Date.parse(time)) / 1_000;
  const text = Math.abs(seconds) < 1 ? 'now'
    : seconds < 0 ? `in ${durationText(-seconds)}` : `${durationText(seconds)} ago`;
  return el('time', { dateTime: time, title: time }, text);
}

/** @param {string | null | undefined} from @param {string | null | undefined} to */
export function between(from, to) {
  if (from == null || to == null) return '–';
  const milliseconds = Date.parse(to) - Date.parse(from);
  return milliseconds < 1_000 ? `${milliseconds} ms` : durationText(milliseconds / 1_000);
}

/**
 * The line of an error that says what went wrong: the first, but of Python's tracebacks the last.
 * @param {string} text
 */
export function errorLine(text) {
  const lines = text.trim().split('\n');
  return (lines[0].startsWith('Traceback (') ? lines[lines.length - 1] : lines[0]).trim().slice(0, 200);
}

/** The link of a view. @param {Record<string, string | number>} query @param {...(Node | string)} content */
export const link = (query, ...content) => el('a',
  { href: `?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}` }, ...content);

/** @param {number} part @param {number} whole */
export const percent =
  (part, whole) => whole === 0 ? '–' : `${(100 * part / whole).toFixed(part === whole || part === 0 ? 0 : 1)} %`;
