// What the client does with files wherever it runs: Node's tests and a browser run these alike.
import { equal, newQueue, thrown } from './behaviours.js';

/** Other bytes at each call. */
export function newBytes(count) {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, count)));
  return bytes;
}

export const textOf = async blob => new TextDecoder().decode(await blob.arrayBuffer());
const bytesOf = async blob => new Uint8Array(await blob.arrayBuffer());

async function equalBytes(expected, blob) {
  const actual = await bytesOf(blob);
  equal(expected.length, actual.length);
  equal(-1, expected.findIndex((byte, i) => byte !== actual[i]));
}

/** Takes a task as a worker that knows files does. */
async function claim(weft, queue) {
  const body = JSON.stringify({ workerId: 'files', queues: [queue], capabilities: ['files'], wait: 20 });
  return (await weft.call('POST', 'tasks/claim', { body })).tasks[0];
}

/** Ends a task as a worker that has written a file does. */
async function complete(weft, { id, leaseToken }, path, text) {
  const bytes = new TextEncoder().encode(text), { sha256 } = await weft.pushBlob(bytes);
  const place = `${weft.url}api/v1/tasks/${id}/outputs/${sha256}?size=${bytes.length}`;
  const pushed = await fetch(place, { method: 'PUT', body: bytes, headers: { 'X-Weft-Lease': leaseToken } });
  equal(true, pushed.ok);
  const outputs = [{ path, blob: sha256, size: bytes.length }];
  await weft.call('POST', `tasks/${id}/complete`, { body: JSON.stringify({ leaseToken, result: null, outputs }) });
}

export const fileBehaviours = {
  'bytes of any length come back': async ({ Weft }, url) => {
    const weft = new Weft(url);
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1_000, (4 << 20) + 1]) {
      const bytes = newBytes(length), { sha256, size } = await weft.pushBlob(bytes);
      equal(length, size);
      await equalBytes(bytes, await weft.fetchBlob(sha256));
    }
  },

  'a push goes on where another one stopped': async ({ Weft }, url) => {
    const weft = new Weft(url), bytes = newBytes(5 << 20), file = new Blob([bytes]), offsets = [];
    const stop = new AbortController();
    const error = await thrown(() => weft.pushBlob(file, {
      signal: stop.signal, progress: done => done > 0 && stop.abort(new Error('enough')),
    }));
    equal('enough', error.message);
    const { sha256 } = await weft.pushBlob(file, { progress: (done, total) => offsets.push([done, total]) });
    equal([true, file.size, file.size], [offsets[0][0] >= 1 << 20, ...offsets.at(-1)]);
    await equalBytes(bytes, await weft.fetchBlob(sha256));
    // What is there is not sent again.
    const again = [];
    await weft.pushBlob(bytes, { progress: done => again.push(done) });
    equal([file.size], again);
  },

  'a task finds its files': async ({ Weft }, url) => {
    const weft = new Weft(url), queue = newQueue(), { sha256 } = await weft.pushBlob(newBytes(10));
    const id = await weft.submit(1, {
      queue, run: { outMb: 3 },
      files: [
        { path: 'a.txt', blob: new Blob(['a']) }, { path: 'data/b.bin', blob: new TextEncoder().encode('b') },
        { path: 'data/c.bin', blob: sha256 },
      ],
    });
    const task = await claim(weft, queue);
    equal([id, ['a.txt', 'data/b.bin', 'data/c.bin'], 3],
      [task.id, task.run.files.map(file => file.path).sort(), task.run.outMb]);
    equal('a', await textOf(await weft.fetchBlob(task.run.files.find(file => file.path === 'a.txt'))));
  },

  'a task without files has none': async ({ Weft }, url) => {
    const weft = new Weft(url), queue = newQueue();
    const [id] = await weft.submitMany([1], { queue });
    const task = await claim(weft, queue);
    equal([id, undefined], [task.id, task.run]);
  },

  'what tasks write is read back': async ({ Weft }, url) => {
    const weft = new Weft(url), queue = newQueue();
    const results = weft.map([7], { queue, outMb: 1, files: [{ path: 'in.txt', blob: new Blob(['in']) }] });
    const next = results.next();
    await complete(weft, await claim(weft, queue), 'plot.svg', '<svg/>');
    const { value: { input, outputs: [output] } } = await next;
    equal([7, 'plot.svg', 6, '<svg/>'], [input, output.path, output.size, await textOf(await weft.fetchBlob(output))]);
    await results.return();
    const id = await weft.submit(7, { queue, outMb: 1 });
    await complete(weft, await claim(weft, queue), 'deep/er.txt', 'er');
    await weft.wait(id);
    const [written] = (await weft.get(id)).outputs;
    equal(['deep/er.txt', 'er'], [written.path, await textOf(await weft.fetchBlob(written))]);
  },

  'what is not there is one sentence': async (client, url) => {
    const weft = new client.Weft(url), missing = '0'.repeat(64);
    const error = await thrown(() => weft.fetchBlob(missing));
    equal([true, 'blob_not_found', 'not this', 404],
      [error instanceof client.WeftError, error.code, error.rule, error.status]);
    const refused = await thrown(() => weft.submit(1, { files: [{ path: 'a', blob: missing }] }));
    equal('blob_not_found', refused.code);
    equal('TypeError', (await thrown(() => weft.fetchBlob('..'))).name);
    equal('stop', (await thrown(() => weft.fetchBlob(missing, { signal: AbortSignal.abort('stop') }))));
  },
};
