// What both pages take from their address and their markup.

const POLL_DEFAULT_MS = 2000;
const POLL_MAX_MS = 60_000;

const settings = new URL(location.href).searchParams;

/** Whether the page's address asks for something: `?wait=1`. */
export const asksFor = (name) => settings.get(name) === '1';

/** Milliseconds between two polls: `?poll=`, from 1 to a minute; two seconds when it says nothing usable. */
export function pollMilliseconds() {
  const poll = Number(settings.get('poll') ?? POLL_DEFAULT_MS);
  return Number.isInteger(poll) && poll >= 1 && poll <= POLL_MAX_MS ? poll : POLL_DEFAULT_MS;
}

/** The coordinator's root, which the markup gives relative to the page. */
export const coordinatorRoot = () => new URL(document.documentElement.dataset.coordinator, location.href).href;

/** Says in the footer whether the page is cross-origin isolated. */
export function showIsolation() {
  const note = document.getElementById('isolation');
  note.dataset.isolated = String(globalThis.crossOriginIsolated === true);
  note.textContent = globalThis.crossOriginIsolated
    ? 'This page is cross-origin isolated.'
    : 'This page is not cross-origin isolated: that takes https or localhost. It works all the same.';
}
