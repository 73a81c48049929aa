// The types of weft-files.js: docs/javascript-client.md#files.
import { Weft as WithoutFiles, CallOptions, MapOptions, MapResult, OutputFile, SubmitOptions } from './weft.js';

export * from './weft.js';

/** The files that tasks find at paths, and may write. */
export interface FileOptions {
  /** Up to 64. Files that the coordinator doesn't have are pushed first. */
  files?: Iterable<TaskFile>;
  /** The MiB of files that a task may write below out. */
  outMb?: number;
}

export interface TaskFile {
  /** Relative, with slashes: data/table.bin. */
  path: string;
  /** Its bytes (a File is a Blob), or a blob's hash. */
  blob: BlobBytes | string;
}

export type BlobBytes = Blob | ArrayBuffer | ArrayBufferView;

export interface BlobInfo {
  /** 64 hex digits. */
  sha256: string;
  size: number;
  createdAt: string;
  inUse: boolean;
}

export interface TransferOptions extends CallOptions {
  /** Called with the bytes transferred and the total. */
  progress?(done: number, total: number): void;
}

/** A coordinator, by its address. */
export class Weft extends WithoutFiles {
  submit(payload: unknown, options?: SubmitOptions & FileOptions): Promise<number>;
  submitMany(payloads: Iterable<unknown> | AsyncIterable<unknown>, options?: SubmitOptions & FileOptions):
    Promise<number[]>;
  map<I, O = any>(inputs: Iterable<I> | AsyncIterable<I>, options?: MapOptions & FileOptions):
    AsyncGenerator<MapResult<I, O>, void, undefined>;
  /** Pushes bytes under their hash. Bytes that the coordinator already has aren't sent again. */
  pushBlob(data: BlobBytes, options?: TransferOptions): Promise<BlobInfo>;
  /** Downloads and verifies a blob, by its hash or as one of a task's outputs. */
  fetchBlob(blob: string | OutputFile | { sha256: string }, options?: TransferOptions): Promise<Blob>;
}
