// What a program in TypeScript may write: compiled under strict by a test (ClientTests), and never run.
import { Weft, TaskFailed, WeftError, AttemptFailed } from '../weft.js';
interface Pair { a: number; b: number }
const weft = new Weft('http://127.0.0.1:8080', { token: 'weft_x', retrySeconds: 5 });
const id: number = await weft.submit({ a: 1, b: 2 } satisfies Pair, { queue: 'sums', priority: 3 });
const sum = await weft.wait<number>(id, { signal: AbortSignal.timeout(1000) });
for await (const { input, result } of weft.map<Pair, number>([{ a: 1, b: 2 }], { queue: 'sums', ordered: false })) {
  console.log(input.a + result.toFixed(1), sum);
}
const worker = weft.worker<Pair>({ queue: 'sums', concurrency: 2 }, async (task, { signal, progress }) => {
  if (signal.aborted) throw new AttemptFailed('late', { retry: false });
  progress(0.5);
  return task.payload.a + task.payload.b;
});
await worker.close();
try { await weft.get(1); } catch (error) {
  if (error instanceof TaskFailed) console.log(error.state);
  if (error instanceof WeftError && error.rule === 'again') console.log(error.code);
}
// @ts-expect-error a queue is text
await weft.submit(1, { queue: 5 });
