/**
 * The job store: the only truth about jobs. Nothing about a job lives only in Redis.
 *
 * fence   what a write must know of the job's last write; opaque (SQLite: the version, Firestore: lastUpdateTime).
 *         A write with an old fence changes nothing and answers with the job as it is.
 * attempt one try of a job by a worker. Result parts lie under their attempt's id, so that two attempts never mix.
 *
 * Every method rejects with StoreUnavailableError when the store cannot answer before its deadline.
 */

import type { JobStatus } from "../contract/job.ts";
import type { JobRequest } from "../contract/job-request.ts";
import type { BatchStore } from "./batch-port.ts";
import type { JobChange, JobRecord } from "./job-record.ts";

export interface StoredJob {
  job: JobRecord;
  fence: string;
}

/** When the listeners of a job find it. */
export type Seen = "at once" | "later";

/** What waits or runs for less is not worth a write that shows it. */
export const WORTH_SHOWING_MS = 250;

export interface CreateOutcome {
  created: boolean;
  /** The job as it is now in the store: the new one, or the one that was there. */
  stored: StoredJob;
}

/** written: false means that another write came first, or (stored undefined) that the job is gone. */
export type WriteOutcome =
  | { written: true; stored: StoredJob }
  | { written: false; stored: StoredJob | undefined };

export interface ListFilter {
  status?: JobStatus | undefined;
  symbol?: string | undefined;
  strategyId?: string | undefined;
  batchId?: string | undefined;
}

export interface Page {
  limit: number;
  /** As an earlier answer gave it; an unreadable one rejects with InvalidCursorError. */
  cursor?: string | undefined;
}

export interface JobPage {
  jobs: StoredJob[];
  nextCursor: string | null;
}

export interface JobStore {
  /**
   * Writes the job and its request if no job has its id. The id decides alone: 100 calls at once make one job.
   * `seen: "later"` is for a job that will start at once: its listeners may find it only when it changes.
   */
  create(job: JobRecord, request: JobRequest, seen?: Seen): Promise<CreateOutcome>;
  /**
   * Shows listeners a job that was to be seen later and waits after all; answers with it as it is then. Only where
   * there are listeners.
   */
  show?(stored: StoredJob): Promise<StoredJob | undefined>;
  read(id: string): Promise<StoredJob | undefined>;
  /** Of a job that has not ended: with its end a store may drop it. */
  readRequest(id: string): Promise<JobRequest | undefined>;
  /** Changes a job that is not terminal, if the fence holds. */
  update(id: string, fence: string, change: JobChange): Promise<WriteOutcome>;
  /**
   * Ends a job: stores the result (gzip, split into parts) under change.attemptId, then flips the status if the
   * fence holds. The parts of an attempt that lost are deleted.
   */
  finish(
    id: string,
    fence: string,
    change: JobChange & { attemptId: string },
    result: Uint8Array,
  ): Promise<WriteOutcome>;
  /** The gzip stream of the result, checked against its checksum; undefined if there is none. */
  readResult(job: JobRecord): Promise<Uint8Array | undefined>;
  /** Newest first, by (createdAt, id). */
  list(owner: string, filter: ListFilter, page: Page): Promise<JobPage>;
  /** A job that ended having done this very work; undefined if there is none. */
  findByWork(work: string): Promise<StoredJob | undefined>;
  /** Whether findByWork could find anything. */
  hasWork(): Promise<boolean>;
  /** Jobs that are not terminal and were last written before `untouchedSince` (epoch ms), oldest first. */
  listUnfinished(untouchedSince: number, page: Page): Promise<JobPage>;
  /** Deletes terminal jobs that ended before `before`, with request and result; answers how many, at most `limit`. */
  deleteFinished(before: number, limit: number): Promise<number>;
  readonly batches: BatchStore;
  /** Resolves if the store can be read and written now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
