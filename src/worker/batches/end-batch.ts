/** The end of a batch: every cell has its answer. Standings are worked out once, from all parts. */
import type { BatchViews } from "../../shared/batch/batch-views.ts";
import { presentBatch } from "../../shared/batch/present-batch.ts";
import { standingsOf } from "../../shared/batch/standings.ts";
import type { BatchCounts, BatchStore, StoredBatch } from "../../shared/job-store/batch-port.ts";
import { type BatchChange, changedBatch, progressOf } from "../../shared/job-store/batch-record.ts";
import type { BatchPublisher } from "../../shared/queue/batch-channel.ts";

export interface EndParts {
  batches: BatchStore;
  views: BatchViews;
  progress: BatchPublisher;
}

/** false: another write came first. */
export async function endBatch(
  { batches, views, progress }: EndParts,
  { batch, fence }: StoredBatch,
  counts: BatchCounts,
): Promise<boolean> {
  const reader = await views.read(batch, counts.writes);
  const now = Date.now();
  const failed = counts.succeeded === 0 ? { failure: reader.columns.failureAt(0) } : {};
  const standings = standingsOf(reader);
  const change: BatchChange = {
    version: batch.version + 1,
    updatedAt: now,
    status: counts.succeeded > 0 ? "succeeded" : "failed",
    startedAt: batch.startedAt ?? now,
    finishedAt: now,
    progress: progressOf(counts),
    standings,
    ...failed,
  };
  const shown = presentBatch(changedBatch(batch, change), counts, standings);
  const outcome = await batches.update(batch.id, fence, change, shown);
  if (!outcome.written) return false;
  views.forget(batch.id);
  void progress.publish(batch.id);
  return true;
}
