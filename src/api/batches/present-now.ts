import type { BatchViews } from "../../shared/batch/batch-views.ts";
import type { FigureColumn } from "../../shared/batch/cell-columns.ts";
import { presentBatch } from "../../shared/batch/present-batch.ts";
import { standingsOf } from "../../shared/batch/standings.ts";
import type { Batch } from "../../shared/contract/batch.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";
import type { BatchRecord } from "../../shared/job-store/batch-record.ts";

export interface PresentParts {
  batches: Pick<BatchStore, "readCounts">;
  views: BatchViews;
}

/** The batch as it is now. `metric` is what its leaderboard is ordered by; the default if undefined. */
export async function presentNow(
  { batches, views }: PresentParts,
  batch: BatchRecord,
  metric?: FigureColumn,
): Promise<Batch> {
  const counts = await batches.readCounts(batch.id);
  const kept = metric === undefined ? batch.standings : undefined;
  return presentBatch(batch, counts, kept ?? standingsOf(await views.read(batch, counts.writes), metric));
}
