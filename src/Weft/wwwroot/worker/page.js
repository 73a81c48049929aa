// The page: it shows what poller.js tells, and passes on the person's wishes. Nothing is computed here. Texts of modules and
// of the coordinator only ever become text nodes.

import { capabilities, describeBrowser, watchBattery, watchPresence } from './browser-facts.js';
import { closeSandbox, openSandbox } from './sandbox-host.js';
import { queuesOf, readToken, rememberedWorkerId } from './settings.js';
import { show } from './view.js';

const ROOT = new URL('../', import.meta.url).href;

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
const token = readToken();
const workerId = rememberedWorkerId();

/** @type {Worker | null} */ let poller = null;
/** Tasks to give back, as items of a settle, with commas between them. */ let held = '';
let wantsPause = false;
/** Why the page itself pauses; empty when it doesn't. @type {Set<string>} */
const pauses = new Set();
let isPaused = false;

const heard = {
  status: (status) => show(status, [...pauses]),
  held({ items }) { held = items; },
  sandbox: ({ id, port }) => openSandbox(id, port),
  'sandbox-end': ({ id }) => closeSandbox(id),
};

element('cores').max = String(navigator.hardwareConcurrency ?? 1);
element('cores').value = String(Math.max(1, (navigator.hardwareConcurrency ?? 2) - 1));
element('queues').value = queuesOf(location.search).join(' ');
showCores();
for (const { name, text } of describeBrowser()) {
  const item = document.createElement('li');
  const strong = document.createElement('strong');
  strong.textContent = name;
  item.append(strong, ` ${text}`);
  element('lacks').append(item);
}

element('toggle').addEventListener('click', toggle);
element('cores').addEventListener('input', showCores);
watchBattery(element('battery-choice'), (isOnBattery) => setPause('on battery', isOnBattery && element('battery').checked));
watchPresence(element('presence-choice'), element('presence'), (isInUse) => setPause('while you use the computer', isInUse));

// Whatever this tab holds, others shall have at once and not only when the leases run out.
addEventListener('pagehide', ({ persisted }) => {
  if (!persisted) poller?.terminate();
  giveBack();
});
document.addEventListener('freeze', giveBack);

function toggle() {
  if (poller === null) return start();
  wantsPause = element('toggle').textContent === 'Pause';
  applyPauses();
  // After a refusal it isn't paused, and yet wants to be told to go on.
  if (!wantsPause) poller.postMessage({ kind: 'resume' });
}

function start() {
  element('queues').disabled = true;
  poller = new Worker(new URL('./poller.js', import.meta.url), { type: 'module' });
  poller.addEventListener('message', ({ data }) => heard[data.kind](data));
  poller.addEventListener('error', (event) => {
    event.preventDefault();
    show({ state: 'broken', reason: event.message ?? 'Its script could not be loaded.', running: [], errors: [] }, []);
  });
  poller.postMessage({
    kind: 'start', root: ROOT, token, workerId, capabilities: capabilities(), cores: Number(element('cores').value),
    queues: element('queues').value.split(/\s+/).filter((name) => name.length > 0),
  });
  applyPauses();
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

function showCores() {
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
  });
  held = '';
}
