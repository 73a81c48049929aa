// Who computes: the link by which others join, and how many have.

import qrcode from './vendor/qrcode.mjs';

const LINK_SECONDS = 86_400;
const QR_PIXELS = 6;
const MARGIN = 4;

/**
 * The link that lets somebody's browser compute this page's functions, and what to know about it.
 * @param {import('../client/weft.js').Weft} weft
 * @param {{open: boolean, scopes: string[]}} access
 * @param {string} queue
 * @returns {Promise<{href: string | null, note: string}>}
 */
export async function joinLink(weft, access, queue) {
  const room = await roomPage();
  const page = new URL(room ?? '../worker/', location.href);
  page.searchParams.set('queue', queue);
  const isHere = room === null && ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
  const where = isHere
    ? 'This address works only on this computer. For others, start the coordinator on the network: weft serve --lab.'
    : '';
  if (access.open) return { href: page.href, note: where };
  if (!access.scopes.includes('admin'))
    return { href: null,
      note: 'Your token can’t create links. Give others the operator’s link to the worker page.' };
  const { token } = await weft.call('POST', 'tokens',
    { body: JSON.stringify({ scopes: ['work'], queues: [queue], name: `lab ${queue}`, expiresInSeconds: LINK_SECONDS }),
      repeatable: false });
  page.hash = `token=${token}`;
  return { href: page.href, note: `Whoever has the link can compute here for a day, and do nothing else. ${where}` };
}

/** Where the browsers of a room join, if the coordinator serves one (`--lab`). @returns {Promise<string | null>} */
export async function roomPage() {
  const answer = await fetch(new URL('../join/room.json', import.meta.url), { cache: 'no-store' });
  return (await answer.json()).join ?? null;
}

/** @param {HTMLCanvasElement} canvas @param {string} text */
export function drawCode(canvas, text) {
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const modules = code.getModuleCount();
  canvas.width = canvas.height = (modules + 2 * MARGIN) * QR_PIXELS;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  // Black on white also in the dark: cameras expect it.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  for (let row = 0; row < modules; row++) {
    for (let column = 0; column < modules; column++) {
      if (code.isDark(row, column))
        context.fillRect((column + MARGIN) * QR_PIXELS, (row + MARGIN) * QR_PIXELS, QR_PIXELS, QR_PIXELS);
    }
  }
}

/** @param {{active: boolean, queues?: string[]}[]} workers @param {string} queue */
export const countJoined = (workers, queue) =>
  workers.filter((worker) => worker.active && worker.queues?.includes(queue)).length;

/** @param {number} count */
export function joinedText(count) {
  return count === 0 ? 'No browser computes yet.' : count === 1 ? '1 browser computes.' : `${count} browsers compute.`;
}
