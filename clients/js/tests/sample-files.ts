// What a program in TypeScript may write with files: compiled under strict by a test (ClientTests), and never run.
import { Weft, WeftError, type OutputFile, type TaskFile } from '../weft-files.js';
const weft = new Weft('http://127.0.0.1:8080', { token: 'weft_x' });
const progress = (done: number, total: number) => console.log(done / total);
const { sha256, size } = await weft.pushBlob(new Uint8Array(8), { progress });
const files: TaskFile[] = [{ path: 'data/a.bin', blob: sha256 }, { path: 'b.txt', blob: new Blob(['b']) }];
const id: number = await weft.submit({ a: 1 }, { queue: 'sums', files, outMb: 16 });
for await (const { input, result, outputs = [] } of weft.map<number, number>([1, 2], { files, ordered: false })) {
  for (const output of outputs) console.log(input + result, output.path, (await weft.fetchBlob(output)).size);
}
const written: OutputFile[] | undefined = (await weft.get(id)).outputs;
const whole: Blob = await weft.fetchBlob(written?.[0] ?? sha256, { signal: AbortSignal.timeout(size) });
await weft.submitMany([whole.type], { files });
try { await weft.pushBlob(whole); } catch (error) {
  if (error instanceof WeftError && error.code === 'too_many_blobs') console.log(error.message);
}
// @ts-expect-error a file has a path
await weft.submit(1, { files: [{ blob: sha256 }] });
