import { Weft } from './weft.js';

const weft = new Weft(process.env.WEFT_URL ?? 'http://127.0.0.1:8080');
const B = [[5, 6], [7, 8]], rows = [[1, 2], [3, 4]];
const multiply = ({ payload: { row, B } }) => B[0].map((_, j) => row.reduce((sum, x, i) => sum + x * B[i][j], 0));

const worker = weft.worker({ queue: 'matrix', concurrency: 2 }, multiply);
for await (const { result } of weft.map(rows.map(row => ({ row, B })), { queue: 'matrix' })) {
  console.log(...result);
}
await worker.close();
