// The coordinator itself: how full it is.

import { el } from '../../elements.js';
import { durationText } from '../../numbers.js';
import { bytesText, number } from '../format.js';
import { ask } from '../net.js';

export function make({ signal }) {
  const uses = el('div', { className: 'uses' });
  const facts = el('dl', { className: 'record' });
  const element = el('div', {}, el('h1', {}, 'System'), facts, el('h2', {}, 'Limits, and how much of each is in use'),
    uses,
    el('p', { className: 'soft foot' }, el('a', { href: 'health/ready' }, 'Readiness'), ' · ',
      el('a', { href: 'metrics' }, 'Metrics for Prometheus')));
  return {
    title: 'System', element, everyMs: 2_000,
    async refresh() {
      const { version, engine, uptimeSeconds, ready, store, bounds, workers } = await ask('overview', { signal });
      facts.replaceChildren(...[
        ['Version', version], ['Store', engine === 'sqlite' ? 'SQLite, embedded' : 'PostgreSQL'],
        ['Up', durationText(uptimeSeconds)],
        ['Accepts changes', ready ? 'yes' : el('strong', { className: 'bad' }, 'no: see its log')],
        ['Workers',
          `${number(workers.active)} active, ${number(workers.waiting)} waiting, ${number(workers.silent)} silent`],
        ...(store.databaseBytes == null ? []
          : [['Database', bytesText(store.databaseBytes)], ['Log', bytesText(store.logBytes)],
            ['Free on its disk', bytesText(store.freeBytes)]]),
      ].map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))));
      uses.replaceChildren(
        use('Waiting requests', bounds.heldRequests, bounds.heldRequestsMax, number),
        use('Connections', bounds.connections, bounds.connectionsMax, number),
        use('Memory for large bodies', bounds.bodyBytes, bounds.bodyBytesMax, bytesText),
        use('Operations waiting for the store', store.waitingOperations, store.operationsMax, number));
    },
  };
}

function use(name, value, max, text) {
  return el('p', {}, el('span', {}, name), el('meter', { min: 0, max, value, high: max * 0.75, ariaLabel: name }),
    el('span', { className: 'soft' }, `${text(value)} of ${text(max)}`));
}
