// The types of weft.js: docs/javascript-client.md.

/** The members of a task in docs/api.md. */
export interface TaskOptions {
  queue?: string;
  type?: string;
  /** -100 to 100; higher is claimed first. */
  priority?: number;
  delaySeconds?: number;
  /** ISO 8601. */
  runAt?: string;
  maxAttempts?: number;
  leaseSeconds?: number;
  expiresInSeconds?: number;
  group?: number;
  /** Labels that a worker must have. */
  requires?: string[];
  /** The hash of the module to run. */
  module?: string;
  run?: Record<string, unknown>;
  /** How to verify the result: {} means the coordinator's defaults. */
  verify?: Record<string, unknown>;
}

export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface SubmitOptions extends TaskOptions, CallOptions {
  /** An idempotency key, 1 to 115 characters: the same key and tasks return the same ids. */
  key?: string;
}

export interface MapOptions extends TaskOptions, CallOptions {
  /** false: results as they finish. Default: true. */
  ordered?: boolean;
  /** Inputs in flight at once. Default: 1,000. */
  ahead?: number;
  /** 'return' returns `error` instead of throwing TaskFailed. Default: 'throw'. */
  failures?: 'throw' | 'return';
  /** The group's human-readable name. */
  name?: string;
}

export interface MapResult<I, O> {
  index: number;
  input: I;
  result: O;
  /** The files that the task wrote, if any. */
  outputs?: OutputFile[];
  /** Only with failures: 'return'. */
  error?: TaskFailed;
}

/** A file that a task wrote: its path below out, and the hash of its bytes. */
export interface OutputFile {
  path: string;
  blob: string;
  size: number;
}

/** A task's record. */
export interface TaskRecord<O = any> {
  id: number;
  queue: string;
  state: 'scheduled' | 'ready' | 'leased' | 'checking' | 'completed' | 'dead' | 'cancelled';
  attempt: number;
  failures: number;
  payload?: any;
  result?: O;
  outputs?: OutputFile[];
  error?: string;
  progress?: number;
  checkpoint?: any;
  [member: string]: unknown;
}

export interface ClaimedTask<P = any> {
  id: number;
  queue: string;
  type?: string;
  attempt: number;
  payload: P;
  /** The checkpoint of an earlier attempt. */
  checkpoint?: any;
  module?: string;
  run?: any;
}

export interface HandlerContext {
  /** Aborted when the result would be discarded. */
  signal: AbortSignal;
  /** Sent with the next heartbeat; fraction from 0 to 1. */
  progress(fraction: number, checkpoint?: unknown): void;
}

export interface WorkerOptions extends CallOptions {
  queue?: string;
  /** Up to 32, instead of queue. */
  queues?: string[];
  /** Handlers at once: 1 to 1,000. Default: 1. */
  concurrency?: number;
  workerId?: string;
  capabilities?: string[];
  leaseSeconds?: number;
  /** Called with the outcome of each task. */
  observed?(task: ClaimedTask, outcome: 'completed' | 'failed' | 'released' | 'dropped', detail?: string): void;
}

/** A running worker. */
export interface Worker {
  readonly id: string;
  /** Resolves when it has ended; rejects with a WeftError if the coordinator refuses its claims. */
  readonly closed: Promise<void>;
  /** Claims no more, finishes the held tasks, and stops. After timeoutSeconds, the rest is released. */
  close(options?: { timeoutSeconds?: number }): Promise<void>;
}

/** A coordinator, by its address. */
export class Weft {
  /** @param url In a page of the coordinator's own: none.
   * @param options retrySeconds: how long a request that is safe to repeat is retried. Default: 30. */
  constructor(url?: string | URL, options?: { token?: string; retrySeconds?: number });
  readonly url: string;
  retrySeconds: number;
  /** Submits a task; it is on disk. Returns its id. */
  submit(payload: unknown, options?: SubmitOptions): Promise<number>;
  /** Submits a task for each payload, in batches; returns their ids in order. */
  submitMany(payloads: Iterable<unknown> | AsyncIterable<unknown>, options?: SubmitOptions): Promise<number[]>;
  get<O = any>(id: number, options?: CallOptions): Promise<TaskRecord<O>>;
  /** Waits for a task's result; throws TaskFailed if it has none. */
  wait<O = any>(id: number, options?: CallOptions): Promise<O>;
  /** Cancels an unfinished task. */
  cancel(id: number, options?: CallOptions): Promise<TaskRecord>;
  /** Makes a dead task ready again. */
  retry(id: number, options?: CallOptions): Promise<TaskRecord>;
  /** Submits a task for each input and yields the results. If you stop reading, unfinished tasks are cancelled. */
  map<I, O = any>(inputs: Iterable<I> | AsyncIterable<I>, options?: MapOptions):
    AsyncGenerator<MapResult<I, O>, void, undefined>;
  /** Starts a worker. An error of the handler fails the attempt. */
  worker<P = any>(options: WorkerOptions, handler: (task: ClaimedTask<P>, context: HandlerContext) => unknown): Worker;
  /** Any request below /api/v1/, retried if that is safe; returns the response's JSON. */
  call(method: string, path: string, options?: CallOptions & {
    body?: string | Uint8Array | Blob;
    /** Its Content-Type; application/json. */
    type?: string;
    /** An idempotency key. */
    key?: string;
    /** false: retried only if it certainly had no effect. Default: true. */
    repeatable?: boolean;
    retrySeconds?: number;
  }): Promise<any>;
}

/** The coordinator refused a request, or could not be reached. */
export class WeftError extends Error {
  readonly trouble: 'refused' | 'unreachable' | 'disturbed' | 'not weft';
  /** What to do: retry, give up this request, or stop making any. */
  readonly rule: 'again' | 'not this' | 'never';
  /** Undefined without a response. */
  readonly status?: number;
  /** The problem's code; undefined if the coordinator itself didn't answer. */
  readonly code?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** With the code wrong_offset: how many bytes of the blob the coordinator has. */
  readonly offset?: number;
  readonly nothingDone?: boolean;
}

/** A task is dead, cancelled or refused, or its result is gone. */
export class TaskFailed extends Error {
  readonly id?: number;
  readonly state: string;
  /** The worker's error, without control characters. */
  readonly error: string;
  readonly input?: any;
  /** The number of attempts, if known. */
  readonly attempts?: number;
}

/** Thrown by a handler: this attempt failed. */
export class AttemptFailed extends Error {
  /** @param options retry: false if no other attempt can succeed. */
  constructor(message: string, options?: { retry?: boolean });
}

/** Thrown by a handler: this worker can't run the task now. It is released, not failed. */
export class AttemptReleased extends Error {
  constructor(message?: string, options?: { delaySeconds?: number });
}

/** What to do about a problem, by its code. */
export function retryRule(code: string, saysWhen: boolean): 'again' | 'not this' | 'never';
