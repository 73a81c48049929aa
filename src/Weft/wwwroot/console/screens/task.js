// One task: its record, its attempts, why it isn't running, and its input and output.

import { el, sample, save } from '../../elements.js';
import { membersOf } from '../../worker/raw-json.js';
import { countText, durationText } from '../../numbers.js';
import { actionButton, confirmed } from '../dialog.js';
import { ago, between, link, stateMark, UNFINISHED } from '../format.js';
import { ask } from '../net.js';
import { makeTable } from '../table.js';

const SHOWN_CHARS_MAX = 65_536;

export function make({ query, may, refresh, signal }) {
  const id = query.get('id') ?? '';
  const heading = el('h1', {}, `Task ${id}`);
  const why = el('ul', { className: 'unserved', ariaLabel: 'Why it isn’t running' });
  const facts = el('dl', { className: 'record' });
  const line = el('ol', { className: 'timeline', ariaLabel: 'Timeline' });
  const texts = el('div', { className: 'texts' });
  const attempts = makeTable({
    caption: 'Attempts', keyOf: (attempt) => attempt.attempt, empty: 'No worker has claimed it yet.',
    columns: [
      { name: 'Attempt', numeric: true, cell: (attempt) => String(attempt.attempt) },
      { name: 'Outcome', cell: (attempt) => attempt.outcome ?? 'running' },
      { name: 'Worker', cell: (attempt) => link({ view: 'tasks', worker: attempt.workerId }, attempt.workerId) },
      { name: 'Claimed', cell: (attempt) => ago(attempt.claimedAt) },
      { name: 'Took', numeric: true, cell: (attempt) => between(attempt.claimedAt, attempt.endedAt) },
      { name: 'Error', cell: (attempt) => attempt.error == null ? '' : el('pre', {}, attempt.error.slice(0, 2_000)) },
    ],
  });
  const retry = actionButton('Retry',
    async () => {
      await ask(`tasks/${id}/retry`, { method: 'POST' });
      await refresh();
      return `Task ${id} is ready again.`;
    });
  const cancel = actionButton('Cancel…', async () => {
    if (!await confirmed({ title: `Cancel task ${id}?`, text: 'A worker that is running it will be told to stop.',
      action: 'Cancel the task' })) return null;
    await ask(`tasks/${id}/cancel`, { method: 'POST' });
    await refresh();
    return `Task ${id} is cancelled.`;
  });
  const element = el('div', {}, heading, may('submit') ? el('div', { className: 'row actions' }, retry, cancel) : null,
    why, el('h2', {}, 'Timeline'), line, attempts.element, el('h2', {}, 'Record'), facts, texts,
    el('h2', {}, 'By command'), sample(`weft show ${id}`, 'the command'),
    sample(`curl -s ${location.origin}/api/v1/tasks/${id}`, 'the curl line'));
  return { title: `Task ${id}`, element, everyMs: 2_000, refresh: load };

  async function load() {
    const [text,
      { attempts: list }] = await Promise.all([ask(`tasks/${encodeURIComponent(id)}`, { signal, as: 'text' }),
        ask(`tasks/${encodeURIComponent(id)}/attempts`, { signal })]);
    const task = JSON.parse(text);
    const isUnfinished = UNFINISHED.includes(task.state);
    const { reasons } = isUnfinished ? await ask(`tasks/${encodeURIComponent(id)}/explain`, { signal })
      : { reasons: [] };
    replace(heading, [`Task ${id} `, stateMark(task.state)]);
    retry.hidden = task.state !== 'dead';
    cancel.hidden = !isUnfinished;
    replace(why,
      reasons.map((reason) => el('li', {}, reason.detail,
        reason.estimateSeconds == null ? '' : ` About ${durationText(reason.estimateSeconds)}.`)));
    why.hidden = reasons.length === 0;
    replace(line,
      timelineOf(task)
        .map(([what, time, since]) =>
          el('li', {}, el('strong', {}, what), ' ', ago(time), since === null ? '' : ` (${since})`)));
    attempts.update(list);
    replace(facts, recordOf(task).map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value))));
    showTexts(text, task);
  }

  /** Large or unusual texts are shown as text: cut, and never as markup or numbers. */
  function showTexts(text, task) {
    const raw = membersOf(text);
    const shown = [['Error', task.error], ['Payload', raw.payload], ['Result', raw.result],
      ['Checkpoint', raw.checkpoint], ['Module', raw.module]].filter(([, value]) =>
        value !== undefined && value !== null);
    const key = JSON.stringify(shown);
    if (texts.dataset.shown === String(hash(key))) return;
    texts.dataset.shown = String(hash(key));
    texts.replaceChildren(...shown.map(([name, value]) => el('details',
      { open: name === 'Error' || value.length < 2_000 },
      el('summary', {}, `${name}, ${countText(value.length, 'character')}`),
      el('pre', { tabIndex: 0 }, value.slice(0, SHOWN_CHARS_MAX)),
      value.length > SHOWN_CHARS_MAX ? el('p', { className: 'soft' }, 'The rest isn’t shown. ') : null,
      download(name, value))));
  }

  function download(name, value) {
    const button = actionButton('Download', async () => {
      save(`task-${id}-${name.toLowerCase()}.json`, new Blob([value], { type: 'application/octet-stream' }));
      return null;
    });
    button.ariaLabel = `Download the ${name.toLowerCase()}`;
    return button;
  }
}

function timelineOf(task) {
  const isFinal = !UNFINISHED.includes(task.state);
  // A task that became ready again was claimed before that, and the old lease's data means nothing any more.
  const times = [
    ['Submitted', task.submittedAt], ['Ready', task.readyAt], ['Claimed', task.claimedAt],
    [task.state === 'leased' ? 'Lease ends' : '', task.leaseExpiresAt],
    [isFinal ? task.state[0].toUpperCase() + task.state.slice(1) : '', task.finishedAt],
  ].filter(([what, time]) => what !== '' && time != null).sort((a, b) => Date.parse(a[1]) - Date.parse(b[1]));
  return times.map(([what, time], index) =>
    [what, time, index === 0 || what === 'Lease ends' ? null : between(times[index - 1][1], time)]);
}

function recordOf(task) {
  return [
    ['Queue', link({ view: 'queue', name: task.queue }, task.queue)], ['Type', task.type],
    ['Priority', String(task.priority)],
    ['Attempts', `${task.attempt} claimed, ${task.failures} failed, ${task.maxAttempts} at most`],
    ['Group', task.group == null ? null : link({ view: 'group', id: task.group }, String(task.group))],
    ['Worker', task.workerId], ['Requires', task.requires?.join(', ')],
    ['Progress', task.progress == null ? null : `${Math.round(task.progress * 100)} %`],
    ['Lease', `${task.leaseSeconds} s`], ['Runs at', task.runAt == null ? null : ago(task.runAt)],
    ['Expires', task.expiresAt == null ? null : ago(task.expiresAt)],
  ].filter(([, value]) => value != null);
}

function replace(place, children) {
  const next = el(place.tagName, {}, ...children);
  // Written only when it differs: somebody may be selecting it, or about to click.
  if (next.innerHTML !== place.innerHTML) place.replaceChildren(...next.childNodes);
}

function hash(text) {
  let value = 0;
  for (let at = 0; at < text.length; at++) value = (Math.imul(value, 31) + text.charCodeAt(at)) | 0;
  return `${value}/${text.length}`;
}
