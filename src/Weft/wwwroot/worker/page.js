// The page: it shows what poller.js reports, and passes on the person's wishes. Other people's texts only become text
// nodes.

import { capabilities, describeBrowser, Screen, watchBattery, watchPresence } from './browser-facts.js';
import { Overview } from './overview.js';
import { readHours, watchHours } from './pauses.js';
import { servedPython } from './python-runtime.js';
import { closeSandbox, closeSandboxes, openSandbox } from './sandbox-host.js';
import { keepToken, queuesOf, readToken, rememberChoices, rememberedChoices, rememberedWorkerId, rememberedWorkerKey,
  rememberWorkerKey, startsByItself, TokenKey } from './settings.js';
import { Thanks } from './thanks.js';
import { show } from './view.js';

const ROOT = new URL('../', import.meta.url).href;
const RESTART_MIN_MS = 5_000;
const RESTART_MAX_MS = 60_000;
const ERRORS_MAX = 20;

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
const address = new URLSearchParams(location.search);
const coresMax = navigator.hardwareConcurrency ?? 1;
/** How many cores each preset begins with. */
const EFFORT_CORES = { full: coresMax, normal: Math.max(1, coresMax - 1), quiet: Math.ceil(coresMax / 2) };
const EFFORT_NOTES = {
  full: 'All cores, without a break.', normal: 'One core is left for you.',
  quiet: 'Half of the cores, and after each task a rest of the same length: the fan stays quiet.',
};

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
/** Why the page itself pauses, in words, by what makes it; empty when it doesn't. @type {Map<string, string>} */
const pauses = new Map();
let isPaused = false;
let isOnBattery = false;
const thanks = new Thanks();
const lamp = new Screen(element('screen-choice'));
/** The last status, and what earlier pollers of this page have done. */
let status = { state: 'idle', reason: null, completed: 0, failed: 0, computeSeconds: 0, rate: 0, running: [],
  errors: [], downloads: [] };
let before = { completed: 0, failed: 0, computeSeconds: 0, errors: [] };
let restartMs = RESTART_MIN_MS;
let restartTimer = 0;
let asksForBoard = true;

const heard = {
  status: showStatus,
  held({ items }) { held = items; },
  key({ key }) { rememberWorkerKey(key); },
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

element('thanks').textContent = thanks.text;
element('toggle').addEventListener('click', toggle);
// Not before: a click while this script was on its way would be lost.
element('toggle').disabled = false;
element('finish').addEventListener('click', finish);
element('now').addEventListener('click', () => poller?.postMessage({ kind: 'retry' }));
element('access').addEventListener('submit', (event) => { event.preventDefault(); useLink(); });
element('cores').addEventListener('input', changeCores);
for (const radio of efforts()) radio.addEventListener('change', changeEffort);
const lookAtHours = watchHours(() => element('hours').value,
  (until) => setPause('hours', until === null ? null : `until ${until}`));
element('hours').addEventListener('change', changeHours);
element('battery').addEventListener('change', applyBattery);
for (const id of ['cores', 'queues', 'battery', 'presence', 'screen', 'hours'])
  element(id).addEventListener('change', keepChoices);
watchBattery(element('battery-choice'), (isOn) => { isOnBattery = isOn; applyBattery(); });
watchPresence(element('presence-choice'), element('presence'),
  (isInUse) => setPause('presence', isInUse ? 'while you use the computer' : null));
changeHours();

// Release this tab's tasks at once: a page that the browser caches or freezes may come back hours later.
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
  // Pressing Resume overrides the other pauses, such as that on battery.
  pauses.clear();
  if (stands && namedQueues().join(' ') !== queues.join(' ')) return start();
  applyPauses();
}

/** Lets running tasks finish, however long they take; starts no new ones. */
function finish() {
  wantsPause = isPaused = true;
  poller?.postMessage({ kind: 'finish' });
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
    workerKey: rememberedWorkerKey(), ...chosenCores(), queues });
  applyPauses();
}

/** Ends the poller, and gives back what it holds: its tasks, and its turn. */
function stop() {
  clearTimeout(restartTimer);
  if (poller === null) return;
  poller.terminate();
  poller = null;
  closeSandboxes();
  thanks.note(status, true);
  lamp.want(false);
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
  thanks.note(status);
  lamp.want(element('screen').checked && poller !== null && !isPaused);
  show(status,
    { pauses: [...pauses.values()], thanks: thanks.text, hasToken: token !== null, queues,
      hint: advice || overview.hint, moduleName: (hash) => overview.moduleName(hash) });
  if (status.state === 'working') restartMs = RESTART_MIN_MS;
  if (asksForBoard && /^w/.test(status.state)) offerName().catch(() => {});
  if (status.state === 'broken') restartLater();
}

// Once it waits or works: then its token is good, and it has a key.
async function offerName() {
  asksForBoard = false;
  const answer = await fetch(`${ROOT}api/v1/board?limit=1`, { headers: authorization() });
  if (!(await answer.json()).on) return;
  (await import('../board/name.js')).offerName(document.querySelector('.choices'), ROOT, token);
}

// There may be nobody to reload the page; a worker script that can't be loaded now may load in a minute.
function restartLater() {
  stop();
  restartTimer = setTimeout(goOn, restartMs);
  restartMs = Math.min(2 * restartMs, RESTART_MAX_MS);
}

async function useLink() {
  const { readPasted } = await import('./pasted.js');
  const pasted = readPasted(element('link').value);
  element('elsewhere').hidden = pasted.elsewhere === null;
  element('elsewhere-link').href = pasted.elsewhere ?? '#';
  element('link-wrong').hidden = pasted.token !== null;
  if (pasted.elsewhere !== null || pasted.token === null) return;
  token = pasted.token;
  advice = pasted.advice;
  keepToken(TokenKey.worker, token);
  if (pasted.queues.length > 0) element('queues').value = pasted.queues.join(' ');
  element('link').value = '';
  start();
}

/** @param {string} what @param {string | null} reason Null: it doesn't pause. */
function setPause(what, reason) {
  if (reason === null) pauses.delete(what);
  else pauses.set(what, reason);
  applyPauses();
}

function applyBattery() {
  setPause('battery', isOnBattery && element('battery').checked ? 'on battery' : null);
}

function changeHours() {
  const isWrong = element('hours').value.trim() !== '' && readHours(element('hours').value) === null;
  element('hours').setAttribute('aria-invalid', String(isWrong));
  element('hours-note').textContent = isWrong ? 'Not two times of a day: write 19-7, or 8:30-17. Until then, all day.'
    : 'Such as 19-7, for nights; by this computer’s clock. Empty: all day.';
  lookAtHours();
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

// The URL takes precedence over saved settings.
function restoreChoices() {
  const choices = rememberedChoices();
  const named = queuesOf(location.search);
  const asked = address.get('effort') ?? '';
  const effort = [asked, choices.effort ?? ''].find((name) => Object.hasOwn(EFFORT_CORES, name)) ?? 'normal';
  for (const radio of efforts()) radio.checked = radio.value === effort;
  const cores =
    Number(address.get('cores')) || (effort !== asked && choices.cores) || EFFORT_CORES[effort];
  element('cores').max = String(coresMax);
  element('cores').value = String(Math.min(coresMax, Math.max(1, Math.floor(cores))));
  element('queues').value =
    (named.length > 0 ? named : Array.isArray(choices.queues) ? choices.queues : ['default']).join(' ');
  element('battery').checked = choices.battery === true;
  element('presence').checked = choices.presence === true;
  element('screen').checked = choices.screen === true;
  element('hours').value = address.get('hours') ?? choices.hours ?? '';
  changeCores();
}

function keepChoices() {
  rememberChoices({
    effort: chosenEffort(), cores: Number(element('cores').value), queues: namedQueues(),
    battery: element('battery').checked, presence: element('presence').checked, hours: element('hours').value,
    screen: element('screen').checked,
  });
}

function changeCores() {
  element('cores-shown').textContent = `${element('cores').value} of ${element('cores').max}`;
  element('effort-note').textContent = EFFORT_NOTES[chosenEffort()];
  poller?.postMessage({ kind: 'cores', ...chosenCores() });
}

function changeEffort() {
  element('cores').value = String(EFFORT_CORES[chosenEffort()]);
  changeCores();
  keepChoices();
}

/** @returns {NodeListOf<HTMLInputElement>} */
function efforts() {
  return document.querySelectorAll('[name=effort]');
}

/** @returns {string} */
function chosenEffort() {
  return [...efforts()].find((radio) => radio.checked)?.value ?? 'normal';
}

function chosenCores() {
  return { cores: Number(element('cores').value), rests: chosenEffort() === 'quiet' };
}

function giveBack() {
  if (held.length === 0) return;
  fetch(`${ROOT}api/v1/tasks/settle`, {
    method: 'POST',
    keepalive: true,
    headers: { 'Content-Type': 'application/json', ...authorization() },
    body: `{"workerId":${JSON.stringify(workerId)},"items":[${held}]}`,
  }).catch(() => {});
  held = '';
}

/** @returns {Record<string, string>} */
function authorization() {
  return token === null ? {} : { Authorization: `Bearer ${token}` };
}
