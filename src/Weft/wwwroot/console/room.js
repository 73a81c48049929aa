// The room that a coordinator serves with --lab: how its browsers join, and which certificate they trust.

import { el } from '../elements.js';
import { drawCode } from '../lab/join.js';
import { ask, hasToken } from './net.js';

const LINK_SECONDS = 86_400;

/**
 * @param {HTMLElement} section @param {{join: string, sha256?: string}} room @param {boolean} isAdmin Whether a link
 *   with a token can be made.
 */
export function show(section, room, isAdmin) {
  const link = el('a', { id: 'room-link', href: room.join }, room.join);
  const code = el('canvas', { id: 'room-code', role: 'img', ariaLabel: 'QR code of the link to join', hidden: true });
  const button = el('button', { type: 'button', id: 'room-button' }, 'Show the link to join');
  const trouble = el('p', { className: 'bad', role: 'alert' });
  button.hidden = hasToken() && !isAdmin;
  link.hidden = hasToken();
  button.addEventListener('click', async () => {
    try {
      const href = await linkOf(room);
      link.href = link.textContent = href;
      link.hidden = code.hidden = false;
      button.hidden = true;
      drawCode(code, href);
    } catch (error) {
      trouble.textContent = error.message;
    }
  });
  section.replaceChildren(el('h2', {}, 'The room'), el('p', {}, button, link), trouble, code,
    el('p', { className: 'soft' }, room.sha256 === undefined ? '' : 'The room’s certificate, SHA-256: ',
      room.sha256 === undefined ? null : el('code', {}, room.sha256)));
  section.hidden = false;
}

async function linkOf(room) {
  const page = new URL(room.join);
  if (!hasToken()) return page.href;
  const { token } = await ask('tokens', { method: 'POST',
    body: { scopes: ['work'], name: 'room’s link, of the console', expiresInSeconds: LINK_SECONDS } });
  page.hash = `token=${token}`;
  return page.href;
}
