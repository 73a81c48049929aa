// When the page pauses automatically: outside the chosen hours, and on lasting changes rather than on every short one.

const LOOK_MS = 15_000;
const DAY_MINUTES = 24 * 60;
const HOURS = /^(\d{1,2})(?::([0-5]\d))?\s*[-–]\s*(\d{1,2})(?::([0-5]\d))?$/;

/**
 * Passes on a change once it has lasted, and the first value at once.
 * @param {(value: boolean) => void} tell @param {number} onMs How long true must last. @param {number} offMs The same
 *   for false.
 */
export function steady(tell, onMs, offMs) {
  /** @type {boolean | undefined} */ let told;
  let timer = 0;
  return (/** @type {boolean} */ value) => {
    clearTimeout(timer);
    if (value === told) return;
    const pass = () => tell(told = value);
    const waitMs = value ? onMs : offMs;
    if (told === undefined || waitMs === 0) pass();
    else timer = setTimeout(pass, waitMs);
  };
}

/**
 * The hours of a day, such as `19-7` or `8:30-17`, in minutes since midnight; null: that isn't two different times.
 * @param {string} text @returns {{from: number, to: number} | null}
 */
export function readHours(text) {
  const match = HOURS.exec(text.trim());
  if (match === null) return null;
  const [from, to] = [[1, 2], [3, 4]].map(([hour, minute]) => Number(match[hour]) * 60 + Number(match[minute] ?? 0));
  return Math.max(from, to) > DAY_MINUTES || from % DAY_MINUTES === to % DAY_MINUTES ? null : { from, to };
}

/**
 * Tells when the hours begin and end, by this computer's clock: until when to pause, or null within them.
 * @param {() => string} text The hours; empty for all day. @param {(until: string | null) => void} tell
 * @returns {() => void} To be called when they have changed.
 */
export function watchHours(text, tell) {
  /** @type {string | null} */ let told = null;
  const look = () => {
    const hours = readHours(text());
    const until = hours === null || isWithin(hours, new Date()) ? null : clockText(hours.from % DAY_MINUTES);
    if (until !== told) tell(told = until);
  };
  setInterval(look, LOOK_MS);
  return look;
}

function isWithin({ from, to }, now) {
  const minute = now.getHours() * 60 + now.getMinutes();
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

function clockText(minutes) {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}
