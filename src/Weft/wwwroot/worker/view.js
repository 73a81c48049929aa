// Shows a status of the poller.

const STATES = {
  waiting: 'Waiting for work',
  working: 'Working',
  away: 'The coordinator is away; asking again',
  following: 'Another tab of this browser works; this one takes over when it closes',
  pausing: 'Pausing: what runs may end',
  paused: 'Paused',
  refused: 'The coordinator refuses this worker',
  broken: 'This worker broke; reload the page to start it again',
};
const STOPPED = new Set(['paused', 'refused']);

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
let errorsShown = '';

/**
 * @param {{state: string, reason: string | null, completed?: number, failed?: number, rate?: number, running: any[], errors: any[]}} status
 * @param {string[]} pauses Why the page itself pauses.
 */
export function show(status, pauses) {
  document.querySelector('main').dataset.state = status.state;
  setText('state', pauses.length > 0 && status.state === 'paused' ? `Paused ${pauses.join(', ')}` : STATES[status.state]);
  setText('reason', status.reason ?? '');
  element('reason').hidden = status.reason === null;
  setText('toggle', status.state === 'refused' ? 'Try again' : STOPPED.has(status.state) ? 'Resume' : 'Pause');
  element('toggle').disabled = status.state === 'broken' || status.state === 'pausing';
  setText('busy', String(status.running.length));
  if (status.completed !== undefined) {
    setText('completed', status.completed.toLocaleString('en'));
    setText('failed', status.failed.toLocaleString('en'));
    setText('rate', status.rate >= 10 || status.rate === 0 ? Math.round(status.rate).toLocaleString('en') : status.rate.toFixed(1));
  }
  showRunning(status.running);
  showErrors(status.errors);
}

function showRunning(running) {
  const list = element('running');
  element('running-empty').hidden = running.length > 0;
  while (list.childElementCount > running.length) list.lastElementChild.remove();
  while (list.childElementCount < running.length) list.append(element('task').content.firstElementChild.cloneNode(true));
  running.forEach((task, i) => {
    const item = list.children[i];
    item.querySelector('.name').textContent = `Task ${task.id} of ${task.queue}${task.attempt > 1 ? `, attempt ${task.attempt}` : ''}`;
    item.querySelector('.time').textContent = `${task.seconds.toFixed(1)} s of ${task.secondsMax} s`;
    const bar = item.querySelector('progress');
    bar.value = task.progress ?? Math.min(1, task.seconds / task.secondsMax);
    bar.setAttribute('aria-label', task.progress === undefined ? 'Of its time limit' : 'Progress');
  });
}

function showErrors(errors) {
  const key = errors.length === 0 ? '' : `${errors[0].at} ${errors[0].taskId} ${errors.length}`;
  if (key === errorsShown) return;
  errorsShown = key;
  element('errors-part').hidden = errors.length === 0;
  element('errors').replaceChildren(...errors.map((error) => {
    const item = element('error').content.firstElementChild.cloneNode(true);
    item.querySelector('time').textContent = new Date(error.at).toLocaleTimeString();
    item.querySelector('.name').textContent = `Task ${error.taskId} ${error.kind}`;
    item.querySelector('pre').textContent = error.text;
    return item;
  }));
}

// Written only when it differs, so that a screen reader isn't told the same state four times a second.
function setText(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}
