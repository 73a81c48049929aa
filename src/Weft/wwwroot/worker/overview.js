// What the coordinator knows beyond this worker's own tasks: waiting tasks that this page can't run, and names of
// modules. Only an open coordinator shows it to everybody; a worker's token has no access.

import { textOf } from './bounded-body.js';

const INTERVAL_MS = 5_000;
// A thousand queues, or all modules.
const ANSWER_BYTES_MAX = 16 << 20;
const QUEUE_DEFAULT = 'default';

export class Overview {
  #root;
  #askedAt = -Infinity;
  #modulesAskedAt = -Infinity;
  /** @type {Map<string, string>} */ #names = new Map();
  /** For people: why there is nothing to do; empty when nothing is known. */
  hint = '';

  /** @param {string} root */
  constructor(root) {
    this.#root = root;
  }

  /** The name that its pusher gave a module; undefined where it isn't known. @param {string} hash */
  moduleName(hash) {
    return this.#names.get(hash);
  }

  /**
   * @param {{state: string, running: {module: string}[], idle?: {paused: string[], unknown: string[]}}} status
   *   `idle`: what the answers of claims say, which take their time.
   * @param {string[]} queues
   * @param {string | null} token
   */
  look(status, queues, token) {
    if (status.state !== 'waiting') this.hint = '';
    else if (token !== null) this.hint = idleHint(status.idle?.paused ?? [], status.idle?.unknown ?? []);
    if (token !== null || document.hidden) return;
    const now = performance.now();
    if (status.state === 'waiting' && now - this.#askedAt > INTERVAL_MS) {
      this.#askedAt = now;
      this.#ask('queues').then((answer) => { this.hint = hintOf(answer.queues, queues, answer.next === undefined); })
        .catch(() => { this.hint = ''; });
    }
    if (status.running.some(({ module }) => !this.#names.has(module)) && now - this.#modulesAskedAt > INTERVAL_MS) {
      this.#modulesAskedAt = now;
      this.#ask('modules')
        .then((answer) => { for (const { sha256, name } of answer.modules) this.#names.set(sha256, name); })
        .catch(() => {});
    }
  }

  async #ask(what) {
    const response = await fetch(`${this.#root}api/v1/${what}`, { cache: 'no-store' });
    return response.ok ? JSON.parse(await textOf(response, ANSWER_BYTES_MAX))
      : Promise.reject(new Error(`${response.status}`));
  }
}

// While this page's claim is held, what is ready in its queues is ready for others only.
function hintOf(known, queues, areAll) {
  const ours = known.filter(({ name }) => queues.includes(name));
  const paused = ours.filter((queue) => queue.paused).map(({ name }) => name);
  const idle = idleHint(paused, areAll ? queues.filter((name) => !known.some((queue) => queue.name === name)) : []);
  if (idle !== '') return idle;
  const waiting = ours.filter(({ counts }) => counts.ready > 0);
  if (waiting.length === 0) return '';
  const names = waiting.map(({ name, counts }) => `${counts.ready.toLocaleString('en')} in ${name}`).join(', ');
  return `This page can’t run some waiting tasks (${names}): they have no module, or require a capability that this ` +
    `browser lacks. ` +
    `To run them: weft worker --queue ${waiting[0].name} --exec 'PROGRAM'`;
}

/** @param {string[]} paused @param {string[]} unknown */
function idleHint(paused, unknown) {
  if (paused.length > 0) return `Paused on the coordinator: ${paused.join(', ')}.`;
  // A new coordinator knows not even the default one.
  const missing = unknown.filter((name) => name !== QUEUE_DEFAULT);
  return missing.length === 0 ? ''
    : `The coordinator has no queue ${missing.join(', ')} yet. If you expected work, check the name.`;
}
