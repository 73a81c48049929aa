// A result of megabytes, in a request of its own. On a slow connection it takes minutes, and a proxy may never accept
// it.

import { Refused, Unreachable } from './answers.js';

// One that fails so many times, while the coordinator answers otherwise, isn't delivered at all.
const TRIES_MAX = 3;
// As slow as a line may be.
const CHARS_PER_MS = 32;

/**
 * @param {import('./outbox.js').Item} item
 * @param {string} workerId
 * @param {{coordinator: import('./coordinator.js').Coordinator, backoff: import('./backoff.js').Backoff}} parts
 * @returns {Promise<{status: number, detail?: string, isStuck?: boolean}>} What the coordinator said; `isStuck`: that
 *   it can't be told.
 * @throws {Refused} This worker may not work here.
 */
export async function deliver({ task, more }, workerId, { coordinator, backoff }) {
  const body = `{"leaseToken":${task.token},"workerId":${JSON.stringify(workerId)}${more}}`;
  let failures = 0;
  const isStuck = async (error) => error.isAway && ++failures >= TRIES_MAX && await coordinator.isThere();
  try {
    return await backoff.until(async () => {
      try {
        await coordinator.post(`tasks/${task.id}/complete`, body, { sendMs: more.length / CHARS_PER_MS });
        return { status: 200 };
      } catch (error) {
        if (error instanceof Unreachable && await isStuck(error))
          return { status: 0, detail: error.message, isStuck: true };
        throw error;
      }
    });
  } catch (error) {
    if (!(error instanceof Refused) || error.isForGood) throw error;
    return { status: error.status, detail: error.message };
  }
}
