// The page's part of running JavaScript modules: it makes and removes the frames in which they live. A frame without
// allow-same-origin has an origin of its own, so that a module has neither this page's storage nor its rights.

/** @type {Map<number, HTMLIFrameElement>} */
const frames = new Map();

/** @param {number} id @param {MessagePort} port The poller's; what goes through it is between the two. */
export function openSandbox(id, port) {
  const frame = document.createElement('iframe');
  frame.sandbox.add('allow-scripts');
  frame.hidden = true;
  frame.title = 'A JavaScript module at work';
  frame.src = new URL('./sandbox.html', import.meta.url).href;
  // To any origin: an opaque one has no name. Only this frame gets the message.
  frame.addEventListener('load', () => frame.contentWindow.postMessage('port', '*', [port]), { once: true });
  frames.set(id, frame);
  document.body.append(frame);
}

/** Ends whatever runs in it. @param {number} id */
export function closeSandbox(id) {
  frames.get(id)?.remove();
  frames.delete(id);
}
