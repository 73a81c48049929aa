// The console's requests: its token, and readable errors for unexpected responses.

import { keepToken, readToken, TokenKey } from '../worker/settings.js';

const ANSWER_MAX_MS = 15_000;
const root = new URL('../', import.meta.url);
let token = readToken(TokenKey.console);
/** @type {Date | null} */ let answeredAt = null;

/** The coordinator can't be seen with this token, or with none. */
export class NoAccess extends Error {}

/** The coordinator refused, in its own words. */
export class Refusal extends Error {
  /** @param {{code: string, detail?: string, title?: string}} problem */
  constructor(problem) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.code = problem.code;
  }
}

export const hasToken = () => token !== null;

/** @param {string} given */
export function useToken(given) {
  token = given;
  keepToken(TokenKey.console, given);
}

/** The headers that a request needs. @returns {Record<string, string>} */
const authorization = () => token === null ? {} : { Authorization: `Bearer ${token}` };

/**
 * Asks the coordinator.
 * @param {string} path Below /api/v1/.
 * @param {{method?: string, body?: unknown, signal?: AbortSignal, as?: 'json' | 'text' | 'blob'}} [options]
 * @returns {Promise<any>}
 */
export async function ask(path, { method = 'GET', body, signal, as = 'json' } = {}) {
  const limit = AbortSignal.timeout(ANSWER_MAX_MS);
  const response = await fetch(new URL(`api/v1/${path}`, root), {
    method, cache: 'no-store', signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    headers: { ...authorization(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch((error) => { throw signal?.aborted ? error : new Error(awayText()); });
  if (!response.ok) throw await errorOf(response);
  const answer = await response[as]()
    .catch(() => {
      throw new Error(`A proxy in front of the coordinator answered instead (${response.status}). ${awayText()}`);
    });
  answeredAt = new Date();
  return answer;
}

/**
 * @param {string} path @param {Record<string, string | number | null | undefined>} query Those without a value are
 *   left out.
 */
export function withQuery(path, query) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value != null && value !== '') search.set(name, String(value));
  return search.size === 0 ? path : `${path}?${search}`;
}

async function errorOf(response) {
  const problem = await response.json().catch(() => null);
  if (typeof problem?.code !== 'string') return new Error(`The coordinator answered ${response.status}. ${awayText()}`);
  answeredAt = new Date();
  if (response.status === 403 && problem.code === 'forbidden')
    return new NoAccess('Your token isn’t allowed to see the statistics: it needs the scope read or admin.');
  if (response.status !== 401) return new Refusal(problem);
  return new NoAccess(token === null
    ? 'This coordinator requires a token to show its statistics.'
    : 'Your token has expired, was revoked, or belongs to another coordinator.');
}

function awayText() {
  return answeredAt === null ? 'The coordinator doesn’t answer; retrying.'
    : `The coordinator hasn’t answered since ${answeredAt.toLocaleTimeString()}; the numbers are from then.`;
}
