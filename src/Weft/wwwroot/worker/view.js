// Shows a status of the poller.

import { durationText, rateText } from '../numbers.js';

const STATES = {
  starting: ['Starting', 'Starting'],
  waiting: ['Waiting for work', 'Waiting'],
  working: ['Working', 'Working'],
  away: ['The coordinator doesn’t answer', 'No answer'],
  busy: ['The coordinator is busy', 'Waiting'],
  following: ['Another tab of this browser is working; this one takes over when that one stops or pauses',
    'Another tab is working'],
  pausing: ['Pausing: running tasks may finish', 'Pausing'],
  paused: ['Paused', 'Paused'],
  finishing: ['Finishing: no new tasks are started', 'Finishing'],
  finished: ['Finished. You can close this tab.', 'Finished'],
  refused: ['Not working', 'Refused'],
  broken: ['This worker crashed; it restarts automatically', 'Broken'],
};
const STOPPED = new Set(['paused', 'finished', 'refused', 'broken']);
const FINISHABLE = new Set(['waiting', 'working', 'away', 'busy']);
const ACCESS_CODES = new Set(['unauthorized', 'forbidden']);
const MB = 1e6;

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
let errorsShown = '';

/**
 * @param {any} status What poller.js tells.
 * @param {{pauses: string[], thanks: string, hasToken: boolean, queues: string[], hint: string,
 *   moduleName: (hash: string) => string | undefined}} page What the page knows beyond it: why it pauses by itself,
 *   what this browser has done in all, whether it has a token, what it works on.
 */
export function show(status, page) {
  const [text, title] = STATES[status.state];
  document.querySelector('main').dataset.state = status.state;
  document.title = `${title} · Weft`;
  setText('state', page.pauses.length > 0 && status.state === 'paused' ? `Paused ${page.pauses.join(', ')}` : text);
  showButtons(status);
  showReason(status, page);
  setText('busy', String(status.running.length));
  setText('completed', status.completed.toLocaleString('en'));
  setText('failed', status.failed.toLocaleString('en'));
  setText('computed', durationText(status.computeSeconds));
  setText('rate', rateText(status.rate));
  setText('thanks', page.thanks);
  element('checked').hidden = !status.isChecked;
  showRunning(status, page);
  showErrors(status.errors);
}

function showButtons(status) {
  setText('toggle', { refused: 'Try again', broken: 'Start again', paused: 'Resume', finishing: 'Resume',
    finished: 'Resume' }[status.state] ?? 'Pause');
  element('finish').hidden = !FINISHABLE.has(status.state);
  element('toggle').disabled = status.state === 'pausing';
  const isAsking = typeof status.retrySeconds === 'number' && (status.state === 'away' || status.state === 'busy');
  element('again').hidden = !isAsking;
  if (isAsking)
    setText('countdown',
      status.retrySeconds >= 0.5 ? `Retrying in ${Math.ceil(status.retrySeconds)} s.` : 'Retrying …');
  // Other queues are other work: that begins with the button.
  element('queues').disabled = !STOPPED.has(status.state);
  element('queues-note').textContent = element('queues').disabled ? 'Pause to change them.'
    : 'Queue names, separated by spaces.';
}

function showReason(status, { hasToken, queues, hint }) {
  const needsAccess = status.state === 'refused' && ACCESS_CODES.has(status.code);
  const reason = needsAccess ? accessReason(status.code, hasToken, queues)
    : status.state === 'refused' ? `${status.reason} Correct the queues below and try again.`
      : status.reason ?? hint;
  setText('reason', reason);
  element('reason').hidden = reason === '';
  element('access').hidden = !needsAccess;
  element('technical').hidden = !needsAccess;
  if (needsAccess) setText('technical-text', status.reason);
}

function accessReason(code, hasToken, queues) {
  if (code === 'forbidden')
    return `Your worker link doesn’t allow work on ${queues.length === 1 ? 'the queue' : 'all of the queues'} ` +
      `${queues.join(', ')}. Ask the administrator for another link, or change the queues below.`;
  if (hasToken)
    return 'Your worker link has expired, was revoked, or belongs to another coordinator. Ask the administrator for ' +
      'a new one and paste it here.';
  return 'This coordinator requires a worker link. Ask the administrator for one and paste it here.';
}

function showRunning({ running, downloads }, { moduleName }) {
  const list = element('running');
  element('running-empty').hidden = running.length + downloads.length > 0;
  const all = [...downloads, ...running];
  while (list.childElementCount > all.length) list.lastElementChild.remove();
  while (list.childElementCount < all.length) list.append(element('task').content.firstElementChild.cloneNode(true));
  downloads.forEach(({ received, total, name }, i) => showItem(list.children[i], {
    name: `Downloading ${name ?? 'a program'}`, note: '',
    time: total > 0 ? `${megabytes(received)} of ${megabytes(total)} MB` : `${megabytes(received)} MB`,
    part: total > 0 ? received / total : undefined,
  }));
  running.forEach((task, i) => showItem(list.children[downloads.length + i], {
    name: moduleName(task.module) ?? (task.type === '' ? `Program ${task.module.slice(0, 8)}` : task.type),
    note: `Task ${task.id} of ${task.queue}${task.attempt > 1 ? `, attempt ${task.attempt}` : ''}`,
    time: task.progress === undefined ? durationText(task.seconds)
      : `${Math.floor(task.progress * 100)} % after ${durationText(task.seconds)}`,
    part: task.progress,
  }));
}

function showItem(item, { name, note, time, part }) {
  item.querySelector('.name').textContent = name;
  item.querySelector('.note').textContent = note;
  item.querySelector('.time').textContent = time;
  const bar = item.querySelector('progress');
  bar.hidden = part === undefined;
  if (part !== undefined) bar.value = Math.min(1, part);
}

function megabytes(bytes) {
  return (bytes / MB).toFixed(1);
}

function showErrors(errors) {
  const key = errors.length === 0 ? '' : `${errors[0].at} ${errors[0].taskId} ${errors.length}`;
  if (key === errorsShown) return;
  errorsShown = key;
  element('errors-part').hidden = errors.length === 0;
  element('errors').replaceChildren(...errors.map(errorItem));
}

// Of many lines, such as a traceback, the last one says what happened.
function errorItem({ at, taskId, kind, text }) {
  const lines = text.split('\n').filter((line) => line.trim().length > 0);
  const item = element(lines.length > 1 ? 'long-error' : 'error').content.firstElementChild.cloneNode(true);
  item.querySelector('time').textContent = new Date(at).toLocaleTimeString();
  item.querySelector('.name').textContent = `Task ${taskId} ${kind}`;
  item.querySelector('pre').textContent = text;
  if (lines.length > 1) item.querySelector('.last').textContent = lines.at(-1).trim();
  return item;
}

// Written only when it differs, so that a screen reader isn't told the same state four times a second.
function setText(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}
