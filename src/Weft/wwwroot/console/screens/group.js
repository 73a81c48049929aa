// One group: its progress, when it will be done, why tasks died, and its results.

import { el, save } from '../../elements.js';
import { countText, durationText, rateText } from '../../numbers.js';
import { checksOfGroup } from '../checks.js';
import { showDeaths } from '../deaths.js';
import { actionButton, confirmed } from '../dialog.js';
import { link, number, STATES, UNFINISHED } from '../format.js';
import { ask, withQuery } from '../net.js';
import { finished, stateBar, total } from './groups.js';

const RATE_WINDOW_MS = 60_000;

export function make({ query, may, refresh, signal }) {
  const id = query.get('id') ?? '';
  const path = `groups/${encodeURIComponent(id)}`;
  const heading = el('h1', {}, `Group ${id}`);
  const bar = el('p', { className: 'large' });
  const facts = el('dl', { className: 'facts' });
  const deaths = el('ul', { className: 'deaths' });
  const checks = checksOfGroup(id, signal);
  const died = el('section', { hidden: true }, el('h2', {}, 'Why tasks died'), deaths);
  /** How many were finished, and when; the oldest first. @type {{done: number, at: number}[]} */ const samples = [];
  let unfinished = 0;
  const cancel = actionButton('Cancel the rest…', async () => {
    if (!await confirmed({ title: `Cancel the rest of group ${id}?`,
      text: `${countText(unfinished, 'task')} that aren’t finished will be cancelled.`, action: 'Cancel them' }))
        return null;
    const { cancelled } = await ask(`${path}/cancel`, { method: 'POST' });
    await refresh();
    return `${countText(cancelled, 'task')} cancelled.`;
  });
  const seal = actionButton('Seal…', async () => {
    if (!await confirmed({ title: `Seal group ${id}?`,
      text: 'It accepts no more tasks from then on. That can’t be undone.', action: 'Seal it' })) return null;
    await ask(`${path}/seal`, { method: 'POST' });
    await refresh();
    return `Group ${id} is sealed.`;
  });
  const results = actionButton('Download results', async () => {
    save(`group-${id}.ndjson`, await ask(withQuery(`${path}/results`, { order: 'submitted' }), { as: 'blob' }));
    return null;
  });
  const element = el('div', {}, heading,
    el('div', { className: 'row actions' }, results, ...(may('submit') ? [cancel, seal] : [])), bar,
    el('section', { className: 'card', ariaLabel: 'Numbers' }, facts),
    el('p', {}, 'Tasks: ',
      ...STATES.flatMap((state, index) =>
        [index === 0 ? '' : ' · ', link({ view: 'tasks', group: id, state }, state)])), checks.element,
    died);
  return { title: `Group ${id}`, element, everyMs: 1_000, refresh: load };

  async function load() {
    const group = await ask(path, { signal });
    const { counts } = group;
    unfinished = UNFINISHED.reduce((sum, state) => sum + counts[state], 0);
    const name = group.name == null ? `Group ${id}` : `Group ${id}: ${group.name}`;
    if (heading.textContent !== name) heading.textContent = name;
    bar.replaceChildren(stateBar(counts));
    const rate = rateOf(finished(counts));
    facts.replaceChildren(...[
      ['Tasks', number(total(counts))], ...STATES.map((state) => [state, number(counts[state])]),
      ['Rate', rateText(rate)],
      ['Done in', unfinished === 0 ? 'done' : rate === 0 ? '–' : durationText(unfinished / rate)],
    ].map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))));
    cancel.hidden = unfinished === 0;
    seal.hidden = group.sealedAt != null;
    died.hidden = counts.dead === 0;
    if (counts.dead > 0) await showDeaths(deaths, { group: id }, counts.dead, signal);
    await checks.refresh();
  }

  function rateOf(done) {
    const now = performance.now();
    samples.push({ done, at: now });
    while (samples.length > 2 && samples[1].at < now - RATE_WINDOW_MS) samples.shift();
    const [oldest] = samples;
    return samples.length < 2 ? 0 : Math.max(0, (done - oldest.done) * 1_000 / (now - oldest.at));
  }
}
