// A teacher's page: a function, its inputs, the browsers that compute, and their results as they come. All by the
// public API.

import { Weft } from '../client/weft.js';
import { save } from '../elements.js';
import { countText, rateText } from '../numbers.js';
import { readPasted } from '../worker/pasted.js';
import { keepToken, readToken, TokenKey } from '../worker/settings.js';
import { drawTile, isTile, Mean } from './drawing.js';
import { EXAMPLES } from './examples.js';
import { readInputs } from './inputs.js';
import { countJoined, drawCode, joinedText, joinLink } from './join.js';

const QUEUE_KEY = 'weft-lab-queue';
const TEXT_KEY = 'weft-lab-code';
const WORKERS_MS = 2_000;
// A laptop that is closed during a task must not delay the class for long.
const LEASE_SECONDS = 15;
const DRAW_MS = 200;
const LATEST = 12;
const ERRORS_SHOWN = 10;
const NO_LINK = 'This page needs a link that lets you run functions. Whoever started Weft has one: its window shows '
  + 'a line “Console” with a link that ends with #token=… Paste that link here.';
const OLD_LINK = 'Your link no longer works here: it has expired, or was made for another coordinator. Paste a newer '
  + 'one.';
const COMPUTING_LINK = 'Your link is for computing only. To run functions, paste the link of the line “Console” '
  + 'instead, or ask whoever started Weft for one.';
const TYPES = { python: 'text/x-python', javascript: 'text/javascript' };

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
const root = new URL('../', import.meta.url);
const queue = remembered(QUEUE_KEY,
  () => `lab-${[...crypto.getRandomValues(new Uint8Array(4))]
    .map((byte) => byte.toString(16).padStart(2, '0')).join('')}`);
let token = readToken(TokenKey.console);
let weft = client();
/** @type {{open: boolean, scopes: string[]} | null} */ let access = null;
/** @type {AbortController | null} */ let running = null;
/** @type {{input: unknown, result?: unknown, error?: string}[]} */ let rows = [];
/** @type {number | null} */ let joined = null;
let isComputing = false;

for (const id of ['example', 'language']) element(id).addEventListener('change', showExample);
element('kind').addEventListener('change', showKind);
element('code').addEventListener('input', () => remember(TEXT_KEY, element('code').value));
element('run').addEventListener('click', run);
element('stop').addEventListener('click', () => running?.abort());
element('csv').addEventListener('click', () => save('results.csv', new Blob([csvOf(rows)], { type: 'text/csv' })));
element('ndjson').addEventListener('click',
  () => save('results.ndjson',
    new Blob([rows.map((row) => JSON.stringify(row)).join('\n')], { type: 'application/x-ndjson' })));
element('access').addEventListener('submit', (event) => { event.preventDefault(); takeToken(); });
element('code').value = remembered(TEXT_KEY, () => EXAMPLES.pi.python);
showKind();
begin();

async function begin() {
  try {
    access = await weft.call('GET', 'access');
    if (!access?.open && !access?.scopes.some((scope) => ['submit', 'admin'].includes(scope)))
      return tell(COMPUTING_LINK, true);
    tell('', false);
    const { href, note } = await joinLink(weft, /** @type {any} */ (access), queue);
    element('join-note').textContent = note;
    element('qr').hidden = element('join').hidden = href === null;
    if (href !== null) {
      element('join').href = href;
      element('join').textContent = href;
      drawCode(element('qr'), href);
    }
    watchWorkers();
  } catch (error) {
    if (error.status === 401) tell(token === null ? NO_LINK : OLD_LINK, true);
    else tell(error.message, error.status === 403);
  }
}

async function watchWorkers() {
  try {
    // A run's results come in a hidden tab as well.
    if (!document.hidden || running !== null) {
      joined = countJoined((await weft.call('GET', 'workers')).workers, queue);
      element('joined').textContent = joinedText(joined);
      tellRunning();
    }
    setTimeout(watchWorkers, WORKERS_MS);
  } catch (error) {
    // A token without the scope read can't tell; everything else may pass.
    element('joined').textContent = error.status === 403 ? ''
      : 'Can’t count the workers: the coordinator doesn’t answer.';
    if (error.status !== 403) setTimeout(watchWorkers, WORKERS_MS);
  }
}

function tellRunning() {
  if (!isComputing) return;
  element('state').textContent = joined === 0 && rows.length === 0 ? 'Waiting for somebody to join.' : 'Running.';
}

async function run() {
  if (running !== null) return;
  const stop = running = new AbortController();
  element('run').disabled = true;
  element('stop').hidden = false;
  rows = [];
  const view = newView();
  try {
    const inputs = readInputs({ kind: element('kind').value, from: element('from').value, to: element('to').value,
      text: element('lines').value });
    element('state').textContent = 'Sending the function…';
    const module = await push(element('code').value, element('language').value, stop.signal);
    isComputing = true;
    tellRunning();
    view.start(inputs.length);
    const started = performance.now();
    for await (const { input, result, error } of weft.map(inputs,
      { queue, module, ordered: false, failures: 'return', maxAttempts: 3, leaseSeconds: LEASE_SECONDS, name: 'lab',
        signal: stop.signal })) {
          rows.push(error === undefined ? { input, result } : { input, error: error.error ?? error.message });
          if (rows.length === 1) tellRunning();
          view.add(rows[rows.length - 1], rows.length, performance.now() - started);
        }
    element('state').textContent = 'Done.';
  } catch (error) {
    element('state').textContent = stop.signal.aborted ? 'Stopped. Unfinished tasks were cancelled.' : error.message;
  } finally {
    view.finish();
    running = null;
    isComputing = false;
    element('run').disabled = false;
    element('stop').hidden = true;
  }
}

/** Stores the function, by its hash. @returns {Promise<string>} */
async function push(code, language, signal) {
  const { sha256 } =
    await weft.call('PUT', 'modules?name=lab', { body: new TextEncoder().encode(code), type: TYPES[language], signal });
  return sha256;
}

/** What is shown of one run's results. */
function newView() {
  const mean = new Mean();
  /** @type {Map<string, number>} */ const errors = new Map();
  let total = 0, drawnAt = 0;
  for (const id of ['mean', 'plot', 'picture', 'failures']) element(id).hidden = true;
  element('found').replaceChildren();
  element('errors').replaceChildren();
  return {
    start(count) {
      total = count;
      element('results').hidden = false;
      element('progress').max = count;
      element('progress').value = 0;
      element('done').textContent = '';
    },
    add({ input, result, error }, done, milliseconds) {
      element('progress').value = done;
      element('done').textContent =
        `${done.toLocaleString('en')} of ${countText(total, 'input')}, ${rateText(done * 1_000 / milliseconds)}`;
      if (error !== undefined) count(errors, error.trimStart().split('\n', 1)[0]);
      else if (typeof result === 'number') mean.add(result);
      else if (isTile(result)) {
        element('picture').hidden = false;
        drawTile(element('picture'), /** @type {any} */ (result));
      } else if (result !== null) latest(input, result);
      if (performance.now() - drawnAt > DRAW_MS) this.finish();
    },
    finish() {
      drawnAt = performance.now();
      if (mean.count > 0) {
        element('mean').hidden = element('plot').hidden = false;
        element('mean').textContent =
          `Mean ${mean.mean.toPrecision(7)} ± ${mean.error.toPrecision(2)}, of ${countText(mean.count, 'result')}`;
        mean.draw(element('plot'));
      }
      element('failures').hidden = errors.size === 0;
      element('errors')
        .replaceChildren(...[...errors].sort((a, b) => b[1] - a[1]).slice(0, ERRORS_SHOWN)
          .map(([text, times]) => line(`${times.toLocaleString('en')} × ${text}`)));
    },
  };
}

function latest(input, result) {
  element('found').prepend(line(`${JSON.stringify(input)} → ${JSON.stringify(result).slice(0, 500)}`));
  while (element('found').children.length > LATEST) element('found').lastElementChild.remove();
}

function line(text) {
  const item = document.createElement('li');
  item.textContent = text;
  return item;
}

function count(map, key) {
  map.set(key, (map.get(key) ?? 0) + 1);
}

function showExample() {
  const example = EXAMPLES[element('example').value];
  const isPython = element('language').value === 'python';
  const code = isPython ? example.python : example.javascript;
  element('code-note').textContent = isPython ? ''
    : 'JavaScript runs only if the coordinator was started with --allow-javascript-modules.';
  if (code === null) {
    element('code-note').textContent = 'This example is in Python only.';
    element('language').value = 'python';
  }
  element('code').value = code ?? example.python;
  element('kind').value = 'numbers';
  [element('from').value, element('to').value] = [example.from, example.to];
  remember(TEXT_KEY, element('code').value);
  showKind();
}

function showKind() {
  element('numbers').hidden = element('kind').value !== 'numbers';
  element('text').hidden = element('kind').value === 'numbers';
}

function takeToken() {
  const pasted = readPasted(element('link').value);
  element('link-wrong').hidden = pasted.token !== null;
  if (pasted.token === null) return;
  token = pasted.token;
  keepToken(TokenKey.console, token);
  element('link').value = '';
  weft = client();
  begin();
}

function client() {
  return new Weft(root.href, token === null ? {} : { token });
}

function tell(trouble, needsToken) {
  element('trouble').textContent = trouble;
  element('trouble').hidden = trouble === '';
  element('access').hidden = !needsToken;
}

/** The input, the result and the error of each, quoted where needed; what isn't a number or a text is JSON. */
function csvOf(all) {
  const cell = (value) => {
    const text = value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
    // A spreadsheet takes what begins like this for a formula; strangers' browsers wrote it.
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return ['input,result,error',
    ...all.map(({ input, result, error }) => [input, result, error].map(cell).join(','))].join('\r\n');
}

// A browser may refuse to keep anything; then the page works until it is closed.
function remember(key, text) {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // See above.
  }
}

function remembered(key, otherwise) {
  let text = null;
  try {
    text = sessionStorage.getItem(key);
  } catch {
    // See above.
  }
  if (text !== null) return text;
  const made = otherwise();
  remember(key, made);
  return made;
}
