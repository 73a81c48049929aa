// The first page of a room: it checks whether this browser trusts the room's certificate, explains how to trust it, and
// passes the link's token on in the fragment, which no server sees.

import { drawCode } from '../lab/join.js';

const TRUST_MAX_MS = 5_000;

/** @param {string} id @returns {any} */
const element = (id) => document.getElementById(id);
// Kept in the address: people copy it from there, and pass it on.
const { search, hash } = location;

/** @type {{join?: string, sha256?: string, expires?: string}} */
const room = await fetch('room.json', { cache: 'no-store' }).then((response) => response.json()).catch(() => ({}));
const secure = `https://${location.host}`;
// A name of letters alone is in no room's certificate: the page goes on at the room's own address.
if (/^[a-z]+$/i.test(location.hostname) && location.hostname !== 'localhost' && room.join !== undefined
  && new URL(room.join).host !== location.host) location.replace(`${room.join}${search}${hash}`);
else begin();

async function begin() {
  if (room.join === undefined) return show('none', 'none');
  element('join').href = `${secure}/worker/${search}${hash}`;
  element('plain-join').href = `http://${location.host}/worker/${search}${hash}`;
  showCode();
  element('again').addEventListener('click', lookAgain);
  if (room.sha256 === undefined || location.protocol === 'https:' || await isTrusted())
    return show('trusted', 'trusted');
  element('fingerprint').textContent = room.sha256;
  element('expires').textContent = room.expires;
  const system = systemOf();
  for (const details of element('systems').children) details.open = details.dataset.system === system;
  show('steps', 'untrusted');
}

async function lookAgain() {
  element('again').disabled = true;
  const trusts = await isTrusted();
  element('again').disabled = false;
  element('untrusted').hidden = trusts;
  if (trusts) show('trusted', 'trusted');
}

/** @param {string} part What is shown of the page. @param {string} state */
function show(part, state) {
  for (const id of ['none', 'trusted', 'steps']) element(id).hidden = id !== part;
  element('plain').hidden = part !== 'steps';
  element('state').textContent = { none: '', trusted: '',
    untrusted: 'This browser doesn’t trust the room’s certificate yet.' }[state];
  document.querySelector('main').dataset.state = state;
}

// The coordinator answers both on one port.
async function isTrusted() {
  try {
    return (await fetch(`${secure}/health`, { cache: 'no-store', signal: AbortSignal.timeout(TRUST_MAX_MS) })).ok;
  } catch {
    return false;
  }
}

function showCode() {
  const link = `${room.join}${search}${hash}`;
  element('link').href = link;
  element('code').hidden = false;
  drawCode(element('qr'), link);
}

/** What a person reads first; a guess, which decides nothing else. */
function systemOf() {
  const agent = navigator.userAgent;
  if (/iPhone|iPad/.test(agent)) return 'ios';
  if (agent.includes('Android')) return 'android';
  if (agent.includes('Firefox/')) return 'firefox';
  return agent.includes('Windows') ? 'windows' : agent.includes('Mac OS') ? 'mac' : 'linux';
}
