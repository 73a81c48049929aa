// The workers, with those that fail more often than the others.

import { el } from '../../elements.js';
import { countText } from '../../numbers.js';
import { ago, link, number, percent } from '../format.js';
import { ask } from '../net.js';
import { makeTable } from '../table.js';

const ATTEMPTS_LEAST = 20;
const OUTLIER_TIMES = 5;
const OUTLIER_LEAST = 0.05;
const IN_HAND_SHOWN = 5;

export function make({ signal }) {
  let limit = Infinity;
  const said = el('p', { className: 'soft' });
  const table = makeTable({
    caption: 'Workers', keyOf: (worker) => worker.id,
    empty:
      'No worker has been seen since the coordinator’s start. Open the worker page, or type: weft worker --exec ' +
      '\'PROGRAM\'',
    columns: [
      { name: 'Worker', sortBy: (worker) => worker.id,
        cell: (worker) => link({ view: 'tasks', worker: worker.id }, worker.id) },
      { name: 'Now', sortBy: (worker) => worker.active ? 0 : 1,
        cell: (worker) =>
          el('span', { className: worker.active ? 'good' : 'soft' }, worker.active ? '● active' : '○ silent') },
      { name: 'In hand', cell: inHand },
      { name: 'Claimed', numeric: true, sortBy: (worker) => worker.claimed, cell: (worker) => number(worker.claimed) },
      { name: 'Completed', numeric: true, sortBy: (worker) => worker.completed,
        cell: (worker) => number(worker.completed) },
      { name: 'Failed', numeric: true, sortBy: failedShare,
        cell: (worker) => el('span', { className: isOutlier(worker) ? 'bad' : '' },
          `${number(worker.failed)} (${percent(worker.failed, worker.failed + worker.completed)})`,
          isOutlier(worker) ? ' far more than others' : '') },
      { name: 'Last seen', sortBy: (worker) => worker.lastSeenAt, cell: (worker) => ago(worker.lastSeenAt) },
      { name: 'Queues', cell: (worker) => (worker.queues ?? []).join(', ') },
      { name: 'Can',
        cell: (worker) =>
          [...(worker.capabilities ?? []), ...(worker.modulesOnly ? ['modules only'] : [])].join(', ') },
    ],
  });
  const element = el('div', {}, el('h1', {}, 'Workers'), said, table.element);
  return {
    title: 'Workers', element, everyMs: 2_000,
    async refresh() {
      const { workers } = await ask('workers', { signal });
      const shares = workers.filter(isKnown).map(failedShare).sort((a, b) => a - b);
      limit = shares.length < 3 ? Infinity
        : Math.max(OUTLIER_LEAST, OUTLIER_TIMES * shares[Math.floor(shares.length / 2)]);
      table.update(workers);
      said.textContent =
        `${countText(workers.filter((worker) => worker.active).length, 'worker')} active, of ` +
        `${number(workers.length)} seen since the coordinator’s start.`;
    },
  };

  function isOutlier(worker) {
    return isKnown(worker) && failedShare(worker) > limit;
  }
}

const isKnown = (worker) => worker.completed + worker.failed >= ATTEMPTS_LEAST;
const failedShare = (worker) => worker.failed === 0 ? 0 : worker.failed / (worker.failed + worker.completed);

function inHand({ tasks }) {
  const more = tasks.length - IN_HAND_SHOWN;
  return el('span', {},
    ...tasks.slice(0, IN_HAND_SHOWN)
      .flatMap((id, index) => [index === 0 ? '' : ', ', link({ view: 'task', id }, String(id))]),
      more > 0 ? ` and ${number(more)} more` : '');
}
