// What verification has found: promised versus measured quality, what waits for a check and why, and which workers gave
// answers that weren't accepted.

import { el, save } from '../elements.js';
import { countText } from '../numbers.js';
import { actionButton } from './dialog.js';
import { ago, link, number, percent } from './format.js';
import { ask } from './net.js';
import { makeTable } from './table.js';

const LOOK_MS = 5_000;
const TEXT_SHOWN = 80;

/** @param {string} name @param {AbortSignal} signal */
export function checksOfQueue(name, signal) {
  const facts = el('dl', { className: 'facts' });
  const said = el('p', { className: 'soft' });
  const waiting = el('ul', { className: 'unserved', ariaLabel: 'Why tasks wait for a check' });
  const suspects = makeTable({
    caption: 'Workers whose answers differed', keyOf: (suspect) => suspect.worker, empty: '',
    columns: [
      { name: 'Worker', cell: (suspect) => suspect.worker },
      { name: 'Network', cell: (suspect) => suspect.network },
      { name: 'Now', sortBy: (suspect) => suspect.barred ? 0 : 1, cell: standingOf },
      { name: 'Differed', numeric: true, sortBy: (suspect) => suspect.faults,
        cell: (suspect) => number(suspect.faults) },
      { name: 'Compared', numeric: true, sortBy: (suspect) => suspect.checks,
        cell: (suspect) => number(suspect.checks) },
      { name: 'Last answer', cell: (suspect) => ago(suspect.seenAt) },
    ],
  });
  const who = el('div', {}, el('h3', {}, 'Workers whose answers differed'), suspects.element,
    el('p', { className: 'soft' }, 'Names are those of receipts. Faulty memory, an overclocked processor or a ' +
      'browser’s bug can cause wrong answers just as a lie does.'));
  const element = el('section', { hidden: true, ariaLabel: 'Checked results' },
    el('h2', {}, 'Checked results'), el('div', { className: 'card' }, facts), said, waiting, who);
  return { element, refresh: seldom(load) };

  async function load() {
    const found = await ask(`queues/${encodeURIComponent(name)}/verification`, { signal });
    const { sample, workers } = found;
    element.hidden = found.verify === undefined && workers.seen === 0;
    facts.replaceChildren(...factsOf(found));
    said.textContent = `${ofWhat(sample)} ${countText(workers.seen, 'worker')}: ${number(workers.elders)} of them ` +
      `with a record of correct answers,  ${number(workers.trusted)} trusted, ${number(workers.barred)} barred` +
      `${workers.audited === 0 ? '.' : `; earlier results of ${number(workers.audited)} are being looked at again.`}`;
    const { tasks, reasons } = found.waiting;
    waiting.hidden = tasks === 0;
    waiting.replaceChildren(
      el('li', {}, link({ view: 'tasks', queue: name, state: 'checking' }, countText(tasks, 'task')),
        ` ${tasks === 1 ? 'has' : 'have'} an answer and ${tasks === 1 ? 'waits' : 'wait'} for a check.`),
      ...reasons.map((reason) => el('li', {}, `${countText(reason.tasks, 'task')}: ${reason.detail}`)));
    who.hidden = found.suspects.length === 0;
    suspects.update(found.suspects);
  }
}

/** @param {string} id @param {AbortSignal} signal */
export function checksOfGroup(id, signal) {
  const path = `groups/${encodeURIComponent(id)}`;
  const facts = el('dl', { className: 'facts' });
  const said = el('p', { className: 'soft' });
  const corrections = el('ul', { className: 'unserved', ariaLabel: 'Corrections' });
  const receipts = actionButton('Download receipts', async () => {
    save(`group-${id}-receipts.ndjson`, await ask(`${path}/receipts`, { as: 'blob' }));
    return null;
  });
  const element = el('section', { hidden: true, ariaLabel: 'Checked results' }, el('h2', {}, 'Checked results'),
    el('div', { className: 'card' }, facts), said, corrections, el('div', { className: 'row actions' }, receipts));
  return { element, refresh: seldom(load) };

  async function load() {
    const found = await ask(`${path}/verification`, { signal });
    element.hidden = found.sample.results === 0;
    if (element.hidden) return;
    facts.replaceChildren(...factsOf(found));
    said.textContent = `${ofWhat(found.sample)} Results that were found wrong are not changed; the corrections ` +
      'are listed here.';
    const { corrections: list } = await ask(`${path}/corrections`, { signal });
    corrections.hidden = list.length === 0;
    corrections.replaceChildren(...list.map((correction) => el('li', {},
      link({ view: 'task', id: correction.id }, `Task ${correction.id}`), ' was found wrong ', ago(correction.at),
      correction.error === undefined ? ': it is ' : ': there is no accepted answer any more. ',
      el('code', {}, (correction.error ?? JSON.stringify(correction.result)).slice(0, TEXT_SHOWN)))));
  }
}

/** Not on every refresh: it costs the coordinator more than counts do. @param {() => Promise<void>} load */
function seldom(load) {
  let at = -Infinity;
  return async () => {
    if (performance.now() - at < LOOK_MS) return;
    at = performance.now();
    await load();
  };
}

const ofWhat = (sample) => sample.results === 0 ? 'No result yet.'
  : `Of the newest ${countText(sample.results, 'result')}.`;

function standingOf(suspect) {
  const now = suspect.barred ? el('span', { className: 'bad' }, '✕ barred') : el('span', {}, 'checked more often');
  return el('span', {}, now, suspect.audited ? ', earlier results being audited' : '');
}

function factsOf({ verify, sample }) {
  const found = `${number(sample.wrong)} (${percent(sample.wrong, sample.results)})`;
  return [
    ...promiseOf(verify),
    ['Found wrong', el('span', { className: sample.kept === false ? 'bad' : '' }, found)],
    ['Audited', number(sample.audited)],
    ['Copies each', sample.copies === undefined ? '–' : sample.copies.toFixed(2)],
    ...(sample.copiesPredicted === undefined ? [] : [['Expected', sample.copiesPredicted.toFixed(2)]]),
    ['Checked first', percent(sample.checked, sample.results)], ['Of those differed', number(sample.differed)],
    ...(sample.risk === undefined ? [] : [['Risk', `≤ ${share(sample.risk)}`]]),
  ].map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value)));
}

function promiseOf(verify) {
  if (verify === undefined) return [];
  return verify.mode === 'all' ? [['Promised', `${verify.copies} more agree`]]
    : [['Promised wrong', `≤ ${share(verify.maxWrong)}`], ['If dishonest', `≤ ${share(verify.assumeHostile)}`]];
}

const share = (part) => `${Number((100 * part).toPrecision(2))} %`;
