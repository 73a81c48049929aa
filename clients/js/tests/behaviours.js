// What the client does wherever it runs: Node's tests and a browser run these alike, against a coordinator.

let queues = 0;
export const newQueue = () => `js-${Date.now()}-${queues++}`;

export function equal(expected, actual) {
  const [a, b] = [JSON.stringify(expected), JSON.stringify(actual)];
  if (a !== b) throw new Error(`expected ${a}, but it is ${b}`);
}

export async function thrown(action) {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export async function eventually(condition) {
  for (const end = performance.now() + 30_000; ;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`${condition} did not come true`);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

const numbers = count => Array.from({ length: count }, (_, n) => n);

async function serving({ Weft }, url, handler, use, options = {}) {
  const weft = new Weft(url), queue = newQueue();
  const worker = weft.worker({ queue, concurrency: 4, ...options }, handler);
  try {
    return await use(weft, queue, worker);
  } finally {
    await worker.close({ timeoutSeconds: 5 });
  }
}

const square = task => task.payload ** 2;

export const behaviours = {
  'submit and wait': (client, url) => serving(client, url, square, async (weft, queue) => {
    equal(144, await weft.wait(await weft.submit(12, { queue })));
  }),

  'submit with a key is one task': async ({ Weft }, url) => {
    const weft = new Weft(url), options = { queue: newQueue(), key: newQueue() };
    equal(await weft.submit(1, options), await weft.submit(1, options));
  },

  'submitMany gives ids in order': async ({ Weft }, url) => {
    const weft = new Weft(url), ids = await weft.submitMany(numbers(250), { queue: newQueue(), priority: 5 });
    const last = await weft.get(ids[249]);
    equal([250, 249, 5], [ids.length, last.payload, last.priority]);
  },

  'map in order': (client, url) => serving(client, url, square, async (weft, queue) => {
    const results = [];
    for await (const { index, input, result } of weft.map(numbers(500), { queue })) {
      results.push([index, input, result]);
    }
    equal(numbers(500).map(n => [n, n, n * n]), results);
  }),

  'map as they finish': (client, url) => {
    let open;
    const gate = new Promise(resolve => (open = resolve));
    return serving(client, url, async task => (task.payload || await gate, task.payload), async (weft, queue) => {
      const seen = [];
      for await (const { input } of weft.map(numbers(20), { queue, ordered: false })) {
        seen.push(input);
        if (seen.length === 19) open();
      }
      equal([0, numbers(20)], [seen[19], seen.sort((a, b) => a - b)]);
    });
  },

  'map takes no more than ahead': (client, url) => serving(client, url, square, async (weft, queue) => {
    let taken = 0, given = 0, most = 0;
    async function* inputs() {
      for (; taken < 200; taken++) yield taken;
    }
    for await (const { result } of weft.map(inputs(), { queue, ahead: 10 })) {
      equal(given ** 2, result);
      most = Math.max(most, taken - given++);
    }
    if (most > 11) throw new Error(`${most} were taken`);
    equal(200, given);
  }),

  'a failure throws with its input, and cancels the others': (client, url) => serving(client, url, task => {
    if (task.payload === 3) throw new RangeError('three');
    return task.payload;
  }, async (weft, queue) => {
    const seen = [];
    const error = await thrown(async () => {
      for await (const { result } of weft.map(numbers(5), { queue, maxAttempts: 1 })) seen.push(result);
    });
    equal([[0, 1, 2], 3, 'dead', true], [seen, error.input, error.state, error instanceof client.TaskFailed]);
    if (!/^Task \d+ is dead: RangeError: three$/.test(error.message)) throw error;
  }),

  'failures can be returned': (client, url) => serving(client, url, () => {
    throw new client.AttemptFailed('no', { retry: false });
  }, async (weft, queue) => {
    const states = [];
    const results = weft.map([1, 'x'.repeat(2 << 20)], { queue, failures: 'return' });
    for await (const { error } of results) states.push(error.state);
    equal(['dead', 'refused'], states);
  }),

  'whoever stops reading cancels what is unfinished': (client, url) => serving(client, url,
    (task, { signal }) => task.payload ? new Promise((_, reject) => signal.addEventListener('abort', reject)) : 0,
    async (weft, queue) => {
      for await (const _ of weft.map(numbers(50), { queue })) break;
      const count = async () => (await weft.call('GET', 'queues')).queues.find(each => each.name === queue).counts;
      await eventually(async () => (await count()).cancelled === 49);
    }, { leaseSeconds: 1 }),

  'a signal ends what waits': async ({ Weft }, url) => {
    const weft = new Weft(url), queue = newQueue(), id = await weft.submit(1, { queue });
    const signal = () => AbortSignal.timeout(100);
    equal('TimeoutError', (await thrown(() => weft.wait(id, { signal: signal() }))).name);
    equal('TimeoutError', (await thrown(() => weft.map([1], { queue, signal: signal() }).next())).name);
    equal('TimeoutError', (await thrown(() => weft.submit(1, { queue, signal: AbortSignal.abort(
      new DOMException('x', 'TimeoutError')) }))).name);
    const worker = weft.worker({ queue: newQueue(), signal: signal() }, square);
    await worker.closed;
  },

  'cancel': async (client, url) => {
    const weft = new client.Weft(url), id = await weft.submit(1, { queue: newQueue() });
    equal('cancelled', (await weft.cancel(id)).state);
    equal('cancelled', (await thrown(() => weft.wait(id))).state);
    equal('task_not_dead', (await thrown(() => weft.retry(id))).code);
  },

  'what the coordinator refuses is one sentence': async (client, url) => {
    const error = await thrown(() => new client.Weft(url).submit(1, { queue: 'no queue' }));
    equal([true, 'invalid_request', 'not this', 400],
      [error instanceof client.WeftError, error.code, error.rule, error.status]);
  },

  'what is not JSON is named': async ({ Weft }, url) => {
    const error = await thrown(() => new Weft(url).submit({ a: [1, NaN] }));
    equal('The task, member 1, is NaN, which is not JSON.', error.message);
  },

  'heartbeats keep the lease and carry progress': (client, url) => {
    let open;
    const gate = new Promise(resolve => (open = resolve));
    return serving(client, url, async (task, { progress }) => {
      progress(0.5, { row: 7 });
      await gate;
      return task.attempt;
    }, async (weft, queue) => {
      const id = await weft.submit(1, { queue }), start = performance.now();
      await eventually(async () => (await weft.get(id)).progress === 0.5 && performance.now() - start > 1_500);
      equal({ row: 7 }, (await weft.get(id)).checkpoint);
      open();
      equal(1, await weft.wait(id));
    }, { leaseSeconds: 1 });
  },

  'a cancelled task ends its handler': (client, url) => {
    const ends = [];
    let begun = false;
    return serving(client, url, (task, { signal }) => new Promise((_, reject) => {
      begun = true;
      signal.addEventListener('abort', reject);
    }), async (weft, queue) => {
      const id = await weft.submit(1, { queue });
      await eventually(() => begun);
      await weft.cancel(id);
      await eventually(() => ends.length);
      equal(['dropped'], ends);
    }, { leaseSeconds: 1, observed: (task, outcome) => ends.push(outcome) });
  },

  'close finishes what is held, and gives back after its timeout': (client, url) => {
    let open;
    const gate = new Promise(resolve => (open = resolve)), begun = [];
    return serving(client, url, async (task, { signal }) => {
      begun.push(task.payload);
      await Promise.race([gate, new Promise((_, reject) => signal.addEventListener('abort', reject))]);
      return task.payload;
    }, async (weft, queue, worker) => {
      const held = await weft.submit('held', { queue }), waiting = await weft.submit('waiting', { queue });
      await eventually(() => begun.length);
      const closing = worker.close();
      setTimeout(open, 100);
      await closing;
      equal(['completed', 'ready'], [(await weft.get(held)).state, (await weft.get(waiting)).state]);
      const other = weft.worker({ queue }, (task, { signal }) => new Promise((_, reject) => {
        begun.push('again');
        signal.addEventListener('abort', reject);
      }));
      await eventually(() => begun.includes('again'));
      await other.close({ timeoutSeconds: 0.1 });
      const found = await weft.get(waiting);
      equal(['ready', 0], [found.state, found.failures]);
    }, { concurrency: 1 });
  },

  'a result that is too large fails its own task only': (client, url) => serving(client, url,
    task => 'x'.repeat(task.payload), async (weft, queue) => {
      const large = await weft.submit(11 << 20, { queue, maxAttempts: 1 }), small = await weft.submit(3, { queue });
      equal('xxx', await weft.wait(small));
      const { message } = await thrown(() => weft.wait(large));
      if (!message.includes('The result was rejected')) throw new Error(message);
    }),

  'no more handlers run than concurrency says': (client, url) => {
    let now = 0, most = 0;
    return serving(client, url, async () => {
      most = Math.max(most, ++now);
      await new Promise(resolve => setTimeout(resolve, 1));
      now--;
    }, async (weft, queue) => {
      for await (const _ of weft.map(numbers(100), { queue }));
      if (most > 3) throw new Error(`${most} at once`);
    }, { concurrency: 3 });
  },

  'texts of workers cannot write to a terminal': (client, url) => serving(client, url, () => {
    throw new client.AttemptFailed('\x1b]0;owned\x07\x9b5n\u202eevil', { retry: false });
  }, async (weft, queue) => {
    const error = await thrown(async () => weft.wait(await weft.submit(1, { queue })));
    equal('\\u{1b}]0;owned\\u{7}\\u{9b}5n\\u{202e}evil', error.error);
    if (/[\x1b\x07\x9b\u202e]/.test(error.message)) throw new Error('raw');
  }),
};
