// The page: it shows what poller.js tells, and passes on the person's wishes. Nothing is computed here. Texts of
// modules and of the coordinator only ever become text nodes.

import { capabilities, describeBrowser, watchBattery, watchPresence } from './browser-facts.js';
import { Overview } from './overview.js';
import { servedPython } from './python-runtime.js';
import { closeSandbox, closeSandboxes, openSandbox } from './sandbox-host.js';
import { keepToken, queuesOf, readPasted, readToken, rememberChoices, rememberedChoices, rememberedWorkerId,
  startsByItself, TokenKey } from './settings.js';
import { show } from './view.js';

const ROOT = new URL('../', import.meta.url).href;
const RESTART_MIN_MS = 5_000;
const RESTART_MAX_MS = 60_000;
const ERRORS_MAX = 20;
const CONSOLE_ADVICE =
  'The pasted link is for the home page, and its token may allow more than this page needs. Where other people use ' +
  'this browser, ' +
    'paste a worker link instead: weft token create --scope work --link';

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
const address = new URLSearchParams(location.search);
const coresMax = navigator.hardwareConcurrency ?? 1;

// Asked before anything can be started: it decides what this browser claims.
const python = await servedPython(ROOT);

let token = readToken(TokenKey.worker);
/** For people, about the link that they pasted. */ let advice = '';
const overview = new Overview(ROOT);
/** @type {Worker | null} */ let poller = null;
/** What the poller works on. @type {string[]} */ let queues = [];
let workerId = '';
/** Tasks to give back, as items of a settle, with commas between them. */ let held = '';
let wantsPause = false;
/** Why the page itself pauses; empty when it doesn't. @type {Set<string>} */
const pauses = new Set();
let isPaused = false;
/** The last status, and what earlier pollers of this page have done. */
let status = { state: 'idle', reason: null, completed: 0, failed: 0, computeSeconds: 0, rate: 0, running: [],
  errors: [], downloads: [] };
let before = { completed: 0, failed: 0, computeSeconds: 0, errors: [] };
let restartMs = RESTART_MIN_MS;
let restartTimer = 0;

const heard = {
  status: showStatus,
  held({ items }) { held = items; },
  sandbox: openSandbox,
  'sandbox-end': ({ id }) => closeSandbox(id),
};

restoreChoices();
for (const { name, text } of describeBrowser(python)) {
  const item = document.createElement('li');
  const strong = document.createElement('strong');
  strong.textContent = name;
  item.append(strong, ` ${text}`);
  element('lacks').append(item);
}

element('toggle').addEventListener('click', toggle);
// Not before: a click while this script was on its way would be lost.
element('toggle').disabled = false;
element('now').addEventListener('click', () => poller?.postMessage({ kind: 'retry' }));
element('access').addEventListener('submit', (event) => { event.preventDefault(); useLink(); });
element('cores').addEventListener('input', changeCores);
for (const id of ['cores', 'queues', 'battery', 'presence']) element(id).addEventListener('change', keepChoices);
watchBattery(element('battery-choice'),
  (isOnBattery) => setPause('on battery', isOnBattery && element('battery').checked));
watchPresence(element('presence-choice'), element('presence'),
  (isInUse) => setPause('while you use the computer', isInUse));

// Whatever this tab holds, others shall have at once and not only when the leases run out; its turn, too. A page that
// is kept or frozen by the browser may come back hours later.
addEventListener('pagehide', stop);
document.addEventListener('freeze', stop);
addEventListener('pageshow', ({ persisted }) => { if (persisted) goOn(); });
document.addEventListener('resume', goOn);
addEventListener('online', () => poller?.postMessage({ kind: 'retry' }));
document.addEventListener('visibilitychange', () => { if (!document.hidden) poller?.postMessage({ kind: 'retry' }); });
if (startsByItself(address)) start();

function toggle() {
  if (poller === null || status.state === 'refused') return start();
  const stands = wantsPause || pauses.size > 0;
  wantsPause = !stands;
  // Who presses Resume wants it now, whatever the battery says.
  pauses.clear();
  if (stands && namedQueues().join(' ') !== queues.join(' ')) return start();
  applyPauses();
}

function start() {
  stop();
  wantsPause = false;
  isPaused = false;
  queues = namedQueues();
  element('queues').value = queues.join(' ');
  keepChoices();
  workerId = rememberedWorkerId(queues);
  poller = new Worker(new URL('./poller.js', import.meta.url), { type: 'module' });
  poller.addEventListener('message', ({ data }) => heard[data.kind](data));
  poller.addEventListener('error', (event) => {
    event.preventDefault();
    showStatus({ ...status, state: 'broken', reason: event.message ?? 'The worker’s script could not be loaded.',
      running: [], downloads: [] });
  });
  poller.postMessage({ kind: 'start', root: ROOT, token, workerId, capabilities: capabilities(python), python,
    cores: Number(element('cores').value), queues });
  applyPauses();
}

/** Ends the poller, and gives back what it holds: its tasks, and its turn. */
function stop() {
  clearTimeout(restartTimer);
  if (poller === null) return;
  poller.terminate();
  poller = null;
  closeSandboxes();
  before = { completed: status.completed, failed: status.failed, computeSeconds: status.computeSeconds,
    errors: status.errors };
  giveBack();
}

function goOn() {
  const pausedByHand = wantsPause;
  if (poller !== null || queues.length === 0) return;
  start();
  wantsPause = pausedByHand;
  applyPauses();
}

function showStatus(told) {
  const isOwn = told.kind === 'status';
  status = !isOwn ? told : {
    ...told,
    completed: before.completed + told.completed,
    failed: before.failed + told.failed,
    computeSeconds: before.computeSeconds + told.computeSeconds,
    errors: [...told.errors, ...before.errors].slice(0, ERRORS_MAX),
  };
  overview.look(status, queues, token);
  show(status,
    { pauses: [...pauses], hasToken: token !== null, queues, hint: advice || overview.hint,
      moduleName: (hash) => overview.moduleName(hash) });
  if (status.state === 'working') restartMs = RESTART_MIN_MS;
  if (status.state === 'broken') restartLater();
}

// Nobody may be there to reload the page; a worker script that can't be loaded just now can be in a minute.
function restartLater() {
  stop();
  restartTimer = setTimeout(goOn, restartMs);
  restartMs = Math.min(2 * restartMs, RESTART_MAX_MS);
}

function useLink() {
  const pasted = readPasted(element('link').value);
  element('elsewhere').hidden = pasted.elsewhere === null;
  element('elsewhere-link').href = pasted.elsewhere ?? '#';
  element('link-wrong').hidden = pasted.token !== null;
  if (pasted.elsewhere !== null || pasted.token === null) return;
  token = pasted.token;
  advice = pasted.isConsoles ? CONSOLE_ADVICE : '';
  keepToken(TokenKey.worker, token);
  if (pasted.queues.length > 0) element('queues').value = pasted.queues.join(' ');
  element('link').value = '';
  start();
}

function setPause(reason, isOn) {
  if (isOn) pauses.add(reason);
  else pauses.delete(reason);
  applyPauses();
}

function applyPauses() {
  const pause = wantsPause || pauses.size > 0;
  if (poller === null || pause === isPaused) return;
  isPaused = pause;
  poller.postMessage({ kind: pause ? 'pause' : 'resume' });
}

function namedQueues() {
  const names = element('queues').value.split(/\s+/).filter((name) => name.length > 0);
  return names.length > 0 ? [...new Set(names)] : ['default'];
}

// The address comes first: a link says what its maker meant.
function restoreChoices() {
  const choices = rememberedChoices();
  const named = queuesOf(location.search);
  const cores = Number(address.get('cores')) || choices.cores || coresMax - 1;
  element('cores').max = String(coresMax);
  element('cores').value = String(Math.min(coresMax, Math.max(1, Math.floor(cores))));
  element('queues').value =
    (named.length > 0 ? named : Array.isArray(choices.queues) ? choices.queues : ['default']).join(' ');
  element('battery').checked = choices.battery === true;
  element('presence').checked = choices.presence === true;
  changeCores();
}

function keepChoices() {
  rememberChoices({
    cores: Number(element('cores').value), queues: namedQueues(), battery: element('battery').checked,
    presence: element('presence').checked,
  });
}

function changeCores() {
  element('cores-shown').textContent = `${element('cores').value} of ${element('cores').max}`;
  poller?.postMessage({ kind: 'cores', cores: Number(element('cores').value) });
}

function giveBack() {
  if (held.length === 0) return;
  fetch(`${ROOT}api/v1/tasks/settle`, {
    method: 'POST',
    keepalive: true,
    headers: { 'Content-Type': 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
    body: `{"workerId":${JSON.stringify(workerId)},"items":[${held}]}`,
  }).catch(() => {});
  held = '';
}
