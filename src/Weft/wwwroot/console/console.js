// The console's shell: which screen the URL names, how often it is refreshed, and any errors. Parts that the first view
// of a screen doesn't need are loaded later.

import { ask, NoAccess, useToken } from './net.js';

/** Each screen's module is loaded when it is first shown. */
const SCREENS = {
  overview: () => import('./screens/overview.js'),
  queues: () => import('./screens/queues.js'),
  queue: () => import('./screens/queue.js'),
  tasks: () => import('./screens/tasks.js'),
  task: () => import('./screens/task.js'),
  groups: () => import('./screens/groups.js'),
  group: () => import('./screens/group.js'),
  workers: () => import('./screens/workers.js'),
  modules: () => import('./screens/modules.js'),
  operations: () => import('./screens/operations.js'),
  access: () => import('./screens/access.js'),
  system: () => import('./screens/system.js'),
};
/** The screens for the keys `g` and a letter. */
const KEYS =
  { o: 'overview', q: 'queues', t: 'tasks', g: 'groups', w: 'workers', m: 'modules', p: 'operations', s: 'system' };
const KEYS_OFF = 'weft-console-keys-off';
/** The screens that a link of the navigation stands for. */
const SECTION = { queue: 'queues', task: 'tasks', group: 'groups' };

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
/** @type {{open: boolean, scopes: string[]} | null} */ let access = null;
/** @type {{view: string, screen: any, stop: AbortController} | null} */ let current = null;
let timer = 0;
let isPaused = false;
let isGoing = false;

element('access').addEventListener('submit', (event) => { event.preventDefault(); takeToken(); });
element('pause').addEventListener('click', togglePause);
element('search').addEventListener('submit',
  (event) => { event.preventDefault(); jump(element('search-text').value.trim()); });
document.addEventListener('click', followLink);
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
addEventListener('popstate', () => show(false));
addEventListener('online', refresh);
addEventListener('keydown', takeKey);
show(false);

/** Keyboard control: single letters do nothing while somebody types. @param {KeyboardEvent} event */
function takeKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || keysAreOff()
    || target.closest('input, select, textarea, dialog') !== null) return;
  const wasGoing = isGoing;
  isGoing = event.key === 'g' && !wasGoing;
  const act = wasGoing && Object.hasOwn(KEYS, event.key) ? () => go({ view: KEYS[event.key] })
    : { '/': () => element('search-text').focus(), p: togglePause, '?': helpWithKeys }[event.key];
  if (act === undefined || isGoing) return;
  event.preventDefault();
  act();
}

async function helpWithKeys() {
  const { showKeys } = await import('./keys.js');
  showKeys(!keysAreOff(), (areOn) => {
    try { localStorage.setItem(KEYS_OFF, areOn ? '' : 'off'); } catch { /* A browser may keep nothing. */ }
  });
}

function keysAreOff() {
  try {
    return localStorage.getItem(KEYS_OFF) === 'off';
  } catch {
    return false;
  }
}

/** Goes to a view. @param {Record<string, string | number>} query */
function go(query) {
  history.pushState(null, '',
    `?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`);
  show(true);
}

/** Moves a screen reader's focus after a change of view. @param {HTMLElement | null} heading */
function keepWithin(heading) {
  if (heading === null) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: false });
}

/** @param {boolean} isMove Whether a person came here from another view. */
async function show(isMove) {
  const query = new URLSearchParams(location.search);
  const view = Object.hasOwn(SCREENS, query.get('view') ?? '') ? /** @type {string} */ (query.get('view')) : 'overview';
  current?.stop.abort();
  const stop = new AbortController();
  current = { view, screen: null, stop };
  for (const link of document.querySelectorAll('#views a')) {
    const isHere =
      new URL(/** @type {HTMLAnchorElement} */ (link).href).searchParams.get('view') === (SECTION[view] ?? view);
    if (isHere) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  }

  try {
    access ??= await ask('access', { signal: stop.signal });
    // A submitter sees its own tasks, and no overview.
    if (view === 'overview' && !may('read') && may('submit')) {
      history.replaceState(null, '', '?view=tasks');
      await show(isMove);
      return;
    }
    const module = await SCREENS[view]();
    if (stop.signal.aborted) return;
    const screen = module.make({ query, go, may, refresh, signal: stop.signal });
    current.screen = screen;
    element('screen').replaceChildren(screen.element);
    document.title = view === 'overview' ? 'Weft' : `${screen.title} – Weft`;
    element('outcome').textContent = '';
    if (isMove) keepWithin(element('screen').querySelector('h1'));
  } catch (error) {
    if (stop.signal.aborted) return;
    report(error);
    again(2_000);
    return;
  }

  await refresh();
}

/** Whether the token, if one is needed, allows it. @param {string} scope */
function may(scope) {
  return access !== null && (access.scopes.includes('admin') || access.scopes.includes(scope));
}

async function refresh() {
  clearTimeout(timer);
  const shown = current;
  if (document.hidden || shown === null) return;
  if (shown.screen === null) { await show(false); return; }
  try {
    await shown.screen.refresh();
    if (!shown.stop.signal.aborted) report(null);
  } catch (error) {
    if (!shown.stop.signal.aborted) report(error);
  }
  if (shown === current) again(shown.screen.everyMs ?? 0);
}

function again(milliseconds) {
  clearTimeout(timer);
  if (milliseconds > 0 && !isPaused) timer = setTimeout(refresh, milliseconds);
}

/** @param {any} error Null: all is well. */
function report(error) {
  setText('trouble', error === null ? '' : error.message);
  element('trouble').hidden = error === null;
  element('screen').classList.toggle('stale', error !== null);
  element('access').hidden = !(error instanceof NoAccess);
  element('live').dataset.state = error !== null ? 'lost' : isPaused ? 'paused' : 'live';
  setText('live', error !== null ? 'Not connected' : isPaused ? 'Paused' : 'Live');
}

function togglePause() {
  isPaused = !isPaused;
  setText('pause', isPaused ? 'Resume updates' : 'Pause updates');
  if (isPaused) { clearTimeout(timer); report(null); } else refresh();
}

async function takeToken() {
  const { readPasted } = await import('../worker/pasted.js');
  const pasted = readPasted(element('link').value);
  element('link-wrong').hidden = pasted.token !== null;
  if (pasted.token === null) return;
  useToken(pasted.token);
  access = null;
  element('link').value = '';
  show(false);
}

/** Links of this page change the view; all others are the browser's. @param {MouseEvent} event */
function followLink(event) {
  const link = /** @type {HTMLElement} */ (event.target).closest('a');
  if (link === null || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey
    || event.altKey || link.hasAttribute('download')) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.pathname !== location.pathname || url.hash !== '') return;
  event.preventDefault();
  history.pushState(null, '', url);
  show(true);
}

/**
 * `123` or `#123` is a task, `g12` a group, 64 hexadecimal digits a module, anything else a queue.
 * @param {string} text
 */
function jump(text) {
  if (text === '') return;
  const [, task] = /^#?(\d+)$/.exec(text) ?? [];
  const [, group] = /^g(\d+)$/.exec(text) ?? [];
  element('search-text').value = '';
  if (task !== undefined) go({ view: 'task', id: task });
  else if (group !== undefined) go({ view: 'group', id: group });
  else if (/^[0-9a-f]{64}$/.test(text)) go({ view: 'modules', sha256: text });
  else go({ view: 'queue', name: text });
}

// Written only when it differs, so that a screen reader doesn't repeat it every second.
function setText(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}
