// Groups: tasks that were submitted together.

import { el } from '../../elements.js';
import { ago, link, number, percent, STATES, UNFINISHED } from '../format.js';
import { ask, withQuery } from '../net.js';
import { makeTable } from '../table.js';

const PAGE = 100;

export function make({ query, signal }) {
  const pages = el('div', { className: 'row actions' });
  const table = makeTable({
    caption: 'Groups', keyOf: (group) => group.id,
    empty: 'There are no groups. A map is one: seq 1 1000 | weft map --queue squares',
    columns: [
      { name: 'Group', numeric: true, cell: (group) => link({ view: 'group', id: group.id }, String(group.id)) },
      { name: 'Name', cell: (group) => group.name ?? '' },
      { name: 'Finished', cell: (group) => stateBar(group.counts) },
      { name: 'Tasks', numeric: true, sortBy: (group) => total(group.counts),
        cell: (group) => number(total(group.counts)) },
      { name: 'Dead', numeric: true, sortBy: (group) => group.counts.dead,
        cell: (group) => el('span', { className: group.counts.dead > 0 ? 'bad' : '' }, number(group.counts.dead)) },
      { name: 'Created', cell: (group) => ago(group.createdAt) },
      { name: 'Sealed', cell: (group) => group.sealedAt == null ? '' : 'sealed' },
    ],
  });
  const element = el('div', {}, el('h1', {}, 'Groups'), table.element, pages);
  return {
    title: 'Groups', element, everyMs: query.has('after') ? 0 : 3_000,
    async refresh() {
      const { groups, next } = await ask(withQuery('groups', { after: query.get('after'), limit: PAGE }), { signal });
      table.update(groups);
      pages.replaceChildren(...(query.has('after') ? [link({ view: 'groups' }, 'First page')] : []),
        ...(next === undefined ? [] : [link({ view: 'groups', after: next }, 'Go on')]));
    },
  };
}

export const total = (counts) => STATES.reduce((sum, state) => sum + counts[state], 0);
export const finished = (counts) => total(counts) - UNFINISHED.reduce((sum, state) => sum + counts[state], 0);

/** How far a group is, as a bar by state with its numbers in words. */
export function stateBar(counts) {
  const all = total(counts);
  const words =
    STATES.filter((state) => counts[state] > 0).map((state) => `${number(counts[state])} ${state}`).join(', ');
  const bar = el('span', { className: 'bar-of-states', ariaHidden: 'true' },
    ...['completed', 'dead', 'cancelled', 'leased'].filter((state) => counts[state] > 0).map((state) => {
      const part = el('span', { className: `part ${state}` });
      part.style.width = `${100 * counts[state] / all}%`;
      return part;
    }));
  return el('span', { className: 'progress', title: words }, bar, ` ${percent(finished(counts), all)}`);
}
