// pg-boss on a PostgreSQL database, loaded as the bench loads Weft: each client takes job after job through its whole
// life for the given time, and checks every answer. Prints one line of JSON.
// usage: node pgboss-load.mjs CONNECTION_STRING single|batch CLIENTS POOL_MAX WARM_UP_SECONDS SECONDS
import PgBoss from 'pg-boss';

const [connectionString, mode, ...numbers] = process.argv.slice(2);
const [clients, max, warmUpSeconds, seconds] = numbers.map(Number);
const batchSize = 100;
const queue = 'matmul';
const matrices = { A: '[[1,2],[3,4]]', B: '[[5,6],[7,8]]' };
const product = { result: '[[19,22],[43,50]]' };

// Its own schedules off: they only cost it time here.
const boss = new PgBoss({ connectionString, max, schedule: false });
const claimed = new Set();
let bad = 0;
let firstBad = null;
boss.on('error', error => addBad(error.message));

function addBad(what) {
  bad++;
  firstBad ??= what;
}

function isRight(job) {
  const right = job?.data?.A === matrices.A && job.data.B === matrices.B && !claimed.has(job.id);
  if (right) claimed.add(job.id);
  else addBad(`fetch (wrong, or handed out before): ${JSON.stringify(job)}`);
  return right;
}

// Submit, claim, complete. The result is not read back, which Weft's cycles do: that is in pg-boss's favour.
async function single() {
  if (!await boss.send(queue, matrices)) return addBad('send'), 0;
  const [job] = await boss.fetch(queue);
  // Nothing is no mistake: others hold locks just then. Who finds more finishes it.
  if (!job || !isRight(job)) return 0;
  const { affected } = await boss.complete(queue, job.id, product);
  if (affected !== 1) return addBad('complete'), 0;
  return 1;
}

async function batch() {
  await boss.insert(Array.from({ length: batchSize }, () => ({ name: queue, data: matrices })));
  const jobs = await boss.fetch(queue, { batchSize });
  if (jobs.length === 0 || !jobs.every(isRight)) return 0;
  const { affected } = await boss.complete(queue, jobs.map(job => job.id), product);
  if (affected !== jobs.length) return addBad('complete'), 0;
  return affected;
}

async function run(time) {
  const cycle = mode === 'batch' ? batch : single;
  const started = performance.now();
  let cycles = 0;
  await Promise.all(Array.from({ length: clients }, async () => {
    while (performance.now() - started < time * 1000) {
      const through = await cycle();
      cycles += through;
    }
  }));
  return { cycles, seconds: (performance.now() - started) / 1000 };
}

await boss.start();
await boss.createQueue(queue);
await run(warmUpSeconds);
const cpu = process.cpuUsage();
const measured = await run(seconds);
const { user, system } = process.cpuUsage(cpu);
console.log(JSON.stringify({ ...measured, cpuMicroseconds: user + system, bad, firstBad }));
process.exit(0);
