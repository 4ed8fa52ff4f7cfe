/** The two queues: single jobs, and chunks of batches, which so never stand before a single job. */
import { chunkAccount, jobAccount } from "./accounts.ts";
import { type ChunkEntry, chunkId } from "./chunk-entry.ts";
import type { QueueEntry } from "./entry.ts";
import type { Account } from "./fair/fair-line.ts";
import { CHUNK_NAME, CHUNK_QUEUE_NAME, JOB_NAME, QUEUE_NAME } from "./names.ts";

export interface QueueKind<Entry> {
  /** BullMQ's names of the queue and of what it holds. */
  queue: string;
  entry: string;
  idOf: (entry: Entry) => string;
  accountOf: (entry: Entry) => Account;
}

export const JOBS: QueueKind<QueueEntry> = {
  queue: QUEUE_NAME,
  entry: JOB_NAME,
  idOf: ({ jobId }) => jobId,
  accountOf: jobAccount,
};

export const CHUNKS: QueueKind<ChunkEntry> = {
  queue: CHUNK_QUEUE_NAME,
  entry: CHUNK_NAME,
  idOf: chunkId,
  accountOf: chunkAccount,
};
