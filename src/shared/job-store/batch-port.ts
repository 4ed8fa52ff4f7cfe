/**
 * Batches in the job store: a small record that is written now and then, and one part for each chunk.
 *
 * part     what the cells of one chunk came to. A chunk has one part at most: the first write counts, and the
 *          batch's counters move with it in one atomic step, so that a chunk that ran twice counts once.
 * generation  0, and one more with each retry: a part of a later one replaces the chunk's part, counters too.
 *
 * Rejects like the job store: with StoreUnavailableError when the store cannot answer before its deadline.
 */
import type { CellCounts } from "../batch/cell-columns.ts";
import type { Sweep } from "../batch/sweep.ts";
import type { Batch } from "../contract/batch.ts";
import type { BatchChange, BatchRecord } from "./batch-record.ts";
import type { Page } from "./port.ts";

export interface StoredBatch {
  batch: BatchRecord;
  /** What a write must know of the batch's last write; opaque. */
  fence: string;
}

export interface BatchCreateOutcome {
  created: boolean;
  stored: StoredBatch;
}

/** written: false means that another write came first, or (stored undefined) that the batch is gone. */
export type BatchWriteOutcome =
  | { written: true; stored: StoredBatch }
  | { written: false; stored: StoredBatch | undefined };

/** Sums over the parts there are. */
export interface BatchCounts extends CellCounts {
  parts: number;
  /** Rises with every part that is written. */
  writes: number;
  /** Cells that have an answer. */
  cells: number;
  /** CPU milliseconds, measured by the executor's server. */
  cpuMs: number;
}

export const NO_COUNTS: BatchCounts = {
  parts: 0,
  writes: 0,
  cells: 0,
  succeeded: 0,
  failedUser: 0,
  failedLimit: 0,
  failedPlatform: 0,
  cpuMs: 0,
};

/** A chunk's part without its bytes. */
export interface PartHead extends CellCounts {
  first: number;
  cells: number;
  generation: number;
}

export interface BatchPart extends PartHead {
  cpuMs: number;
  /** As part-encoding.ts writes them. */
  bytes: Uint8Array;
}

export interface BatchPage {
  batches: StoredBatch[];
  nextCursor: string | null;
}

/** Fields of what is shown; those that are left out stay as they were shown last, undefined takes one away. */
export type ShownChange = Partial<Batch> & Pick<Batch, "status" | "version">;

/**
 * shown    a batch as clients see it, in a document of its own that browsers listen to. A store that nobody listens to
 *          has none of that: it passes over what it is told to show, and has no show().
 */
export interface BatchStore {
  /** Writes the batch and its sweep if no batch has its id. */
  create(batch: BatchRecord, sweep: Sweep, shown?: Batch): Promise<BatchCreateOutcome>;
  read(id: string): Promise<StoredBatch | undefined>;
  readSweep(id: string): Promise<Sweep | undefined>;
  /** Changes the batch if the fence holds, and in the same step what is shown of it. */
  update(id: string, fence: string, change: BatchChange, shown?: ShownChange): Promise<BatchWriteOutcome>;
  /** Shows the batch, unless a later version is shown, or it has ended and this is from before. Answers whether. */
  show?: (id: string, shown: Batch) => Promise<boolean>;
  /** Writes the part, unless its chunk has one of this generation or a later one. Answers the counters afterwards. */
  storePart(id: string, part: BatchPart): Promise<{ stored: boolean; counts: BatchCounts }>;
  readCounts(id: string): Promise<BatchCounts>;
  /** Parts by their first cell, ascending, those from cell `from` on; at most `limit`. */
  listParts(id: string, from: number, limit: number): Promise<PartHead[]>;
  /** The same for those that hold cells failed for the platform's fault, and are older than `generation`. */
  listRetryable(id: string, generation: number, limit: number): Promise<PartHead[]>;
  readPart(id: string, first: number): Promise<BatchPart | undefined>;
  /**
   * Parts in the order in which they were written, after `mark` (from the answer before; undefined for the first);
   * at most `limit`, none when there are no more. Some may come twice.
   */
  readPartsAfter(
    id: string,
    mark: string | undefined,
    limit: number,
  ): Promise<{ parts: BatchPart[]; mark: string | undefined }>;
  /** Newest first, by (createdAt, id). */
  list(owner: string, page: Page): Promise<BatchPage>;
  /** Cells of all the owner's batches that are not terminal. */
  countOpenCells(owner: string): Promise<number>;
  /** Batches that are not terminal and were last written before `untouchedSince` (epoch ms), oldest first. */
  listUnfinished(untouchedSince: number, page: Page): Promise<BatchPage>;
  /** Deletes terminal batches that ended before `before`, with all beneath them; answers how many. */
  deleteFinished(before: number, limit: number): Promise<number>;
}
