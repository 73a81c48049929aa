// The page's part of running untrusted modules: it creates and removes the frames in which they run. A frame without
// allow-same-origin has an origin of its own, so that a module has neither this page's storage nor its rights; and
// where the browser gives such frames a process of their own, a module that crashes its process doesn't end the page.

import { scriptsOf } from './sandbox-scripts.js';

/** @type {Map<number, HTMLIFrameElement>} */
const frames = new Map();

/**
 * @param {{id: number, runs: 'wasi' | 'javascript' | 'python', work: MessagePort, watch: MessagePort}} order The
 *   poller's ports: what goes through them is between the poller and the frame's worker (`work`), or the frame itself
 *   (`watch`).
 */
export async function openSandbox({ id, runs, work, watch }) {
  const frame = document.createElement('iframe');
  frames.set(id, frame);
  frame.sandbox.add('allow-scripts');
  // In sight, if hardly: browsers run a process of hidden frames behind all others.
  frame.className = 'sandbox';
  frame.inert = true;
  frame.title = 'A running module';
  frame.src = new URL('./sandbox.html', import.meta.url).href;
  try {
    const scripts = await scriptsOf(runs);
    if (frames.get(id) !== frame) return;
    // To any origin: an opaque one has no name. Only this frame gets the message.
    frame.addEventListener('load', () => frame.contentWindow.postMessage({ scripts, runs }, '*', [work, watch]),
      { once: true });
    document.body.append(frame);
  } catch {
    watch.postMessage({ isUnloaded: true });
  }
}

/** Ends whatever runs in it. @param {number} id */
export function closeSandbox(id) {
  frames.get(id)?.remove();
  frames.delete(id);
}

/** Ends whatever runs in any of them. */
export function closeSandboxes() {
  for (const id of [...frames.keys()]) closeSandbox(id);
}
