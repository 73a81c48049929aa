// Live numbers, asked for gently, and examples that name this coordinator.

import { copiesOnClick } from './copy.js';
import { showExamples } from './examples.js';
import { countText, durationText, rateText } from './numbers.js';
import { unservedIn } from './unserved.js';
import { keepToken, readPasted, readToken, TokenKey } from './worker/settings.js';

const INTERVAL_MS = 2_000;
const ANSWER_MAX_MS = 10_000;
// Long enough that tasks of minutes are seen.
const RATE_WINDOW_MS = 120_000;
const STATES = ['scheduled', 'ready', 'leased', 'completed', 'dead', 'cancelled'];

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
const root = new URL('./', import.meta.url);
let token = readToken(TokenKey.console);
/** How many were completed, and when; the oldest first. @type {{completed: number, at: number}[]} */ let samples = [];
/** @type {Date | null} */ let answeredAt = null;
let timer = 0;

class NoAccess extends Error {}

const examples = document.querySelectorAll('.example');
for (const example of examples) copiesOnClick(example.querySelector('button'), example.querySelector('code'));
showExamples(examples, root, false);

element('access').addEventListener('submit', (event) => { event.preventDefault(); useToken(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
addEventListener('online', look);
look();

async function look() {
  if (document.hidden) return;
  clearTimeout(timer);
  try {
    await showNumbers();
    tell('', false);
    showExamples(examples, root, token !== null);
  } catch (error) {
    tell(error.message, error instanceof NoAccess);
    if (error instanceof NoAccess) showExamples(examples, root, true);
  }
  clearTimeout(timer);
  timer = setTimeout(look, INTERVAL_MS);
}

async function showNumbers() {
  const [stats, queues] = await Promise.all([ask('stats'), allQueues()]);
  const counts = Object.fromEntries(STATES.map((state) => [state, queues.reduce((sum, queue) => sum + queue.counts[state], 0)]));
  for (const state of STATES) setText(state, counts[state].toLocaleString('en'));
  element('dead').classList.toggle('bad', counts.dead > 0);
  setText('workers', stats.workers.active.toLocaleString('en'));
  setText('rate', rateText(rateOf(counts.completed)));
  setText('version', `Weft${stats.version === undefined ? '' : ` ${stats.version}`}, up ${durationText(stats.uptime)}`);
  showUnserved(unservedIn(queues, stats.workers.active));
  answeredAt = new Date();
}

async function allQueues() {
  const queues = [];
  for (let path = 'api/v1/queues'; ;) {
    const page = await ask(path);
    queues.push(...page.queues);
    if (page.next === undefined) return queues;
    path = `api/v1/queues?after=${encodeURIComponent(page.next)}`;
  }
}

function rateOf(completed) {
  const now = performance.now();
  // Retention deletes finished tasks: from there it is counted anew.
  if (samples.length > 0 && completed < samples.at(-1).completed) samples = [];
  samples.push({ completed, at: now });
  while (samples.length > 2 && samples[1].at < now - RATE_WINDOW_MS) samples.shift();
  const [oldest] = samples;
  return samples.length < 2 ? 0 : (completed - oldest.completed) * 1_000 / (now - oldest.at);
}

async function ask(path) {
  const response = await fetch(new URL(path, root), {
    cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MAX_MS), headers: token === null ? {} : { Authorization: `Bearer ${token}` },
  }).catch(() => { throw new Error(awayText()); });
  if (response.ok) return await response.json().catch(() => { throw new Error(`A proxy in front of the coordinator answered instead (${response.status}). ${awayText()}`); });
  if (response.status === 403) throw new NoAccess('Your token may not see the numbers: it needs the scope read or admin.');
  if (response.status !== 401) throw new Error(`The coordinator answered ${response.status}. ${awayText()}`);
  throw new NoAccess(token === null
    ? 'This coordinator requires a token to show its numbers.'
    : 'Your token has expired, was revoked, or belongs to another coordinator.');
}

function awayText() {
  return answeredAt === null ? 'The coordinator doesn’t answer; retrying.' : `The coordinator hasn’t answered since ${answeredAt.toLocaleTimeString()}; the numbers are from then.`;
}

/** @param {string} trouble Empty: there is none. @param {boolean} needsToken */
function tell(trouble, needsToken) {
  setText('trouble', trouble);
  element('trouble').hidden = trouble === '';
  element('numbers').classList.toggle('stale', trouble !== '');
  element('access').hidden = !needsToken;
  if (trouble !== '') element('unserved').hidden = true;
}

function showUnserved(unserved) {
  element('unserved').hidden = unserved.length === 0;
  const texts = unserved.map(({ queue, count, paused, command, page }) => ({
    text: paused ? `${countText(count, 'task')} in ${queue}, which is paused. To resume it:` : `${countText(count, 'task')} in ${queue} without a worker. Start one:`,
    command, page, paused,
  }));
  const key = JSON.stringify(texts);
  if (element('unserved').dataset.shown === key) return;
  element('unserved').dataset.shown = key;
  element('unserved').replaceChildren(...texts.map(({ text, command, page, paused }) => {
    const item = document.createElement('li');
    const code = document.createElement('code');
    const link = document.createElement('a');
    code.textContent = command;
    link.href = page;
    link.textContent = 'the worker page';
    if (paused) item.append(`${text} `, code);
    else item.append(`${text} `, code, ', or, if they use modules, open ', link, '.');
    return item;
  }));
}

function useToken() {
  const pasted = readPasted(element('link').value);
  element('link-wrong').hidden = pasted.token !== null;
  if (pasted.token === null) return;
  token = pasted.token;
  keepToken(TokenKey.console, token);
  element('link').value = '';
  look();
}

// Written only when it differs, so that a screen reader isn't told the same every two seconds.
function setText(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}
