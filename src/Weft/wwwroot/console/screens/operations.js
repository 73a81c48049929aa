// Bulk operations, and their progress.

import { el } from '../../elements.js';
import { actionButton } from '../dialog.js';
import { ago, between, number } from '../format.js';
import { ask, withQuery } from '../net.js';
import { makeTable } from '../table.js';

const PAGE = 100;

export function make({ may, refresh, signal }) {
  const table = makeTable({
    caption: 'Operations', keyOf: (operation) => operation.id,
    empty: 'No operation has been started. Select tasks in the list of tasks, or all that match a filter.',
    columns: [
      { name: 'Operation', numeric: true, cell: (operation) => String(operation.id) },
      { name: 'Action', cell: (operation) => operation.action },
      { name: 'Tasks', cell: (operation) => selectionText(operation) },
      { name: 'State',
        cell: (operation) => operation.reason == null ? operation.state : `${operation.state}: ${operation.reason}` },
      { name: 'Looked at', numeric: true, cell: (operation) => number(operation.looked) },
      { name: 'Changed', numeric: true, cell: (operation) => number(operation.changed) },
      { name: 'Refused', numeric: true, cell: (operation) => number(operation.refused) },
      { name: 'By', cell: (operation) => operation.actor ?? '' },
      { name: 'Started', cell: (operation) => ago(operation.startedAt) },
      { name: 'Took', numeric: true, cell: (operation) => between(operation.startedAt, operation.finishedAt) },
      { name: '', cell: (operation) => operation.state === 'running' && may('submit') ? stopButton(operation) : '' },
    ],
  });
  const element = el('div', {}, el('h1', {}, 'Operations'), table.element);
  return {
    title: 'Operations', element, everyMs: 1_000,
    async refresh() {
      const { operations } = await ask(withQuery('operations', { limit: PAGE }), { signal });
      table.update(operations);
    },
  };

  function stopButton({ id }) {
    const button = actionButton('Stop', async () => {
      await ask(`operations/${id}/cancel`, { method: 'POST' });
      await refresh();
      return `Operation ${id} is stopped. Tasks that it has changed stay changed.`;
    });
    button.ariaLabel = `Stop operation ${id}`;
    return button;
  }
}

function selectionText({ filter, ids }) {
  if (ids != null) return `${number(ids)} selected`;
  const parts = Object.entries(filter ?? {}).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? 'all' : parts.join(', ');
}
