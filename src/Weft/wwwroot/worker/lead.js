// One poller per browser, however many tabs: a browser grants an origin six connections, and one core is one core.

const NAME = 'weft-worker';
const ANSWER_MAX_MS = 1_000;
const ASK_INTERVAL_MS = 3_000;

/**
 * Waits until this worker is the one that works.
 * @param {() => void} onFollow Called when another one leads; this one takes over when that one ends.
 * @returns {Promise<void>}
 */
export function lead(onFollow) {
  return navigator.locks === undefined ? leadByTalking(onFollow) : leadByLock(onFollow);
}

// The browser gives the lock on when the tab that holds it closes, crashes or is discarded.
async function leadByLock(onFollow) {
  const held = new Promise(() => {});
  const tryLock = (options) => new Promise((resolve) => {
    navigator.locks.request(NAME, options, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : held;
    });
  });

  if (await tryLock({ ifAvailable: true })) return;
  onFollow();
  await tryLock({});
}

// On plain http there are no locks. Tabs ask each other; of those that ask together, the lowest number leads.
async function leadByTalking(onFollow) {
  const channel = new BroadcastChannel(NAME);
  const self = Math.random();
  let leads = false;
  let mayLead = true;
  channel.addEventListener('message', ({ data }) => {
    if (data.leader !== undefined || data.candidate < self) mayLead = false;
    if (data.candidate !== undefined && leads) channel.postMessage({ leader: self });
  });

  while (true) {
    mayLead = true;
    channel.postMessage({ candidate: self });
    await pause(ANSWER_MAX_MS);
    if (mayLead) break;
    onFollow();
    await pause(ASK_INTERVAL_MS * (0.5 + Math.random()));
  }

  leads = true;
  channel.postMessage({ leader: self });
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}
