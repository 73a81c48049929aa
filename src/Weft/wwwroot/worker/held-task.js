// A task that this browser has claimed and not settled.

import { membersOf } from './raw-json.js';

const TIMEOUT_SECONDS = 60;
const MEMORY_MB = 256;
export const STDOUT_BYTES_MAX = 8 << 20;

export class HeldTask {
  /** What runs it, once it is there. @type {import('./module-library.js').RunnableModule | undefined} */
  module;
  /** From 0 to 1, where the module tells. @type {number | undefined} */
  progress;
  /** Given up: whatever becomes of it is of no interest. */
  dropped = false;

  /** @param {string} json One of a claim's tasks. @param {number} now When it was claimed, by performance.now(). */
  constructor(json, now) {
    const members = membersOf(json);
    const run = members.run === undefined ? {} : JSON.parse(members.run);
    this.id = Number(members.id);
    this.queue = JSON.parse(members.queue);
    this.type = members.type === undefined ? '' : JSON.parse(members.type);
    this.attempt = Number(members.attempt);
    this.payload = members.payload;
    this.hash = JSON.parse(members.module);
    this.args = run.args ?? [];
    this.environment = run.env ?? {};
    this.fixed = run.fixed ?? false;
    this.timeoutSeconds = run.timeoutSeconds ?? TIMEOUT_SECONDS;
    this.memoryMb = run.memoryMb ?? MEMORY_MB;
    /** When its lease last began. */
    this.beatAt = now;
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
      WEFT_TASK_ID: String(this.id), WEFT_TASK_ATTEMPT: String(this.attempt), WEFT_TASK_QUEUE: this.queue, WEFT_TASK_TYPE: this.type,
    };
    return {
      id: this.id, queue: this.queue, type: this.type, attempt: this.attempt, module: this.module.key, payload: this.payload, args: this.args, environment: { ...told, ...this.environment },
      fixed: this.fixed, memoryMb: this.memoryMb, stdoutBytesMax: STDOUT_BYTES_MAX,
    };
  }
}
