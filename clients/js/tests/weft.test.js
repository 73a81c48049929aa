import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import * as client from '../weft.js';
import { behaviours, eventually, thrown } from './behaviours.js';
import { Coordinator, freePort, front, page, root } from './harness.js';

const { Weft, WeftError } = client;

describe('in Node as in a browser', () => {
  let coordinator;
  before(async () => (coordinator = await Coordinator.start()));
  after(() => coordinator.close());
  for (const [name, behaviour] of Object.entries(behaviours)) test(name, () => behaviour(client, coordinator.url));
});

describe('trouble is one error with one sentence', () => {
  const fails = async (url, sentence, options = { retrySeconds: 0 }) => {
    const weft = new Weft(url, options);
    let last;
    for (const call of [() => weft.submit(1), () => weft.map([1]).next(), () => weft.wait(1)]) {
      last = await thrown(call);
      assert.ok(last instanceof WeftError, inspect(last));
      assert.match(last.message, sentence);
      assert.ok(!last.message.includes('\n'));
    }
    return last;
  };

  test('no coordinator', async () => {
    const error = await fails(`http://127.0.0.1:${await freePort()}`,
      /^No coordinator answers at http:\S+: ECONNREFUSED\.$/);
    assert.deepEqual([error.trouble, error.rule], ['unreachable', 'again']);
  });
  const weft = /^The server at \S+ is not a Weft coordinator\.$/;
  const problem = '{"type":"about:blank","code":"unauthorized","detail":"x"}';
  for (const [name, answer, sentence] of [
    ['a page with 200', page(200), weft],
    ['other JSON', page(200, '{"status":"ok"}', 'application/json'), weft],
    ['502', page(502), /^A proxy in front of the coordinator at \S+ answered 502\.$/],
    ['a cut body', page(200, '{"id":', 'application/json', 100),
      /^The coordinator at \S+ closed the connection early\./],
    ['a redirect', page(302, '', 'text/html', 0, 'Location: http://evil.test/\r\n'), weft],
    ['a broken connection', '', /^No coordinator answers at /],
    ['a problem without the urn', page(401, problem, 'application/problem+json'), weft],
  ]) test(name, async t => fails(await front(t, answer), sentence));

  test('a wrong and a revoked token, and none in what is shown', async t => {
    const coordinator = await Coordinator.start('--access', 'tokens');
    t.after(() => coordinator.close());
    await fails(coordinator.url, /token/, { token: 'weft_wrong' });
    await coordinator.kill();
    const data = join(coordinator.folder, 'data');
    const token = await coordinator.command('token', 'create', '--scope', 'admin', '--data', data);
    await coordinator.start();
    const admin = new Weft(coordinator.url, { token });
    const made = await admin.call('POST', 'tokens', { body: '{"scopes":["submit","work"]}' });
    const weft = new Weft(coordinator.url, { token: made.token });
    await weft.submit(1);
    await admin.call('DELETE', `tokens/${made.id}`);
    assert.equal((await thrown(() => weft.submit(1))).code, 'unauthorized');
    const worker = weft.worker({ queue: 'q' }, () => 1);
    const error = await thrown(() => worker.closed);
    assert.equal(error.code, 'unauthorized');
    assert.ok(![inspect(weft), inspect(worker), JSON.stringify(weft), error.stack].join().includes(made.token));
  });

  test('addresses and tokens that are none', () => {
    for (const url of ['ftp://x', 'http://user:secret@host/']) {
      assert.throws(() => new Weft(url), error => !error.message.includes('secret'));
    }
    const token = 'weft_secret\r\nX: y';
    assert.throws(() => new Weft('http://x', { token }), error => !error.message.includes('weft_secret'));
  });
});

const gate = () => {
  let resolve;
  return { promise: new Promise(done => (resolve = done)), resolve: () => resolve() };
};

test('a coordinator that is killed and started again', async t => {
  const coordinator = await Coordinator.start('--lease-seconds', '2');
  t.after(() => coordinator.close());
  const weft = new Weft(coordinator.url, { retrySeconds: 60 });
  const worker = weft.worker({ queue: 'q', concurrency: 4 }, task => task.payload + 1);
  const results = [];
  for await (const { result } of weft.map(Array.from({ length: 400 }, (_, n) => n), { queue: 'q' })) {
    results.push(result);
    if (results.length === 100) {
      await coordinator.kill();
      await coordinator.start();
    }
  }
  assert.deepEqual(results, Array.from({ length: 400 }, (_, n) => n + 1));
  await worker.close();
});

test('a result that retention deleted before it was read', async t => {
  const coordinator = await Coordinator.start('--retention', '1s');
  t.after(() => coordinator.close());
  const weft = new Weft(coordinator.url);
  const [slow, reads] = [gate(), gate()];
  const worker = weft.worker({ queue: 'q', concurrency: 2 }, async ({ payload }) => {
    if (payload === 'slow') await slow.promise;
    return payload;
  });
  const { fetch } = globalThis;
  t.after(() => (globalThis.fetch = fetch));
  globalThis.fetch = async (url, options) => {
    if (/\/results\?/.test(url)) await reads.promise;
    return fetch(url, options);
  };
  const results = weft.map(['lost', 'slow'], { queue: 'q', failures: 'return' });
  const first = results.next();
  await eventually(() => weft.get(1).then(task => task.state === 'completed', () => false));
  await eventually(() => weft.get(1).then(() => false, error => error.code === 'task_not_found'));
  reads.resolve();
  slow.resolve();
  const { input, error } = (await first).value;
  assert.deepEqual([input, error.state], ['lost', 'gone']);
  assert.match(error.message, /^Task 1 is gone: Retention deleted the result before it was read\.$/);
  assert.equal((await results.next()).value.result, 'slow');
  await worker.close();
});

test('how long a handler took is told, but not to a coordinator that knows no such time', async t => {
  const coordinator = await Coordinator.start();
  t.after(() => coordinator.close());
  const weft = new Weft(coordinator.url);
  const { fetch } = globalThis;
  t.after(() => (globalThis.fetch = fetch));
  const problem = { type: 'urn:weft:problem:invalid_request', code: 'invalid_request', detail: 'Unknown: runMs.' };
  const headers = { 'Content-Type': 'application/problem+json' };
  let isOld = true;
  globalThis.fetch = async (url, options) => isOld && options.body?.includes('"runMs"')
    ? new Response(JSON.stringify(problem), { status: 400, headers }) : fetch(url, options);
  const told = async () => /^weft_task_compute_seconds_count\S* 1\b/m
    .test(await (await fetch(`${coordinator.url}/metrics`)).text());
  // From the first look on it counts how long things take.
  assert.ok(!await told());
  const worker = weft.worker({ queue: 'q' }, task => task.payload);
  for (const payload of [1, 2]) assert.equal(await weft.wait(await weft.submit(payload, { queue: 'q' })), payload);
  isOld = false;
  await weft.wait(await weft.submit(3, { queue: 'q' }));
  await worker.close();
  await eventually(told);
});

test('10,000 tasks in one map', async t => {
  const coordinator = await Coordinator.start();
  t.after(() => coordinator.close());
  const weft = new Weft(coordinator.url);
  const worker = weft.worker({ queue: 'q', concurrency: 500 }, task => task.payload);
  let sum = 0;
  const inputs = Array.from({ length: 10_000 }, (_, n) => n);
  for await (const { result } of weft.map(inputs, { queue: 'q' })) sum += result;
  assert.equal(sum, 49_995_000);
  await worker.close();
});

test('every problem code has its rule', () => {
  const names = Object.fromEntries([...readFileSync(join(root, 'src/Weft.Contracts/ProblemCodes.cs'), 'utf8')
    .matchAll(/string (\w+) = "(\w+)"/g)].map(([, name, code]) => [name, code]));
  const rules = [...readFileSync(join(root, 'src/Weft.Client/RetryRules.cs'), 'utf8')
    .matchAll(/\[ProblemCodes\.(\w+)\] = RetryRule\.(\w+)/g)];
  assert.ok(rules.length > 30);
  for (const [, name, rule] of rules) {
    const expected = { Again: 'again', NotThis: 'not this', Never: 'never' }[rule];
    assert.equal(client.retryRule(names[name], false), expected, name);
  }
});

test('it has at most 8 KB', () => {
  const { length } = gzipSync(readFileSync(join(root, 'clients/js/weft.js')), { level: 9 });
  assert.ok(length <= 8192, `${length} bytes`);
});

test('the types name all that is exported', () => {
  const types = readFileSync(join(root, 'clients/js/weft.d.ts'), 'utf8');
  for (const name of Object.keys(client)) assert.match(types, new RegExp(`export (class|function) ${name}\\b`));
});
