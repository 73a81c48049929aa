// The page: it shows what worker.js tells, and passes on the person's wishes. Nothing is computed here.
import { askForToken, asksFor, coordinatorRoot, pollMilliseconds, readToken, showIsolation, waits } from './page.js';

const LOG_MAX = 50;
const LOG_TEXT_MAX = 200;

const element = (id) => document.getElementById(id);
const main = document.querySelector('main');
const counts = { done: 0, errors: 0 };

const address = new URL('./worker.js', import.meta.url);
address.searchParams.set('coordinator', coordinatorRoot());
address.searchParams.set('poll', pollMilliseconds());
const worker = new Worker(address, { type: 'module' });

const shown = {
  Ready({ text }) {
    element('worker-id').textContent = text;
    showState('ready', 'Ready');
    element('toggle').disabled = false;
    tellWaits();
    worker.postMessage({ kind: 'token', token: readToken() });
    if (asksFor('start')) toggle();
  },
  Computing: ({ taskId }) => showCurrent(`Task ${taskId}`),
  Completed({ taskId, text }) {
    showCurrent('Waiting');
    count('done');
    log('Completed', `Task ${taskId}: ${text}`);
  },
  Failed({ taskId, text }) {
    showCurrent('Waiting');
    count('errors');
    log('Failed', `Task ${taskId}: ${text}`);
  },
  Dropped({ taskId }) {
    showCurrent('Waiting');
    log('Dropped', `Task ${taskId}: it is no longer this worker’s. Its product is dropped.`);
  },
  Away({ text }) {
    if (main.dataset.state === 'working') showState('away', 'The coordinator is away');
    log('Away', text);
  },
  Back() {
    if (main.dataset.state === 'away') showState('working', 'Working');
    log('Back', 'The coordinator answers again.');
  },
  NeedsToken({ text }) {
    showCurrent('–');
    showState('refused', 'Not working');
    showToggle('Try again', true);
    log('Away', text);
    askForToken('This coordinator takes only workers with a link. Ask whoever runs it for a worker link, and paste ' +
      'it here.', (token) => {
        worker.postMessage({ kind: 'token', token });
        toggle();
      });
  },
  Paused() {
    showCurrent('–');
    showState('paused', 'Paused');
    showToggle('Start', true);
  },
  Broken({ text }) {
    showState('broken', 'This worker stopped. Reload the page to start it again.');
    showToggle('Start', false);
    log('Broken', text);
  },
};

worker.addEventListener('message', ({ data }) => shown[data.kind](data));
worker.addEventListener('error', (event) => {
  event.preventDefault();
  shown.Broken({ text: event.message ?? 'The worker script could not be loaded.' });
});
element('toggle').addEventListener('click', toggle);
element('wait').addEventListener('change', tellWaits);
element('wait').checked = waits();
showIsolation();

function toggle() {
  const isRunning = main.dataset.state === 'working' || main.dataset.state === 'away';
  worker.postMessage({ kind: isRunning ? 'pause' : 'start' });
  if (isRunning) {
    showState('pausing', 'Pausing…');
    showToggle('Pause', false);
  } else {
    showState('working', 'Working');
    showCurrent('Waiting');
    showToggle('Pause', true);
  }
}

function tellWaits() {
  worker.postMessage({ kind: 'waits', waits: element('wait').checked });
}

function showState(state, text) {
  document.title = `${text.replace('…', '')} · Matrix worker`;
  main.dataset.state = state;
  element('state').textContent = text;
}

function showToggle(text, isEnabled) {
  element('toggle').textContent = text;
  element('toggle').disabled = !isEnabled;
}

function showCurrent(text) {
  element('current').textContent = text;
}

function count(name) {
  element(name).textContent = String(++counts[name]);
}

function log(kind, text) {
  const line = document.createElement('li');
  line.dataset.kind = kind;
  const time = document.createElement('time');
  time.textContent = new Date().toLocaleTimeString();
  const words = document.createElement('span');
  words.textContent = text.length > LOG_TEXT_MAX ? `${text.slice(0, LOG_TEXT_MAX)}…` : text;
  line.append(time, words);

  const lines = element('log');
  lines.prepend(line);
  if (lines.childElementCount > LOG_MAX) lines.lastElementChild.remove();
  lines.hidden = false;
  element('log-empty').hidden = true;
}
