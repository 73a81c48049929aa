// Whether a response comes from the coordinator itself, and what it means. A proxy, a gateway or a hotel's login page
// may answer in its place with any status and any body, including 200: that means nothing, and the request is retried.

import { textOf } from './bounded-body.js';

const WAIT_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504, 507]);
const FOR_GOOD_CODES = new Set(['unauthorized', 'forbidden', 'cross_site', 'unknown_host']);
const RETRY_AFTER_MAX_MS = 60_000;
// A proxy's limit on bodies is about the body, and not about the worker: smaller ones get through.
const LARGE_BODY_CHARS = 64 << 10;
/** Of a problem, or whatever else has a few lines. */
export const SHORT_ANSWER_BYTES_MAX = 64 << 10;

/** It gave no usable answer: asking again later may help. */
export class Unreachable extends Error {
  /**
   * @param {string} message
   * @param {{retryAfterMs?: number, isAway?: boolean}} [how] How long it asks to be left alone, and whether nobody
   *   answered at all.
   */
  constructor(message, { retryAfterMs = 0, isAway = true } = {}) {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.isAway = isAway;
  }
}

/** The coordinator understood the request, and refuses it. */
export class Refused extends Error {
  /**
   * @param {number} status
   * @param {string} code Of the problem; empty where a proxy refused a large body.
   * @param {string} message
   * @param {number} [offset] Where a push goes on, if it was sent at another place.
   */
  constructor(status, code, message, offset) {
    super(message);
    this.status = status;
    this.code = code;
    this.offset = offset;
  }

  /** Whether this worker may not work here at all. */
  get isForGood() { return FOR_GOOD_CODES.has(this.code); }
}

/**
 * Throws unless the coordinator itself has said yes.
 * @param {Response} response
 * @param {number} sentChars How large the request's body was.
 */
export async function refuseTrouble(response, sentChars) {
  if (response.ok) return;
  const problem = await textOf(response, SHORT_ANSWER_BYTES_MAX).then(JSON.parse).catch(() => null);
  if (typeof problem?.code !== 'string') throw strange(response, sentChars);

  const words =
    `The coordinator answered ${response.status}: ${oneLine(problem.detail ?? problem.title ?? 'no reason given')}`;
  if (!WAIT_STATUSES.has(response.status)) throw new Refused(response.status, problem.code, words, problem.offset);
  throw new Unreachable(words,
    { retryAfterMs: Math.min(RETRY_AFTER_MAX_MS, secondsOf(response) * 1_000), isAway: false });
}

/**
 * Untrusted text without line ends, so that it can't imitate this page's own lines.
 * @param {unknown} text
 */
export function oneLine(text) {
  return String(text).replace(/[\s\p{Cc}]+/gu, ' ');
}

/** An answer that isn't the coordinator's. @param {Response} response @param {number} [sentChars] */
export function strange(response, sentChars = 0) {
  if (response.status === 413 && sentChars > LARGE_BODY_CHARS)
    return new Refused(413, '', 'A proxy in front of the coordinator rejected a body of this size (413).');
  return new Unreachable(`A proxy in front of the coordinator answered instead (${response.status}).`);
}

function secondsOf(response) {
  return Number(response.headers.get('Retry-After') ?? 0) || 0;
}
