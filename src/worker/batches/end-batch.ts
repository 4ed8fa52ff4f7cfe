/** The end of a batch: every cell has its answer. Standings are worked out once, from all parts. */
import { CellReader } from "../../shared/batch/cell-reader.ts";
import { BatchColumns } from "../../shared/batch/read-batch.ts";
import { standingsOf } from "../../shared/batch/standings.ts";
import type { BatchCounts, BatchStore, StoredBatch } from "../../shared/job-store/batch-port.ts";
import { progressOf } from "../../shared/job-store/batch-record.ts";
import type { BatchPublisher } from "../../shared/queue/batch-channel.ts";
import type { KnownBatches } from "./known-batches.ts";

export interface EndParts {
  batches: BatchStore;
  known: KnownBatches;
  progress: BatchPublisher;
}

/** false: another write came first. */
export async function endBatch(
  { batches, known, progress }: EndParts,
  { batch, fence }: StoredBatch,
  counts: BatchCounts,
): Promise<boolean> {
  const found = await known.find(batch.id);
  if (found === undefined) return true;
  const reading = new BatchColumns(batches, batch.id, batch.cells);
  await reading.catchUp();
  const { columns } = reading;
  const now = Date.now();
  const failed = counts.succeeded === 0 ? { failure: columns.failureAt(0) } : {};
  const outcome = await batches.update(batch.id, fence, {
    version: batch.version + 1,
    updatedAt: now,
    status: counts.succeeded > 0 ? "succeeded" : "failed",
    startedAt: batch.startedAt ?? now,
    finishedAt: now,
    progress: progressOf(counts),
    standings: standingsOf(new CellReader(found.sweep, found.grid, columns)),
    ...failed,
  });
  if (outcome.written) void progress.publish(batch.id);
  return outcome.written;
}
