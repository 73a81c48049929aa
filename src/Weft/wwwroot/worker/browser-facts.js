// What this browser can do, and what it reveals about the computer.

import { steady } from './pauses.js';
import { pythonLabels } from './python-runtime.js';

// (module (func (drop (v128.const i32x4 0 0 0 0)))): valid only with SIMD.
const SIMD_MODULE =
  new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 253, 12,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 26, 11]);
const IDLE_SECONDS = 60;
// A loose plug or a bumped mouse must not stop and start the work repeatedly.
const STEADY_MS = 30_000;

const hasSimd = () => WebAssembly.validate(SIMD_MODULE);

/**
 * The labels of a claim.
 * @param {import('./python-runtime.js').ServedPython | null} python What the coordinator serves.
 */
export function capabilities(python) {
  const labels = ['wasi', 'javascript', 'files', `memory=${1024 * (navigator.deviceMemory ?? 2)}`];
  if (hasSimd()) labels.push('simd');
  if (python !== null) labels.push(...pythonLabels(python));
  return labels;
}

/** Its features in words, with reasons. @param {import('./python-runtime.js').ServedPython | null} python */
export function describeBrowser(python) {
  const isIsolated = globalThis.crossOriginIsolated === true;
  return [
    isIsolated
      ? { name: 'Isolated:', text: 'yes: no other site’s page shares this page’s process.' }
      : { name: 'Isolated:', text: 'no: that needs https or localhost. Modules run anyway.' },
    navigator.locks !== undefined
      ? { name: 'One worker for all tabs:', text: 'yes, by a browser lock.' }
      : { name: 'One worker for all tabs:',
        text: 'by agreement between the tabs only: browser locks need https or localhost.' },
    hasSimd()
      ? { name: 'SIMD:', text: 'yes.' }
      : { name: 'SIMD:', text: 'no. Tasks that require it go to other workers; a newer browser has it.' },
    python !== null
      ? { name: 'Python:',
        text: `Python ${python.python}, when a task needs it: ${Math.round(python.download / 1e6)} MB once.` }
      : { name: 'Python:',
        text: 'no: this coordinator has no Python for browsers. Tasks in Python go to other workers.' },
    { name: 'Threads within a module:', text: typeof SharedArrayBuffer === 'undefined'
      ? 'no: they need https or localhost. Each core runs its own task.'
      : 'the browser has them, but WASI preview 1 can’t start any. Each core runs its own task.' },
  ];
}

/** Tells whether the computer has been on battery for a while; shows the choice if the browser can tell. */
export async function watchBattery(choice, tell) {
  const battery = await /** @type {any} */ (navigator).getBattery?.().catch(() => undefined);
  if (battery === undefined) return;
  choice.hidden = false;
  const tellSteadily = steady(tell, STEADY_MS, STEADY_MS);
  const look = () => tellSteadily(!battery.charging);
  battery.addEventListener('chargingchange', look);
  look();
}

/**
 * Tells whether somebody is using the computer, once they have allowed it; shows the choice if the browser can tell.
 */
export function watchPresence(choice, checkbox, tell) {
  const { IdleDetector } = /** @type {any} */ (globalThis);
  if (IdleDetector === undefined) return;
  choice.hidden = false;
  /** @type {AbortController | null} */ let watching = null;
  checkbox.addEventListener('change', async () => {
    watching?.abort();
    tell(false);
    if (!checkbox.checked) return;
    watching = new AbortController();
    try {
      if (await IdleDetector.requestPermission() !== 'granted') throw new Error('permission was denied.');
      const detector = new IdleDetector();
      // Immediately when somebody comes back.
      const tellSteadily = steady(tell, 0, STEADY_MS);
      const look = () => tellSteadily(detector.userState === 'active' && detector.screenState === 'unlocked');
      detector.addEventListener('change', look);
      await detector.start({ threshold: IDLE_SECONDS * 1_000, signal: watching.signal });
      look();
    } catch (error) {
      checkbox.checked = false;
      choice.querySelector('.soft').textContent = `Not possible here: ${error.message}`;
    }
  });
}

/** Keeps the screen on while wanted, if the browser allows it. */
export class Screen {
  #isWanted = false;
  /** @type {Promise<{release: () => Promise<void>} | null> | null} */ #lock = null;

  /** @param {HTMLElement} choice Shown if supported. */
  constructor(choice) {
    choice.hidden = navigator.wakeLock === undefined;
    // A browser releases it when the page is hidden.
    document.addEventListener('visibilitychange', () => { this.#lock = null; this.want(this.#isWanted); });
  }

  /** @param {boolean} isWanted */
  want(isWanted) {
    this.#isWanted = isWanted;
    if (isWanted === (this.#lock !== null) || document.hidden || navigator.wakeLock === undefined) return;
    if (isWanted) {
      // Low battery, or a policy: the request is refused.
      this.#lock = navigator.wakeLock.request('screen').catch(() => null);
      return;
    }

    this.#lock?.then((lock) => lock?.release());
    this.#lock = null;
  }
}
