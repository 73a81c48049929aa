// The modules that tasks run.

import { el } from '../../elements.js';
import { actionButton, confirmed } from '../dialog.js';
import { ago, bytesText } from '../format.js';
import { ask } from '../net.js';
import { makeTable } from '../table.js';

const HASH_SHOWN = 12;

export function make({ query, may, refresh, signal }) {
  const wanted = query.get('sha256');
  const table = makeTable({
    caption: 'Modules', keyOf: (module) => module.sha256,
    empty: wanted === null ? 'There are no modules. To push one: weft module push FILE.wasm'
      : 'There is no module with this hash, or this token may not see it.',
    columns: [
      { name: 'Module', cell: (module) => el('code', { title: module.sha256 }, module.sha256.slice(0, HASH_SHOWN)) },
      { name: 'Name', sortBy: (module) => module.name ?? '', cell: (module) => module.name ?? '' },
      { name: 'Kind', sortBy: (module) => module.kind, cell: (module) => module.kind },
      { name: 'Size', numeric: true, sortBy: (module) => module.size, cell: (module) => bytesText(module.size) },
      { name: 'Runs', sortBy: (module) => verdictsOf(module),
        cell: (module) => el('span',
          { title:
            'Whether two runs on one payload give the same result, or what makes them differ: fixed runs remove nan, ' +
            'clock, random and environment.' }, verdictsOf(module)) },
      { name: 'Pushed', sortBy: (module) => module.createdAt, cell: (module) => ago(module.createdAt) },
      { name: '', cell: (module) => may('submit') ? deleteButton(module) : '' },
    ],
  });
  const element = el('div', {}, el('h1', {}, 'Modules'), table.element);
  return {
    title: 'Modules', element, everyMs: 10_000,
    async refresh() {
      const { modules } = await ask('modules', { signal });
      table.update(wanted === null ? modules : modules.filter((module) => module.sha256 === wanted));
    },
  };

  function verdictsOf(module) {
    return (module.verdicts ?? []).join(', ');
  }

  function deleteButton(module) {
    const short = module.sha256.slice(0, HASH_SHOWN);
    const button = actionButton('Delete…', async () => {
      if (!await confirmed({ title: `Delete module ${short}?`,
        text: 'It can’t be deleted while tasks or queues name it.', action: 'Delete the module', typed: short }))
          return null;
      await ask(`modules/${module.sha256}`, { method: 'DELETE' });
      await refresh();
      return `Module ${short} is deleted.`;
    });
    button.ariaLabel = `Delete module ${short}`;
    return button;
  }
}
