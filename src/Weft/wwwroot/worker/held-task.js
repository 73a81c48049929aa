// A task that this browser has claimed and not settled.

import { membersOf } from './raw-json.js';

const TIMEOUT_SECONDS = 60;
const MEMORY_MB = 256;
const LEASE_SECONDS = 60;
const HEARTBEAT_MS_MAX = 10_000;
export const STDOUT_BYTES_MAX = 8 << 20;
export const OUTPUTS_MAX = 64;
// They are in memory until they are pushed.
const OUT_MB_MAX = 256;
// Where a Python task's packages are among its files.
const PACKAGES = '.packages/';

/** @param {string | undefined} json */
function read(json) {
  return json === undefined ? undefined : JSON.parse(json);
}

export class HeldTask {
  /** Its files' bytes, once they are there. @type {{path: string, blob: Blob}[]} */
  found = [];
  /** What runs it, once it is there. @type {import('./module-library.js').RunnableModule | undefined} */
  module;
  /** From 0 to 1, where the module tells. @type {number | undefined} */
  progress;
  /** How long it was computed, once that is known. @type {number | undefined} */
  runMs;
  /** Given up: whatever becomes of it is of no interest. */
  dropped = false;
  /** Whether it may have been what ended its worker's process. */
  isSuspect = false;
  /** Whether its module has ended a process before: then it begins alone. */
  isRisky = false;
  /** How long it has run alone since then without ending it. */
  aloneMs = 0;
  /** Whether its worker tells its outcome by itself, as soon as it has ended. */
  isWatched = false;
  /** Since when it waits for a core, by performance.now(). */
  waitsSince = 0;

  /** @param {string} json One of a claim's tasks. @param {number} now When it was claimed, by performance.now(). */
  constructor(json, now) {
    const members = membersOf(json);
    const run = read(members.run) ?? {};
    this.id = Number(members.id);
    this.queue = read(members.queue) ?? '';
    this.type = read(members.type) ?? '';
    this.attempt = Number(members.attempt);
    this.payload = members.payload;
    this.hash = read(members.module);
    /** Why it can't be run; null when it can. @type {string | null} */
    this.unreadable = typeof this.hash === 'string' && this.payload !== undefined ? null
      : 'This browser can’t read the task: it has no module, or no payload.';
    /** Whose it is; empty where nobody said. */
    this.submitter = read(members.submitter) ?? '';
    this.args = run.args ?? [];
    this.environment = run.env ?? {};
    this.fixed = run.fixed ?? false;
    this.isVerified = members.verified === 'true';
    /** What it finds, and where. @type {{path: string, blob: string}[]} */
    this.files = (run.files ?? []).filter(({ path }) => !path.startsWith(PACKAGES));
    /** The wheels that its script imports, by the names of their files. @type {{path: string, blob: string}[]} */
    this.packages = (run.files ?? []).filter(({ path }) => path.startsWith(PACKAGES))
      .map(({ path, blob }) => ({ path: path.slice(PACKAGES.length), blob }));
    /** What it may write below `out`, in MB. */
    this.outMb = Math.min(run.outMb ?? 0, OUT_MB_MAX);
    /** The same for the same files; null: it has none, and writes none. */
    this.fileSet = this.files.length === 0 && this.outMb === 0 ? null : JSON.stringify(this.files);
    this.timeoutSeconds = run.timeoutSeconds ?? TIMEOUT_SECONDS;
    this.memoryMb = run.memoryMb ?? MEMORY_MB;
    /** When its lease last began. */
    this.beatAt = now;
    /** How long after that a heartbeat is due: two may be lost before the lease expires. */
    this.heartbeatMs = Math.min(HEARTBEAT_MS_MAX, (Number(members.leaseSeconds) || LEASE_SECONDS) * 1_000 / 3);
    /** As JSON. */
    this.token = members.leaseToken;
  }

  /** An item of a settle. @param {string} action @param {string} [more] Further members, as JSON. */
  settled(action, more = '') {
    return `{"action":"${action}","id":${this.id},"leaseToken":${this.token}${more}}`;
  }

  /** What a compute worker needs of it. @returns {import('./compute.js').ComputeTask} */
  forCompute() {
    // Where runs must be the same, the task must look the same too.
    const told = this.fixed ? {} : {
      WEFT_TASK_ID: String(this.id), WEFT_TASK_ATTEMPT: String(this.attempt), WEFT_TASK_QUEUE: this.queue,
      WEFT_TASK_TYPE: this.type,
    };
    return {
      id: this.id, queue: this.queue, type: this.type, attempt: this.attempt, module: this.module.key,
      fileSet: this.fileSet, payload: this.payload, args: this.args, environment: { ...told, ...this.environment },
      env: this.environment,
      fixed: this.fixed, memoryMb: this.memoryMb, timeoutSeconds: this.timeoutSeconds, isWatched: this.isWatched,
      stdoutBytesMax: STDOUT_BYTES_MAX, outBytesMax: this.outMb * 2 ** 20, outputsMax: OUTPUTS_MAX,
    };
  }
}
