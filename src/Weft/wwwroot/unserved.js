// Queues whose tasks wait: for workers that nobody has seen, or because they are paused.

/**
 * @param {{name: string, paused: boolean, counts: {ready: number}, workers?: number, unserved?: number}[]} queues As GET /api/v1/queues
 *   has them: `unserved` are the ready tasks that none of the queue's workers can run, where the coordinator says so.
 * @param {number} workersActive Of all queues together: what there is to go by where it doesn't.
 * @returns {{queue: string, count: number, paused: boolean, command: string, page: string}[]} With what to type.
 */
export function unservedIn(queues, workersActive) {
  return queues.map((queue) => ({ ...queue, count: queue.paused ? queue.counts.ready : queue.unserved ?? (workersActive === 0 ? queue.counts.ready : 0) }))
    .filter(({ count }) => count > 0)
    .map(({ name, count, paused }) => ({
      queue: name, count, paused, command: paused ? `weft queues resume ${name}` : `weft worker --queue ${name} --exec 'PROGRAM'`,
      page: `worker/?queue=${encodeURIComponent(name)}`,
    }));
}
