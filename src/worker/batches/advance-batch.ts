/**
 * What a batch needs after one of its chunks: more chunks in the queue, or its end. Any worker does it; a conditional
 * write decides between two. Only a window of chunks is in Redis at a time.
 */
import {
  type Chunk,
  cellsForChunk,
  chunksBetween,
  countChunks,
  cutFrom,
} from "../../shared/batch/chunk-plan.ts";
import { isTerminal } from "../../shared/contract/job.ts";
import type { BatchCounts, StoredBatch } from "../../shared/job-store/batch-port.ts";
import { type BatchChange, type BatchRecord, progressOf } from "../../shared/job-store/batch-record.ts";
import { chunkEntries, type Origin } from "../../shared/queue/chunk-entries.ts";
import type { ChunkQueue } from "../../shared/queue/job-queue.ts";
import { type EndParts, endBatch } from "./end-batch.ts";

/** Two workers that write at once: the loser looks again. */
const TRIES_MAX = 5;
/** Weight of the newest chunk in what a cell costs. */
const NEWEST = 0.5;

export interface AdvanceParts extends EndParts {
  chunks: Pick<ChunkQueue, "enqueue">;
  /** Chunks of one batch that are in Redis at once. */
  windowChunks: () => number;
}

/**
 * `msPerCell`: what a cell of the last chunk took; undefined where nothing ran. Rejects with StoreUnavailableError, and
 * with QueueUnavailableError where the store says that chunks are issued which Redis did not take.
 */
export async function advanceBatch(
  parts: AdvanceParts,
  origin: Origin,
  counts: BatchCounts,
  msPerCell: number | undefined,
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const stored = await parts.batches.read(origin.batchId);
    if (stored === undefined || isTerminal(stored.batch.status)) return;
    if (await step(parts, origin, stored, counts, msPerCell)) return;
  }
}

/** false: another write came first. */
async function step(
  parts: AdvanceParts,
  origin: Origin,
  stored: StoredBatch,
  counts: BatchCounts,
  msPerCell: number | undefined,
): Promise<boolean> {
  const { batch } = stored;
  const window = parts.windowChunks();
  if (counts.cells >= batch.cells) {
    const left = await parts.batches.listRetryable(batch.id, batch.generation, window);
    if (left.length === 0) return await endBatch(parts, stored, counts);
    // Those that are in the queue already stay as they are.
    await enqueue(parts, origin, batch, left);
    return true;
  }
  const waiting = countChunks(batch.cuts, batch.issuedTo) - counts.parts;
  if (batch.issuedTo >= batch.cells || waiting > window / 2) return true;
  const change = issue(batch, window - waiting, counts, msPerCell);
  const outcome = await parts.batches.update(batch.id, stored.fence, change);
  if (!outcome.written) return false;
  const { cuts, issuedTo } = outcome.stored.batch;
  await enqueue(parts, origin, outcome.stored.batch, chunksBetween(cuts, batch.issuedTo, issuedTo));
  void parts.progress.publish(batch.id);
  return true;
}

function issue(
  batch: BatchRecord,
  chunks: number,
  counts: BatchCounts,
  measured: number | undefined,
): BatchChange & { issuedTo: number } {
  const before = batch.msPerCell ?? measured;
  const msPerCell =
    before === undefined || measured === undefined ? before : before + NEWEST * (measured - before);
  const current = batch.cuts.at(-1)?.cells;
  const cells = msPerCell === undefined ? (current ?? 1) : cellsForChunk(msPerCell, current);
  const now = Date.now();
  return {
    version: batch.version + 1,
    updatedAt: now,
    status: "running",
    startedAt: batch.startedAt ?? now,
    cuts: cutFrom(batch.cuts, batch.issuedTo, cells),
    issuedTo: Math.min(batch.cells, batch.issuedTo + chunks * cells),
    msPerCell,
    progress: progressOf(counts),
  };
}

async function enqueue(
  { chunks: queue }: AdvanceParts,
  origin: Origin,
  batch: BatchRecord,
  chunks: Iterable<Chunk>,
): Promise<void> {
  await Promise.all(chunkEntries(origin, batch, chunks).map((entry) => queue.enqueue(entry)));
}
