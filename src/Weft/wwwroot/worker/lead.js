// Only one tab of this browser works on the same tasks, however many are open: one core is one core, and a browser
// grants an origin six connections. A tab that can't work (paused, refused, broken, closed) gives up the lead, so that
// another tab may take it.

const NAME = 'weft-worker';
const ANSWER_MAX_MS = 1_000;
const ASK_INTERVAL_MS = 3_000;
const ANNOUNCE_INTERVAL_MS = 5_000;

/**
 * @param {string} work What the tab works on: tabs of other work don't wait for it.
 * @param {() => void} onLost Called when another tab has taken over.
 */
export function makeLead(work, onLost) {
  const name = `${NAME} ${digest(work)}`;
  return navigator.locks === undefined ? new TalkingLead(name, onLost) : new LockLead(name);
}

/** The browser gives the lock on when the tab that holds it closes, crashes or is discarded. */
class LockLead {
  #name;
  /** @type {(() => void) | null} */ #release = null;

  constructor(name) {
    this.#name = name;
  }

  /**
   * Waits until this tab is the one that works.
   * @param {() => void} onFollow Called when another one leads.
   * @param {AbortSignal} signal Rejects when it is given up.
   */
  async take(onFollow, signal) {
    if (await this.#request({ ifAvailable: true })) return;
    onFollow();
    await this.#request({ signal });
  }

  /** Lets another tab lead. */
  giveBack() {
    this.#release?.();
    this.#release = null;
  }

  #request(options) {
    return new Promise((resolve, reject) => {
      navigator.locks.request(this.#name, options, (lock) => {
        resolve(lock !== null);
        if (lock !== null) return new Promise((release) => { this.#release = /** @type {() => void} */ (release); });
      }).catch(reject);
    });
  }
}

/**
 * On plain http there are no locks. Tabs ask each other; of those that ask together, or lead together because one of
 * them was frozen, the lowest number leads.
 */
class TalkingLead {
  #self = Math.random();
  #channel;
  #onLost;
  #leads = false;
  #mayLead = true;
  /** @type {(() => void) | null} */ #wake = null;
  #timer = 0;

  constructor(name, onLost) {
    this.#onLost = onLost;
    this.#channel = new BroadcastChannel(name);
    this.#channel.addEventListener('message', ({ data }) => this.#hear(data));
  }

  /** As {@link LockLead.take}. */
  async take(onFollow, signal) {
    while (true) {
      this.#mayLead = true;
      this.#say('candidate');
      await this.#pause(ANSWER_MAX_MS, signal);
      signal.throwIfAborted();
      if (this.#mayLead) break;
      onFollow();
      await this.#pause(ASK_INTERVAL_MS * (0.5 + Math.random()), signal);
      signal.throwIfAborted();
    }

    this.#leads = true;
    this.#say('leader');
    this.#timer = setInterval(() => this.#say('leader'), ANNOUNCE_INTERVAL_MS);
  }

  giveBack() {
    if (!this.#leads) return;
    this.#stop();
    this.#say('left');
  }

  /** @param {{candidate?: number, leader?: number, left?: number}} data */
  #hear({ candidate, leader, left }) {
    if (left !== undefined) this.#wake?.();
    if (candidate !== undefined && this.#leads) this.#say('leader');
    if (leader !== undefined || candidate < this.#self) this.#mayLead = false;
    if (leader === undefined || !this.#leads) return;
    if (leader > this.#self) return this.#say('leader');
    this.#stop();
    this.#onLost();
  }

  #stop() {
    this.#leads = false;
    clearInterval(this.#timer);
  }

  #say(what) {
    this.#channel.postMessage({ [what]: this.#self });
  }

  // Ended early when a leader leaves, which is of use to those that follow only: a candidate hears the answers out.
  #pause(milliseconds, signal) {
    return new Promise((resolve) => {
      const end =
        () => { clearTimeout(timer); this.#wake = null; signal.removeEventListener('abort', end); resolve(); };
      const timer = setTimeout(end, milliseconds);
      if (milliseconds !== ANSWER_MAX_MS) this.#wake = end;
      signal.addEventListener('abort', end);
    });
  }
}

// Names of locks can be read by every page of this origin, and the work's name holds a token: 53 bits of it tell
// nothing.
function digest(text) {
  let low = 0x9E3779B9, high = 0x85EBCA6B;
  for (let i = 0; i < text.length; i++) {
    low = Math.imul(low ^ text.charCodeAt(i), 0x85EBCA77);
    high = Math.imul(high ^ text.charCodeAt(i), 0xC2B2AE3D);
  }
  low = Math.imul(low ^ (low >>> 16), 0x85EBCA6B) ^ high;
  high = Math.imul(high ^ (high >>> 13), 0xC2B2AE35) ^ low;
  return `${(high & 0x1FFFFF).toString(16)}${(low >>> 0).toString(16)}`;
}
