/**
 * Brings the queue of chunks back in line with the job store: chunks that were issued, have no part and are in no queue
 * are put back, and a batch whose last word was lost is moved on.
 */
import { chunksBetween } from "../../shared/batch/chunk-plan.ts";
import type { BatchCounts, BatchStore, PartHead } from "../../shared/job-store/batch-port.ts";
import type { BatchRecord } from "../../shared/job-store/batch-record.ts";
import type { Logger } from "../../shared/logging.ts";
import { chunkEntries } from "../../shared/queue/chunk-entries.ts";
import { chunkId } from "../../shared/queue/chunk-entry.ts";
import type { ChunkQueue } from "../../shared/queue/job-queue.ts";
import { type AdvanceParts, advanceBatch } from "./advance-batch.ts";

const BATCHES_A_PAGE = 50;
const PARTS_A_PAGE = 1_000;

export interface ReconcileBatchesParts {
  advance: AdvanceParts;
  chunks: Pick<ChunkQueue, "enqueue" | "findMissing" | "remove">;
  /** Those of the chunks that a live worker holds although their entry is gone. */
  held: (ids: readonly string[]) => Promise<Set<string>>;
  logger: Logger;
}

/** `reads`: records, counters and parts read from the job store. */
export interface BatchPassReport {
  reads: number;
  enqueued: number;
}

/** Batches that are not terminal and were last written before then. Rejects like the job store and the queue. */
export async function reconcileBatches(
  parts: ReconcileBatchesParts,
  untouchedSince: number,
): Promise<BatchPassReport> {
  const report: BatchPassReport = { reads: 0, enqueued: 0 };
  const { batches } = parts.advance;
  let cursor: string | undefined;
  do {
    const page = await batches.listUnfinished(untouchedSince, { limit: BATCHES_A_PAGE, cursor });
    report.reads += page.batches.length;
    for (const { batch } of page.batches) await reconcileBatch(parts, batch, report);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  if (report.reads > 0) parts.logger.info({ ...report }, "reconciler: batches");
  return report;
}

async function reconcileBatch(
  parts: ReconcileBatchesParts,
  batch: BatchRecord,
  report: BatchPassReport,
): Promise<void> {
  const counts = await parts.advance.batches.readCounts(batch.id);
  report.reads += 1;
  const origin = { batchId: batch.id, owner: batch.owner, requestId: `reconciler-${batch.id}` };
  const open = await openChunks(parts.advance.batches, batch, counts, report);
  const entries = chunkEntries(origin, batch, open).map((entry) => ({ ...entry, redelivered: true }));
  const missing = entries.length === 0 ? [] : await parts.chunks.findMissing(entries.map(chunkId));
  const held = await parts.held(missing);
  const lost = new Set(missing.filter((id) => !held.has(id)));
  for (const entry of entries) {
    const id = chunkId(entry);
    if (!lost.has(id)) continue;
    // An id left in the failed set would make the queue ignore the new entry.
    await parts.chunks.remove(id);
    await parts.chunks.enqueue(entry);
    report.enqueued += 1;
  }
  await advanceBatch(parts.advance, origin, counts, undefined);
}

/** Chunks that were issued and wait for their part. */
async function openChunks(
  batches: BatchStore,
  batch: BatchRecord,
  counts: BatchCounts,
  report: BatchPassReport,
): Promise<{ first: number; cells: number }[]> {
  if (counts.cells >= batch.cells)
    return await batches.listRetryable(batch.id, batch.generation, PARTS_A_PAGE);
  const done = new Set<number>();
  for (let from = 0; ; ) {
    const heads: PartHead[] = await batches.listParts(batch.id, from, PARTS_A_PAGE);
    report.reads += heads.length;
    for (const { first } of heads) done.add(first);
    const last = heads.at(-1);
    if (last === undefined || heads.length < PARTS_A_PAGE) break;
    from = last.first + 1;
  }
  return [...chunksBetween(batch.cuts, 0, batch.issuedTo)].filter(({ first }) => !done.has(first));
}
