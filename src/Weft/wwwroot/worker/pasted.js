// Parses what somebody pastes where a page asks for a link. The worker page loads this on demand.

const TOKEN = /weft_[A-Za-z0-9_-]{20,}/;
const CONSOLE_ADVICE =
  'The pasted link is for the home page, and its token may allow more than this page needs. Where other people use ' +
  'this browser, paste a worker link instead: weft token create --scope work --link';

/**
 * What somebody pasted: a link with a token, or the token alone.
 * @param {string} text
 * @returns {{token: string | null, queues: string[], elsewhere: string | null, advice: string}} The token, if there is
 *   one; the queues of the link; the link itself if it is another coordinator's; and what to say to a worker whose link
 *   opens the home page.
 */
export function readPasted(text) {
  const token = TOKEN.exec(text)?.[0] ?? null;
  const url = /^\s*https?:/.test(text) && URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  return {
    token,
    queues: url === null ? [] : new URLSearchParams(url.search).getAll('queue'),
    elsewhere: url === null || url.origin === location.origin ? null : url.href,
    advice: url !== null && !url.pathname.endsWith('/worker/') ? CONSOLE_ADVICE : '',
  };
}
