import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import * as client from '../weft-files.js';
import * as plain from '../weft.js';
import { thrown } from './behaviours.js';
import { fileBehaviours, newBytes } from './file-behaviours.js';
import { Coordinator, front, page, root } from './harness.js';

const { Weft, WeftError } = client;

/** A line to the coordinator that breaks off, in one direction after so many bytes, so many times. */
async function breakingLine(t, coordinator, bytes, { down = false, times = 3 } = {}) {
  const open = new Set(), line = { cuts: 0 };
  const server = net.createServer(near => {
    const far = net.connect(coordinator.port, '127.0.0.1');
    let left = bytes;
    const pass = (from, to, isCut) => from.on('error', () => to.destroy()).on('end', () => to.end())
      .on('data', data => {
        to.write(data);
        if (!isCut || (left -= data.length) > 0 || line.cuts >= times) return;
        line.cuts++;
        near.destroy();
        far.end();
      });
    pass(near, far, !down);
    pass(far, near, down);
    open.add(near).add(far);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return Object.assign(line, { url: `http://127.0.0.1:${server.address().port}` });
}

describe('files in Node as in a browser', () => {
  let coordinator;
  before(async () => (coordinator = await Coordinator.start()));
  after(() => coordinator.close());
  for (const [name, behaviour] of Object.entries(fileBehaviours)) {
    test(name, () => behaviour(client, coordinator.url));
  }

  test('hashes without crypto.subtle, as on plain http', async t => {
    const subtle = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(crypto), 'subtle');
    Object.defineProperty(crypto, 'subtle', { value: undefined, configurable: true });
    t.after(() => delete crypto.subtle);
    assert.ok(subtle);
    await fileBehaviours['bytes of any length come back'](client, coordinator.url);
  });

  test('a push over a line that breaks goes on', async t => {
    const line = await breakingLine(t, coordinator, 1_500_000), bytes = newBytes(6 << 20), offsets = [];
    const { size } = await new Weft(line.url).pushBlob(bytes, { progress: done => offsets.push(done) });
    assert.deepEqual([size, line.cuts], [bytes.length, 3]);
    assert.deepEqual(offsets, offsets.toSorted((a, b) => a - b));
  });

  test('a fetch over a line that breaks goes on', async t => {
    const line = await breakingLine(t, coordinator, 10_000_000, { down: true }), bytes = newBytes(40 << 20);
    const { sha256 } = await new Weft(coordinator.url).pushBlob(bytes);
    const done = [], blob = await new Weft(line.url).fetchBlob(sha256, { progress: (...now) => done.push(now) });
    assert.ok(Buffer.from(await blob.arrayBuffer()).equals(bytes));
    assert.deepEqual([line.cuts, done.at(-1)], [3, [bytes.length, bytes.length]]);
    assert.deepEqual(done, done.toSorted(([a], [b]) => a - b));
  });

  test('a push survives the end of the coordinator', async t => {
    const own = await Coordinator.start(), bytes = newBytes(8 << 20);
    t.after(() => own.close());
    let again;
    await new Weft(own.url).pushBlob(bytes, {
      progress: done => done > 0 && done < bytes.length && (again ??= own.kill().then(() => own.start())),
    });
    await again;
    const { sha256 } = await new Weft(own.url).pushBlob(bytes);
    assert.ok(Buffer.from(await (await new Weft(own.url).fetchBlob(sha256)).arrayBuffer()).equals(bytes));
  });
});

describe('trouble with files is one error with one sentence', () => {
  const hash = 'a'.repeat(64);
  for (const [name, answer, sentence] of [
    ['other bytes', page(200, 'other', 'application/octet-stream'), /^The received bytes are not those of a+\.$/],
    ['a proxy', page(502), /^The server at \S+ answered 502 instead of a file\.$/],
    ['a cut body', page(200, 'abc', 'application/octet-stream', 10), /^The coordinator at \S+ closed the connection/],
    ['nothing', '', /^No coordinator answers at \S+\.$/],
    ['a redirect', page(302, '', 'text/html', 0, 'Location: http://evil.test/\r\n'),
      / answered 302 instead of a file\.$/],
    ['another range', page(206, 'abc', 'text/plain', 0, 'Content-Range: bytes 7-9/10\r\n'), / answered 206 instead /],
  ]) {
    test(name, async t => {
      const error = await thrown(async () =>
        new Weft(await front(t, answer), { retrySeconds: 0 }).fetchBlob(hash));
      assert.ok(error instanceof WeftError, error.stack);
      assert.match(error.message, sentence);
    });
  }

  test('a token is sent, and not shown', async t => {
    const coordinator = await Coordinator.start('--access', 'tokens');
    t.after(() => coordinator.close());
    const error = await thrown(() => new Weft(coordinator.url, { token: 'weft_wrong' }).fetchBlob(hash));
    assert.equal(error.code, 'unauthorized');
    assert.ok(!error.stack.includes('weft_wrong'));
    await coordinator.kill();
    const data = join(coordinator.folder, 'data');
    const token = await coordinator.command('token', 'create', '--scope', 'submit', '--data', data);
    await coordinator.start();
    const weft = new Weft(coordinator.url, { token }), { sha256 } = await weft.pushBlob(new Blob(['mine']));
    assert.equal(await (await weft.fetchBlob({ sha256 })).text(), 'mine');
  });
});

test('it has all of weft.js, and its types', () => {
  assert.deepEqual(Object.keys(client), Object.keys(plain));
  assert.notEqual(client.Weft, plain.Weft);
  const types = readFileSync(join(root, 'clients/js/weft-files.d.ts'), 'utf8');
  for (const name of Object.getOwnPropertyNames(Weft.prototype)) {
    if (name !== 'constructor') assert.match(types, new RegExp(`^  ${name}[(<]`, 'm'));
  }
});
