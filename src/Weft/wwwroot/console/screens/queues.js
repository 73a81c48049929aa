// The queues, with the flow of tasks into and out of each.

import { el } from '../../elements.js';
import { countText, durationText, rateText } from '../../numbers.js';
import { link, number } from '../format.js';
import { ask } from '../net.js';
import { makeTable } from '../table.js';

export function make({ signal }) {
  const table = queueTable('Queues');
  const more = el('p', { className: 'soft', hidden: true });
  const element = el('div', {}, el('h1', {}, 'Queues'), table.element, more);
  return {
    title: 'Queues', element, everyMs: 1_000,
    async refresh() {
      const { queues, queuesTotal } = await ask('overview', { signal });
      table.update(queues);
      more.hidden = queuesTotal <= queues.length;
      more.textContent =
        `These are the ${queues.length} with the most unfinished tasks, of ${number(queuesTotal)}. Search for ` +
        `another by its name.`;
    },
  };
}

/** Queues as GET /overview has them. @param {string} caption */
export function queueTable(caption) {
  const count = (name, state) => ({ name, numeric: true, sortBy: (queue) => queue.counts[state],
    cell: (queue) => queue.counts[state] === 0 ? '0'
      : link({ view: 'tasks', queue: queue.name, state }, number(queue.counts[state])) });
  return makeTable({
    caption, keyOf: (queue) => queue.name, empty: 'No queue holds tasks.',
    columns: [
      { name: 'Queue', sortBy: (queue) => queue.name,
        cell: (queue) => el('span', {}, link({ view: 'queue', name: queue.name }, queue.name),
          queue.paused ? el('span', { className: 'tag' }, 'paused') : null) },
      count('Scheduled', 'scheduled'), count('Ready', 'ready'), count('Leased', 'leased'), count('Dead', 'dead'),
      { name: 'In', numeric: true, sortBy: (queue) => queue.perSecond.submitted,
        cell: (queue) => rateText(queue.perSecond.submitted) },
      { name: 'Out', numeric: true, sortBy: (queue) => queue.perSecond.completed,
        cell: (queue) => rateText(queue.perSecond.completed) },
      { name: 'Time to empty', numeric: true, sortBy: secondsToEmpty,
        cell: (queue) => el('span', { title: 'If tasks keep arriving and finishing at the rate of the last minute' },
          emptyText(secondsToEmpty(queue))) },
      { name: 'Workers', numeric: true, sortBy: (queue) => queue.workers,
        cell: (queue) => {
          const isLacking = queue.unserved > 0 && !queue.paused;
          return el('span', { className: isLacking ? 'bad' : '' }, number(queue.workers),
            isLacking ? ` (${countText(queue.unserved, 'task')} without one)` : '');
        } },
    ],
  });
}

/** If tasks keep arriving and finishing at the rate of the last minute. @returns {number} Infinity: never. */
export function secondsToEmpty({ counts, perSecond }) {
  const waiting = counts.ready + counts.leased;
  if (waiting === 0) return 0;
  const net = perSecond.completed - perSecond.submitted;
  return net <= 0 ? Infinity : waiting / net;
}

/** @param {number} seconds */
export const emptyText =
  (seconds) => seconds === 0 ? '–' : Number.isFinite(seconds) ? durationText(seconds) : 'never';
