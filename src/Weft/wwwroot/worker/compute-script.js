// A compute worker for JavaScript modules: the same messages as compute.js, for one module. It shares its realm with
// the module, which may change anything it finds there: all functions to send and receive are captured before the
// module is loaded.

import { takeAway } from './taken-away.js';

const PROGRESS_MS = 100;
const ERROR_CHARS_MAX = 4_096;

/** Begins to listen. @param {MessagePort} work The poller's. */
export function serve(work) {
  // Told to nobody: a module has no way to speak but its result and its progress.
  const send = postMessage.bind(self);
  const now = performance.now.bind(performance), later = setTimeout.bind(self);
  const { parse, stringify } = JSON, { apply } = Reflect, textFrom = String, numberFrom = Number;
  const { slice } = String.prototype, urlOf = URL.createObjectURL.bind(URL);
  const { get: dataOf } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
  const { get: messageOf } = Object.getOwnPropertyDescriptor(ErrorEvent.prototype, 'message');
  const { preventDefault, stopImmediatePropagation } = Event.prototype;
  takeAway();

  let waiting = [], current, url, task;
  let part = 0, toldAt = -PROGRESS_MS, isTelling = false, isBroken = false, hasFailed = false;

  work.onmessage = (event) => hear(apply(dataOf, event, []));
  addEventListener('error', (event) => {
    silence(event);
    if (!isBroken) send({ id: current?.id, error: textOf(apply(messageOf, event, [])), isBroken: true });
    isBroken = true;
  });
  addEventListener('unhandledrejection', silence);
  send({ isReady: true });

  function silence(event) {
    apply(preventDefault, event, []);
    apply(stopImmediatePropagation, event, []);
  }

  function hear({ module, recall, tasks }) {
    if (module !== undefined) url = urlOf(new Blob([module], { type: 'text/javascript' }));
    if (recall !== undefined) waiting = waiting.filter(({ id }) => !recall.includes(id));
    if (tasks !== undefined) waiting.push(...tasks);
    runNext();
  }

  async function runNext() {
    if (current !== undefined || waiting.length === 0) return;
    current = waiting.shift();
    const startedAt = now();
    const text = await run(current);
    const milliseconds = now() - startedAt;
    send(hasFailed ? { id: current.id, milliseconds, error: text } : { id: current.id, milliseconds, result: text });
    current = undefined;
    runNext();
  }

  // A text, the result or the error: of an object its `then` would be asked for, which a module can answer.
  async function run({ id, queue, type, attempt, args, environment, payload, stdoutBytesMax }) {
    hasFailed = false;
    try {
      task ??= (await import(url)).default;
      if (typeof task !== 'function') throw new TypeError('The module has no function as its default export.');
      const context = { id, queue, type, attempt, args, env: environment, progress };
      const result = stringify(await task(parse(payload), context)) ?? 'null';
      if (result.length <= stdoutBytesMax) return result;
      hasFailed = true;
      return `The module’s result is over ${stdoutBytesMax} bytes.`;
    } catch (error) {
      hasFailed = true;
      return textOf(error);
    }
  }

  function progress(value) {
    part = numberFrom(value);
    const wait = toldAt + PROGRESS_MS - now();
    if (wait <= 0) return tell();
    if (isTelling) return;
    isTelling = true;
    later(() => { isTelling = false; tell(); }, wait);
  }

  function tell() {
    toldAt = now();
    if (current !== undefined) send({ id: current.id, progress: part });
  }

  function textOf(error) {
    try {
      return apply(slice, textFrom(error), [0, ERROR_CHARS_MAX]);
    } catch {
      return 'It threw a value that can’t be shown.';
    }
  }
}
