// The current state: what needs attention, numbers, plots, the busiest queues, why tasks died; and how to start. Parts
// that not everybody sees at once are loaded when they are shown.

import { copiesOnClick, el } from '../../elements.js';
import { countText, durationText, rateText } from '../../numbers.js';
import { link, number, STATES } from '../format.js';
import { ask, hasToken, withQuery } from '../net.js';
import { queueTable } from './queues.js';

const WINDOWS = [['15m', '15 minutes'], ['6h', '6 hours'], ['7d', '7 days']];
/** Their titles and lines. */
const PLOTS = /** @type {[string, ...{name: string, colour: string}[]][]} */ ([
  ['Tasks per second', { name: 'submitted', colour: 'link' }, { name: 'completed', colour: 'good' },
    { name: 'failed', colour: 'bad' }],
  ['Tasks waiting and running', { name: 'ready', colour: 'warn' }, { name: 'leased', colour: 'link' }],
]);
/** Lines of what needs attention: the numbers below them stay in sight. */
const ATTENTION_SHOWN = 5;
const PLOTS_MS = 5_000;
const SLOW_MS = 10_000;
const QUEUES_SHOWN = 10;
/** For `unserved` and `paused`, the line includes the command to type. */
const SAID_APART = ['unserved', 'paused'];

export function make({ query, go, may, signal }) {
  const page = window_(query);
  const facts = Object.fromEntries([...STATES, 'rate', 'workers'].map((name) => [name, el('dd', { id: name }, '–')]));
  const attention = el('ul', { id: 'unserved', className: 'unserved', ariaLabel: 'Needs attention', hidden: true });
  const windows = el('div', { className: 'row windows', role: 'group', ariaLabel: 'Time shown' },
    ...WINDOWS.map(([value, text]) => {
      const button = el('button', { type: 'button', className: 'small' }, text);
      button.setAttribute('aria-pressed', String(value === page));
      button.addEventListener('click', () => go({ view: 'overview', window: value }));
      return button;
    }));
  const plots = el('div', { className: 'plots' });
  /** @type {{update: (series: any) => void}[] | null} */ let drawn = null;
  const queues = queueTable('The busiest queues');
  const deaths = el('ul', { className: 'deaths' });
  const dead = el('section', { hidden: true }, el('h2', {}, 'Why tasks died'), deaths);
  const version = el('span', { id: 'version' }, 'Weft');
  const start = startSection();
  const room = el('section', { className: 'card', hidden: true, ariaLabel: 'The room' });
  showRoom(room, may('admin'));
  const numbers = el('section', { className: 'card', id: 'numbers', ariaLabel: 'Numbers' },
    el('dl', { className: 'facts' },
      ...Object.entries(facts).map(([name, fact]) => el('div', {}, el('dt', {}, factName(name)), fact))));
  const busy = el('div', {}, el('h2', {}, 'Over time'), windows, plots,
    el('h2', {}, 'Queues'), queues.element, dead);
  const element = el('div', {}, el('h1', {}, 'Overview'), attention, numbers, room, busy, start.element,
    el('p', { className: 'soft foot' }, version, ' · ', el('a', { href: 'health' }, 'Health'), ' · ',
      el('a', { href: 'stats' }, 'Statistics'), ' · ', el('a', { href: 'metrics' }, 'Metrics')));
  let slowAt = -Infinity, seriesAt = -Infinity;
  return { title: 'Overview', element, everyMs: 1_000, refresh };

  async function refresh() {
    start.show();
    const overview = await ask('overview', { signal });
    for (const state of STATES) setText(facts[state], number(overview.counts[state]));
    facts.dead.classList.toggle('bad', overview.counts.dead > 0);
    setText(facts.workers, number(overview.workers.active + overview.workers.waiting));
    setText(facts.rate, rateText(overview.perSecond.completed));
    setText(version, `Weft ${overview.version}, up ${durationText(overview.uptimeSeconds)}`);
    showAttention(overview);
    queues.update(overview.queues.slice(0, QUEUES_SHOWN));
    // Without tasks, show how to start rather than the history.
    const isEmpty = STATES.every((state) => overview.counts[state] === 0);
    busy.hidden = isEmpty;
    start.open(isEmpty);
    if (!isEmpty && performance.now() - seriesAt > (page === '15m' ? PLOTS_MS : SLOW_MS)) {
      seriesAt = performance.now();
      await showSeries();
    }
    if (performance.now() - slowAt > SLOW_MS) { slowAt = performance.now(); await showWhyDead(overview.counts.dead); }
  }

  async function showSeries() {
    const [series, { makePlot }] =
      await Promise.all([ask(withQuery('series', { window: page }), { signal }), import('../plot.js')]);
    drawn ??= PLOTS.map(([title, ...lines]) => {
      const plot = makePlot(title, lines);
      plots.append(plot.element);
      return plot;
    });
    for (const plot of drawn) plot.update(series);
  }

  async function showWhyDead(count) {
    dead.hidden = count === 0;
    if (count > 0) await (await import('../deaths.js')).showDeaths(deaths, {}, count, signal);
  }

  function showAttention(overview) {
    const items = [
      ...overview.attention.filter(({ code }) => !SAID_APART.includes(code)).map((item) => ({
        text: item.detail,
        query: item.code === 'dead' || item.code === 'failures' ? { view: 'tasks', state: 'dead', order: 'newest' }
          : item.queue === undefined ? { view: 'system' } : { view: 'queue', name: item.queue },
      })),
      ...overview.queues.filter(({ paused, counts, unserved }) => (paused ? counts.ready : unserved) > 0)
        .map(({ name, paused, counts, unserved }) => ({
        text: paused ? `${countText(counts.ready, 'task')} in ${name}, which is paused. To resume it:`
          : `${countText(unserved, 'task')} in ${name} without a worker. Start one:`,
        query: { view: 'queue', name },
        command: paused ? `weft queues resume ${name}` : `weft worker --queue ${name} --exec 'PROGRAM'`,
        worker: paused ? null : `worker/?queue=${encodeURIComponent(name)}`,
      })),
    ];
    attention.hidden = items.length === 0;
    const key = JSON.stringify(items);
    if (attention.dataset.shown === key) return;
    attention.dataset.shown = key;
    const more = items.length - ATTENTION_SHOWN;
    attention.replaceChildren(...items.slice(0, ATTENTION_SHOWN).map((item) => el('li', {},
      link(item.query, item.text), ...('command' in item ? [' ', el('code', {}, item.command)] : []),
      ...('command' in item && item.worker !== null
        ? [', or, if they use modules, open ', el('a', { href: item.worker }, 'the worker page'), '.'] : []))),
      ...(more > 0 ? [el('li', {}, link({ view: 'queues' }, `${countText(more, 'more line')} like these`))] : []));
  }
}

function window_(query) {
  const given = query.get('window');
  return WINDOWS.some(([value]) => value === given) ? given : '15m';
}

const factName = (name) => name === 'workers' ? 'Active workers' : name[0].toUpperCase() + name.slice(1);

/** How to submit and how to join: open while there is nothing else to show. */
function startSection() {
  const details = el('details', { id: 'start' }, el('summary', {}, 'How to submit tasks, and how to work on them'));
  /** @type {Promise<{show: (requiresToken: boolean) => void} | null> | null} */ let content = null;
  let wasEmpty = null;
  details.addEventListener('toggle', show);
  return {
    element: details,
    show,
    // Only when it changes: a person may have opened or closed it.
    open: (isEmpty) => { if (isEmpty !== wasEmpty) details.open = isEmpty; wasEmpty = isEmpty; },
  };

  async function show() {
    if (!details.open) return;
    // Retried with the next refresh, if it can't be loaded now.
    content ??= import('../start.js').then(({ addStart }) => addStart(details), () => { content = null; return null; });
    (await content)?.show(hasToken());
  }
}

// Only where there is a room: its page needs the code that draws the link.
async function showRoom(section, isAdmin) {
  const answer = await fetch('join/room.json', { cache: 'no-store' }).then((response) => response.json(), () => ({}));
  if (answer.join !== undefined) (await import('../room.js')).show(section, answer, isAdmin);
}

function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}
