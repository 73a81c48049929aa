// One queue: its numbers, who can work on it, what waits in it, and its switches.

import { el } from '../../elements.js';
import { countText, rateText } from '../../numbers.js';
import { checksOfQueue } from '../checks.js';
import { actionButton, confirmed } from '../dialog.js';
import { link, number, STATES, UNFINISHED } from '../format.js';
import { ask, withQuery } from '../net.js';
import { makePlot } from '../plot.js';
import { makeTable } from '../table.js';
import { emptyText, secondsToEmpty } from './queues.js';

const NO_RATES = { submitted: 0, claimed: 0, completed: 0, failed: 0, dead: 0 };

export function make({ query, may, refresh, signal }) {
  const name = query.get('name') ?? 'default';
  const facts = el('dl', { className: 'facts' });
  const said = el('p', { className: 'soft' });
  const flow = makePlot('Tasks per second',
    [{ name: 'submitted', colour: 'link' }, { name: 'completed', colour: 'good' }, { name: 'failed', colour: 'bad' }]);
  const levels = makePlot('Tasks waiting and running',
    [{ name: 'ready', colour: 'warn' }, { name: 'leased', colour: 'link' }]);
  const lanes = makeTable({
    caption: 'Waiting tasks by requirements', keyOf: (lane) => lane.requires.join(' '), empty: 'Nothing is ready.',
    columns: [
      { name: 'Requires', cell: (lane) => lane.requires.length === 0 ? 'nothing' : lane.requires.join(', ') },
      { name: 'Ready', numeric: true, sortBy: (lane) => lane.ready, cell: (lane) => number(lane.ready) },
      { name: 'Workers that can', numeric: true, sortBy: (lane) => lane.workers,
        cell: (lane) => el('span', { className: lane.workers === 0 ? 'bad' : '' },
          lane.workers === 0 ? 'none' : number(lane.workers)) },
    ],
  });
  const checks = checksOfQueue(name, signal);
  const path = `queues/${encodeURIComponent(name)}`;
  let paused = false, waiting = 0;
  const toggle = actionButton('Pause', async () => {
    const wasPaused = paused;
    await ask(`${path}/${wasPaused ? 'resume' : 'pause'}`, { method: 'POST' });
    await refresh();
    return wasPaused ? `${name} is running again.` : `${name} is paused: nothing is claimed from it.`;
  });
  const purge = actionButton('Cancel waiting tasks…', async () => {
    if (!await confirmed({ title: `Cancel all waiting tasks of ${name}?`,
      text: `${countText(waiting, 'task')} that no worker has yet will be cancelled. Running tasks are not affected.`,
      action: 'Cancel them', typed: name })) return null;
    const { cancelled } = await ask(`${path}/purge`, { method: 'POST' });
    await refresh();
    return `${countText(cancelled, 'task')} cancelled.`;
  });
  const element = el('div', {}, el('h1', {}, `Queue ${name}`),
    may('admin') ? el('div', { className: 'row actions' }, toggle, purge) : null,
    el('section', { className: 'card', ariaLabel: 'Numbers' }, facts), said,
    el('p', {}, 'Tasks: ',
      ...STATES.flatMap((state, index) =>
        [index === 0 ? '' : ' · ', link({ view: 'tasks', queue: name, state }, state)])),
    el('h2', {}, 'Waiting tasks by requirements'), lanes.element, checks.element,
    el('h2', {}, 'Over the last hour'), el('div', { className: 'plots' }, flow.element, levels.element));
  return { title: `Queue ${name}`, element, everyMs: 2_000, refresh: load };

  async function load() {
    const [found, { queues }] = await Promise.all([ask(path, { signal }), ask('overview', { signal })]);
    const queue = { ...found, perSecond: queues.find((each) => each.name === name)?.perSecond ?? NO_RATES };
    ({ paused } = queue);
    waiting = queue.counts.scheduled + queue.counts.ready;
    toggle.textContent = paused ? 'Resume' : 'Pause';
    facts.replaceChildren(...[
      ...STATES.map((state) => [state, number(queue.counts[state])]), ['In', rateText(queue.perSecond.submitted)],
      ['Out', rateText(queue.perSecond.completed)],
      ['Time to empty', emptyText(secondsToEmpty(queue))], ['Workers', number(queue.workers)],
    ].map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))));
    said.replaceChildren(...saidOf(queue));
    lanes.update(queue.lanes);
    await checks.refresh();
    const series = await ask(withQuery('series', { window: '1h', queue: name }), { signal });
    flow.update(series);
    levels.update(series);
  }

  function saidOf(queue) {
    if (queue.paused) return ['The queue is paused: nothing is claimed from it.'];
    if (queue.unserved > 0)
      return [`${countText(queue.unserved, 'ready task')} can’t be run by any worker that was seen in the last ` +
        `minute. Start one: `, el('code', {}, `weft worker --queue ${name} --exec 'PROGRAM'`), ', or open ',
        el('a', { href: `worker/?queue=${encodeURIComponent(name)}` }, 'the worker page'), '.'];
    return UNFINISHED.every((state) => queue.counts[state] === 0) ? ['Nothing waits in it.'] : [];
  }
}
