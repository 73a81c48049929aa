// The JavaScript client of a Weft coordinator: docs/javascript-client.md.
// What workers return is strangers' data: read as JSON only.

const ANSWER_BYTES_MAX = 256 << 20, LINE_CHARS_MAX = 64 << 20, PROBLEM_BYTES_MAX = 64 << 10;
const BATCH_TASKS_MAX = 100, SETTLE_ITEMS_MAX = 250;
const ERROR_CHARS_MAX = 4096, WAIT_SECONDS = 20, SILENCE_MS = 60_000, HEARTBEAT_MS_MAX = 10_000;
const RETRY_MS_MIN = 100, RETRY_MS_MAX = 5_000, RETRY_AFTER_MS_MAX = 60_000, STRANGER_SECONDS = 30;

// What to do about a refusal, by its code. The others: not this.
const AGAIN = /^(internal_error|outcome_unknown|overloaded|rate_limited|request_timeout|store_.+|too_many_(unf|wo).+)$/;
const NEVER = /^(cross_site|forbidden|method_not_allowed|not_found|unauthorized|unknown_host|unsupported_encoding)$/;

// No control character may reach a terminal, nor one that turns the line around.
const printable = text => String(text).replace(/(?![\n\t])[\p{C}\u2028\u2029]/gu,
  char => `\\u{${char.codePointAt(0).toString(16)}}`);

class Failure extends Error {
  constructor(message, members) {
    super(message);
    Object.assign(this, members);
  }
}

export class WeftError extends Failure {
  constructor(message, trouble, rule, more) {
    super(message, { name: 'WeftError', trouble, rule, ...more });
  }
}

export class TaskFailed extends Failure {
  constructor(id, state, said, input, attempts) {
    const error = printable(said ?? ''), line = error.trim().split('\n')[0];
    super(`${id ? `Task ${id}` : 'The task'} is ${state}${line ? `: ${line}` : '.'}`,
      { name: 'TaskFailed', id, state, error, input, attempts });
  }
}

// Thrown by handlers.
export class AttemptFailed extends Failure {}
export class AttemptReleased extends Failure {}

export const retryRule = (code, saysWhen) =>
  NEVER.test(code) ? 'never' : saysWhen || AGAIN.test(code) ? 'again' : 'not this';

const toJson = (value, what) => JSON.stringify(value ?? null, (name, item) => {
  const isJson = typeof item === 'number' ? isFinite(item) : !['bigint', 'function', 'symbol'].includes(typeof item);
  if (isJson) return item;
  throw new TypeError(`${what}${name && `, member ${name},`} is ${String(item).slice(0, 40)}, which is not JSON.`);
});

// Pages without https have no randomUUID.
const newKey = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

const sleep = (ms, signal) => new Promise((resolve, reject) => {
  const fail = () => (clearTimeout(timer), reject(signal.reason));
  const timer = setTimeout(() => (signal?.removeEventListener('abort', fail), resolve()), ms);
  if (signal?.aborted) fail();
  else signal?.addEventListener('abort', fail);
});

function linked(signal) {
  const own = new AbortController(), abort = () => own.abort(signal.reason);
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort);
  return Object.assign(own, { unlink: () => signal?.removeEventListener('abort', abort) });
}

class Bell {
  #waiting = [];
  ring() { for (const wake of this.#waiting.splice(0)) wake(); }
  heard() { return new Promise(resolve => this.#waiting.push(resolve)); }
}

class Retries {
  #start = performance.now();
  #delay = RETRY_MS_MIN;
  constructor(seconds, signal) {
    this.seconds = seconds;
    this.signal = signal;
  }

  async wait(failure) {
    // Jitter: not all at once.
    let pause = this.#delay * (0.5 + Math.random());
    const asked = (failure.retryAfter ?? 0) * 1000;
    if (asked > pause) pause = Math.min(asked, RETRY_AFTER_MS_MAX) + this.#delay * Math.random();
    const seconds = failure.rule === 'again' ? this.seconds : Math.min(this.seconds, STRANGER_SECONDS);
    if (performance.now() - this.#start + pause > seconds * 1000) throw failure;
    await sleep(pause, this.signal);
    this.#delay = Math.min(this.#delay * 2, RETRY_MS_MAX);
  }
}

const hasId = value => value?.id > 0;
const isClaim = value => (value?.tasks ?? []).every?.(task => hasId(task) && task.leaseToken);
const isOutcomes = (value, count) => value?.outcomes?.length === count
  && value.outcomes.every(each => each?.status);

export class Weft {
  #base;
  #token;
  #wasReached = false;

  constructor(url = '', { token, retrySeconds = 30 } = {}) {
    const base = new URL(url || '/', globalThis.location?.href);
    if (!/^https?:$/.test(base.protocol) || base.username || base.password || base.search) {
      throw new TypeError("The coordinator's address looks like http://host:8080.");
    }
    if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) throw new TypeError('A token is one word, weft_….');
    this.url = base.origin + base.pathname.replace(/\/*$/, '/');
    this.retrySeconds = retrySeconds;
    this.#base = `${this.url}api/v1/`;
    this.#token = token;
  }

  async call(method, path, { signal, repeatable = true, retrySeconds = this.retrySeconds, ...options } = {}) {
    const retries = new Retries(retrySeconds, signal);
    for (;;) {
      try {
        return await this.#ask(method, path, { signal, ...options });
      } catch (error) {
        if (error?.rule !== 'again' || !repeatable && !error.nothingDone) throw error;
        await retries.wait(error);
      }
    }
  }

  async submit(payload, { key = newKey(), signal, ...options } = {}) {
    const body = toJson({ ...options, payload: payload ?? null }, 'The task');
    return (await this.call('POST', 'tasks', { body, key, signal, whole: hasId })).id;
  }

  async submitMany(payloads, { key = newKey(), signal, ...options } = {}) {
    const ids = [];
    for await (const batch of this.#batches(payloads, () => BATCH_TASKS_MAX, undefined, signal)) {
      const tasks = batch.map(payload => toJson({ ...options, payload: payload ?? null }, 'The task'));
      for (const outcome of await this.#submitBatch(tasks, `${key}/${ids.length}`, signal)) {
        if (!hasId(outcome)) throw new TaskFailed(0, 'refused', outcome.detail);
        ids.push(outcome.id);
      }
    }
    return ids;
  }

  get(id, { signal } = {}) {
    return this.call('GET', `tasks/${id}`, { signal, whole: value => hasId(value) && value.state });
  }

  async wait(id, { signal } = {}) {
    for (;;) {
      const task = await this.get(`${id}?wait=${WAIT_SECONDS}`, { signal });
      const { state, result, error, payload, attempt } = task;
      if (state === 'completed') return result;
      if (/dead|cancelled/.test(state)) throw new TaskFailed(id, state, error, payload, attempt);
    }
  }

  cancel(id, { signal } = {}) {
    return this.call('POST', `tasks/${id}/cancel`, { signal, repeatable: false });
  }

  retry(id, { signal } = {}) {
    return this.call('POST', `tasks/${id}/retry`, { signal, repeatable: false });
  }

  async *map(inputs, { ordered = true, ahead = 1000, failures = 'throw', name, signal, ...options } = {}) {
    const body = JSON.stringify({ name });
    const { id: group } = await this.call('POST', 'groups', { body, signal, whole: hasId });
    const stop = linked(signal), bell = new Bell();
    const unfinished = new Map(), early = new Map(), ready = new Map();
    const batchMax = Math.min(Math.max(Math.floor(ahead / 4), 1), BATCH_TASKS_MAX);
    let taken = 0, given = 0, hasEnded = false, failed;
    const finish = (place, { id, state, result, outputs, error, attempt }) => {
      ready.set(place.index, state === 'completed' ? { ...place, result, outputs }
        : { ...place, error: new TaskFailed(id, state, error, place.input, attempt) });
      bell.ring();
    };
    const feed = async () => {
      const source = this.#batches(inputs, () => Math.min(batchMax, ahead - (taken - given)), bell, stop.signal);
      for await (const batch of source) {
        const places = batch.map(input => ({ index: taken++, input }));
        const tasks = batch.map(input => toJson({ ...options, group, payload: input ?? null }, 'The input'));
        const outcomes = await this.#submitBatch(tasks, newKey(), stop.signal, () => unfinished.size > 0);
        outcomes.forEach((outcome, i) => {
          const line = early.get(outcome.id);
          if (!hasId(outcome)) finish(places[i], { state: 'refused', error: outcome.detail });
          else if (line) finish(places[i], line);
          else unfinished.set(outcome.id, places[i]);
        });
        early.clear();
        bell.ring();
      }
      hasEnded = true;
      bell.ring();
    };
    const follow = async () => {
      for (let cursor; ;) {
        while (!unfinished.size) await bell.heard();
        const asked = [...unfinished.keys()];
        for await (const line of this.#follow(group, cursor, stop.signal)) {
          cursor = line.cursor || cursor;
          if (line.done) await this.#findLost(asked, unfinished, finish, stop.signal);
          if (!line.id) continue;
          const place = unfinished.get(line.id);
          // Faster than the answer to its own submit.
          if (!place) early.set(line.id, line);
          else if (unfinished.delete(line.id)) finish(place, line);
        }
      }
    };
    const fail = error => (failed ??= { error }, bell.ring());
    stop.signal.addEventListener('abort', () => bell.ring());
    feed().catch(fail);
    follow().catch(fail);
    try {
      for (;;) {
        const index = ordered ? given : ready.keys().next().value, next = ready.get(index);
        if (next) {
          ready.delete(index);
          if (next.error && failures !== 'return') throw next.error;
          yield next;
          given++;
          bell.ring();
        } else if (failed) throw failed.error;
        else if (hasEnded && given === taken) return;
        else await bell.heard();
      }
    } finally {
      stop.unlink();
      stop.abort();
      if (unfinished.size || given < taken) {
        await this.call('POST', `groups/${group}/cancel`, { retrySeconds: 5 }).catch(() => {});
      }
    }
  }

  worker(options, handler) {
    return new Worker(options, handler, (path, body, signal, whole) =>
      this.#ask('POST', path, { body: JSON.stringify(body), signal, whole }));
  }

  async #submitBatch(tasks, key, signal, waits = () => false) {
    const body = `{"tasks":[${tasks.join()}]}`;
    for (;;) {
      try {
        const whole = value => isOutcomes(value, tasks.length);
        return (await this.call('POST', 'tasks/batch', { body, key, signal, whole })).outcomes;
      } catch (error) {
        if (error?.code === 'too_many_unfinished' && waits()) continue;
        if (error?.status !== 413) throw error;
        if (tasks.length === 1) return [{ status: 413, detail: error.message }];
        const half = tasks.length >> 1;
        return [...await this.#submitBatch(tasks.slice(0, half), `${key}a`, signal, waits),
          ...await this.#submitBatch(tasks.slice(half), `${key}b`, signal, waits)];
      }
    }
  }

  async *#batches(inputs, places, bell, signal) {
    const source = inputs[Symbol.asyncIterator]?.() ?? inputs[Symbol.iterator]();
    let pending;
    try {
      while (!signal?.aborted) {
        const batch = [];
        while (batch.length < places()) {
          pending ??= Promise.resolve(source.next());
          const next = await Promise.race(batch.length ? [pending, sleep(0)] : [pending]);
          if (!next) break;
          pending = undefined;
          if (next.done) {
            if (batch.length) yield batch;
            return;
          }
          batch.push(next.value);
        }
        if (batch.length) yield batch;
        else await bell.heard();
      }
    } finally {
      source.return?.()?.catch?.(() => {});
    }
  }

  async #findLost(asked, unfinished, finish, signal) {
    for (const id of asked) {
      const place = unfinished.get(id);
      if (!place) continue;
      const task = await this.get(id, { signal }).catch(error => {
        if (error.code !== 'task_not_found') throw error;
        return { id, state: 'gone', error: 'Retention deleted the result before it was read.' };
      });
      if (/completed|dead|cancelled|gone/.test(task.state) && unfinished.delete(id)) finish(place, task);
    }
  }

  async *#follow(group, after, signal) {
    for (let retries = new Retries(this.retrySeconds, signal); ;) {
      try {
        const query = `wait=${WAIT_SECONDS}&order=finished${after ? `&after=${encodeURIComponent(after)}` : ''}`;
        for await (const line of this.#lines(`groups/${group}/results?${query}`, signal)) {
          retries = new Retries(this.retrySeconds, signal);
          after = line.cursor || after;
          yield line;
          if (line.done) return;
        }
      } catch (error) {
        if (error?.rule !== 'again') throw error;
        await retries.wait(error);
      }
    }
  }

  async *#lines(path, signal) {
    const answer = await this.#begin('GET', path, { signal });
    let rest = '', last;
    try {
      if (!answer.response.ok || !answer.isType('application/x-ndjson')) throw await this.#explain(answer);
      for await (const text of answer.texts()) {
        const lines = (rest + text).split('\n');
        rest = lines.pop();
        if (rest.length > LINE_CHARS_MAX) throw this.#disturbed(answer);
        for (const line of lines) {
          last = JSON.parse(line);
          if (!hasId(last) && last?.done === undefined) throw this.#disturbed(answer);
          this.#wasReached = true;
          yield last;
        }
      }
      if (last?.done === undefined) throw new TypeError('cut off');
    } catch (error) {
      throw this.#meaning(error, answer, signal);
    } finally {
      answer.end();
    }
  }

  async #ask(method, path, { whole = value => value, ...options }) {
    const answer = await this.#begin(method, path, options);
    try {
      const { response } = answer;
      if (!response.ok) throw await this.#explain(answer);
      if (response.status === 204) return;
      const value = answer.isType('application/json') && JSON.parse(await answer.text(ANSWER_BYTES_MAX));
      if (!value || !whole(value)) throw this.#disturbed(answer);
      this.#wasReached = true;
      return value;
    } catch (error) {
      throw this.#meaning(error, answer, options.signal);
    } finally {
      answer.end();
    }
  }

  async #begin(method, path, { signal, body, type = 'application/json', key }) {
    const stop = linked(signal);
    const silence = () => setTimeout(() => stop.abort('silence'), SILENCE_MS);
    let timer = silence();
    const end = () => (clearTimeout(timer), stop.unlink(), stop.abort());
    try {
      const headers = {
        ...body !== undefined && { 'Content-Type': type }, ...key && { 'Idempotency-Key': key },
        ...this.#token && { Authorization: `Bearer ${this.#token}` },
      };
      const response = await fetch(this.#base + path, {
        method, headers, body, signal: stop.signal, redirect: 'manual', credentials: 'omit', cache: 'no-store',
      });
      const heard = () => (clearTimeout(timer), timer = silence());
      return new Answer(response, body !== undefined, heard, end);
    } catch (error) {
      end();
      throw this.#meaning(error, undefined, signal);
    }
  }

  #meaning(error, answer, signal) {
    if (error instanceof WeftError) return error;
    if (signal?.aborted) return signal.reason;
    if (error instanceof SyntaxError) return this.#disturbed(answer);
    const code = error?.cause?.code;
    const message = error === 'silence' ? `${this.url} did not answer in time.`
      : answer ? `The coordinator at ${this.url} closed the connection early.`
        : `No coordinator answers at ${this.url}${code ? `: ${code}` : ''}.`;
    const nothingDone = !answer && /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/.test(code);
    return new WeftError(message, 'unreachable', 'again', { nothingDone, cause: error });
  }

  async #explain(answer) {
    if (!answer.isType('application/problem+json')) return this.#disturbed(answer);
    const problem = await answer.text(PROBLEM_BYTES_MAX).then(JSON.parse).catch(() => null);
    const { type, code, detail, offset } = problem ?? {}, { retryAfter, response: { status } } = answer;
    if (!/^urn:weft:problem:./.test(type) || !code || !detail?.replace) return this.#disturbed(answer);
    this.#wasReached = true;
    return new WeftError(printable(detail.replace(/\s+/g, ' ')), 'refused', retryRule(code, retryAfter !== undefined),
      { status, code, offset, retryAfter, nothingDone: code !== 'outcome_unknown' && code !== 'internal_error' });
  }

  #disturbed({ response: { status }, hadBody, retryAfter }) {
    if (this.#wasReached || [408, 413, 429].includes(status) || status >= 500) {
      return new WeftError(`A proxy in front of the coordinator at ${this.url} answered ${status}.`, 'disturbed',
        hadBody && status === 413 ? 'not this' : 'again', { status, retryAfter });
    }
    return new WeftError(`The server at ${this.url} is not a Weft coordinator.`, 'not weft', 'never', { status });
  }
}

class Answer {
  constructor(response, hadBody, heard, end) {
    const after = response.headers.get('Retry-After');
    Object.assign(this, { response, hadBody, heard, end, retryAfter: /^\d{1,9}$/.test(after) ? +after : undefined });
  }

  isType(type) {
    return this.response.headers.get('Content-Type')?.startsWith(type);
  }

  async *texts() {
    const reader = this.response.body?.getReader(), decoder = new TextDecoder();
    for (let part; reader && !(part = await reader.read()).done;) {
      this.heard();
      yield decoder.decode(part.value, { stream: true });
    }
  }

  async text(max) {
    let text = '';
    for await (const part of this.texts()) {
      if ((text += part).length > max) throw new SyntaxError('too long');
    }
    return text;
  }
}

class Worker {
  #options; #handler; #send; #claim; #places;
  #held = new Set();
  #said = [];
  #bell = new Bell();
  #drain = new AbortController();
  #giveUp = new AbortController();
  #heard = performance.now();

  constructor(options, handler, send) {
    const { queue = 'default', queues = [queue], concurrency = 1, capabilities, leaseSeconds } = options;
    const { workerId = `js-${newKey().slice(0, 8)}` } = options;
    if (!(concurrency >= 1 && concurrency <= 1000)) throw new RangeError('concurrency is 1 to 1000.');
    this.#options = options;
    this.#handler = handler;
    this.#send = send;
    this.#places = concurrency;
    this.id = workerId;
    this.#claim = { workerId, queues, capabilities, leaseSeconds };
    options.signal?.addEventListener('abort', () => this.#stop(), { once: true });
    if (options.signal?.aborted) this.#stop();
    const claiming = this.#claimAll();
    this.closed = Promise.all([claiming, this.#settleAll(claiming), this.#beatAll()]).then(() => {});
    this.closed.catch(() => {});
  }

  async close({ timeoutSeconds } = {}) {
    this.#stop();
    const timer = timeoutSeconds >= 0 && setTimeout(() => {
      for (const held of this.#held) held.abort.abort();
      this.#giveUp.abort();
    }, timeoutSeconds * 1000);
    await this.closed.finally(() => clearTimeout(timer));
  }

  #stop() {
    this.#drain.abort();
    this.#bell.ring();
  }

  async #claimAll() {
    const drain = this.#drain.signal;
    for (let retries = new Retries(Infinity, drain); !drain.aborted;) {
      if (!this.#places) {
        await this.#bell.heard();
        continue;
      }
      const places = this.#places;
      this.#places = 0;
      let tasks = [];
      try {
        const claim = { ...this.#claim, max: places, wait: WAIT_SECONDS };
        ({ tasks } = await this.#send('tasks/claim', claim, drain, value => value?.tasks && isClaim(value)));
        this.#heard = performance.now();
        retries = new Retries(Infinity, drain);
        this.#start(tasks, places);
      } catch (error) {
        this.#start([], places);
        if (drain.aborted) return;
        const passes = error?.rule === 'again' || error?.trouble === 'not weft';
        await (passes ? retries.wait(error) : Promise.reject(error)).catch(failure => {
          if (drain.aborted) return;
          this.#stop();
          throw failure;
        });
      }
    }
  }

  #start(tasks, places) {
    this.#places += Math.max(0, places - tasks.length);
    for (const task of tasks) {
      const seconds = Math.min(Math.max(+task.leaseSeconds || 60, 1), 86_400);
      const held = { task, abort: new AbortController(), report: {}, leaseMs: seconds * 1000 };
      this.#held.add(held);
      this.#attempt(held).then(item => (this.#said.push({ held, item }), this.#bell.ring()));
    }
    this.#bell.ring();
  }

  async #attempt(held) {
    const { leaseToken, leaseSeconds, leaseExpiresAt, submitter, ...task } = held.task, { signal } = held.abort;
    const started = performance.now();
    const item = (action, more) => ({ action, id: task.id, leaseToken, ...more });
    const ran = () => performance.now() - started;
    const progress = (fraction, checkpoint) => {
      if (checkpoint !== undefined) toJson(checkpoint, 'The checkpoint');
      held.report = { progress: Math.min(Math.max(+fraction || 0, 0), 1), checkpoint };
    };
    try {
      const result = await this.#handler(task, { signal, progress });
      if (held.lost) return null;
      toJson(result, 'The result');
      return item('complete', { result: result ?? null, runMs: ran() });
    } catch (error) {
      if (held.lost) return null;
      const { delaySeconds } = error ?? {};
      if (signal.aborted || error instanceof AttemptReleased) return item('release', { delaySeconds });
      const { message, retry } = error instanceof AttemptFailed ? error : { message: error?.stack ?? error };
      return item('fail', { error: String(message).slice(0, ERROR_CHARS_MAX), retry, runMs: ran() });
    }
  }

  async #settleAll(claiming) {
    let isClaiming = true;
    claiming.catch(() => {}).then(() => (isClaiming = false, this.#bell.ring()));
    while (isClaiming || this.#held.size) {
      if (!this.#said.length) {
        await this.#bell.heard();
        continue;
      }
      const batch = this.#said.splice(0, SETTLE_ITEMS_MAX);
      for (const { held, item } of batch) if (!item) this.#end(held, 'dropped', held.lost);
      // Fills the places that become free.
      const claim = this.#drain.signal.aborted ? undefined : { ...this.#claim, max: batch.length };
      const known = batch.filter(said => said.item);
      this.#start(known.length ? await this.#settle(known, claim) : [], batch.length);
    }
    this.#giveUp.abort();
  }

  async #settle(batch, claim) {
    let answer;
    try {
      answer = await this.#deliver(batch, claim);
    } catch (error) {
      // Old coordinators know no runMs; a refused claim shows by itself.
      const timed = error.status === 400 && batch.filter(({ item }) => item.runMs >= 0 && delete item.runMs);
      if (claim || timed.length) return this.#settle(batch);
      if (batch.length > 1 && error.rule !== 'never') {
        // Told one by one, no task spoils another.
        const half = batch.length >> 1;
        await this.#settle(batch.slice(0, half));
        await this.#settle(batch.slice(half));
        return [];
      }
      const { status = 503, code, message: detail } = error;
      answer = { outcomes: batch.map(() => ({ status, code, detail })) };
    }
    const instead = [];
    for (const [i, { held, item }] of batch.entries()) {
      const { status, code, detail } = answer.outcomes[i], isHeard = status === 200;
      if (!isHeard && item.action === 'complete' && !this.#giveUp.signal.aborted
        && [undefined, 'invalid_request', 'payload_too_large', 'internal_error'].includes(code)) {
        const error = `The result was rejected: ${detail}`.slice(0, ERROR_CHARS_MAX);
        instead.push({ held, item: { ...item, action: 'fail', result: undefined, error } });
      } else {
        const ends = { complete: 'completed', fail: 'failed', release: 'released' };
        this.#end(held, isHeard ? ends[item.action] : 'dropped', isHeard ? item.error : detail);
      }
    }
    if (instead.length) await this.#settle(instead);
    return answer.tasks ?? [];
  }

  async #deliver(batch, claim) {
    const body = { workerId: this.id, items: batch.map(said => said.item), claim };
    const leaseMs = Math.max(...batch.map(said => said.held.leaseMs)), start = performance.now();
    const retries = new Retries(Infinity, this.#giveUp.signal);
    for (let convictions = 0; ;) {
      try {
        return await this.#tell(body);
      } catch (error) {
        if (error?.rule !== 'again') throw error;
        if (this.#drain.signal.aborted && performance.now() - this.#heard > leaseMs) throw error;
        await retries.wait(error);
        if (error.code !== undefined && error.code !== 'internal_error') continue;
        const probe = { workerId: this.id, items: [this.#beat(batch[0].held, true)] };
        convictions = await this.#tell(probe).then(() => convictions + 1, () => 0);
        if (convictions >= 3 && (batch.length > 1 || performance.now() - start > leaseMs / 2)) throw error;
      }
    }
  }

  async #tell(body) {
    const whole = value => isClaim(value) && isOutcomes(value, body.items.length);
    const answer = await this.#send('tasks/settle', body, undefined, whole);
    this.#heard = performance.now();
    return answer;
  }

  #end(held, outcome, detail) {
    this.#held.delete(held);
    this.#bell.ring();
    try {
      this.#options.observed?.(held.task, outcome, detail);
    } catch {}
  }

  async #beatAll() {
    const interval = () => Math.min(HEARTBEAT_MS_MAX, ...[...this.#held].map(held => held.leaseMs / 3));
    for (let last = performance.now(); ;) {
      await sleep(Math.min(interval(), 300), this.#giveUp.signal).catch(() => {});
      if (this.#giveUp.signal.aborted) return;
      if (performance.now() - last < interval()) continue;
      last = performance.now();
      const all = [...this.#held];
      while (all.length) await this.#beatBatch(all.splice(0, SETTLE_ITEMS_MAX));
    }
  }

  #beat({ task: { id, leaseToken }, report }, isBare) {
    return { action: 'heartbeat', id, leaseToken, leaseSeconds: this.#claim.leaseSeconds, ...!isBare && report };
  }

  async #beatBatch(batch, isBare) {
    const items = batch.map(held => this.#beat(held, isBare));
    // One task's checkpoint must not cost the others their leases.
    const { outcomes } = await this.#tell({ workerId: this.id, items })
      .catch(error => ({ outcomes: error.rule === 'not this' ? batch.map(() => ({})) : [] }));
    for (const [i, { status, detail }] of outcomes.entries()) {
      if (status === 404 || status === 409) {
        batch[i].lost = printable(detail ?? "This worker no longer holds the task's lease.");
        batch[i].abort.abort();
      } else if (status !== 200 && !isBare) await this.#beatBatch([batch[i]], true);
    }
  }
}
