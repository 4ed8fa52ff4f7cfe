/** A batch as clients see it: in answers of the API, and in the document that browsers listen to. */
import type { Batch, Standings } from "../contract/batch.ts";
import { isTerminal } from "../contract/job.ts";
import { formatTime } from "../contract/values.ts";
import type { BatchCounts } from "../job-store/batch-port.ts";
import type { BatchRecord } from "../job-store/batch-record.ts";

/** What is known of a batch without looking at its cells. */
export type BatchProgress = Omit<Batch, keyof Standings | "trials">;

/** Rises with every write of the batch or one of its parts. */
export function versionOf(batch: BatchRecord, counts: Pick<BatchCounts, "writes">): number {
  return batch.version + counts.writes;
}

export function presentBatch(batch: BatchRecord, counts: BatchCounts, standings: Standings): Batch {
  return { ...presentProgress(batch, counts), trials: standings.honesty.trials, ...standings };
}

export function presentProgress(batch: BatchRecord, counts: BatchCounts): BatchProgress {
  const { id, status, timeframe, strategyId, labels, startedAt, finishedAt, generation } = batch;
  const left = batch.cells - counts.cells;
  const isCancelled = status === "cancelled";
  const rate = rateOf(batch, counts);
  return {
    id,
    status,
    version: versionOf(batch, counts),
    createdAt: formatTime(batch.createdAt),
    startedAt: startedAt === undefined ? undefined : formatTime(startedAt),
    finishedAt: finishedAt === undefined ? undefined : formatTime(finishedAt),
    timeframe,
    strategyId,
    labels,
    counts: {
      total: batch.cells,
      succeeded: counts.succeeded,
      failed: counts.failedUser + counts.failedLimit + counts.failedPlatform,
      failedUser: counts.failedUser,
      failedLimit: counts.failedLimit,
      failedPlatform: counts.failedPlatform,
      cancelled: isCancelled ? left : 0,
      pending: isCancelled ? 0 : left,
    },
    ratePerSecond: rate,
    etaSeconds: isTerminal(status) || rate === null ? null : Math.ceil(left / rate),
    cpuMs: Math.round(counts.cpuMs),
    retries: generation,
    failure: batch.failure,
    links: batchLinks(id),
  };
}

/** Cells a second since the batch began; null before its first chunk. */
function rateOf(batch: BatchRecord, { cells }: BatchCounts): number | null {
  const from = batch.startedAt ?? batch.createdAt;
  const seconds = ((batch.finishedAt ?? Date.now()) - from) / 1_000;
  return cells === 0 || seconds <= 0 ? null : Number((cells / seconds).toPrecision(4));
}

export function batchLinks(id: string): Batch["links"] {
  const self = `/v1/batches/${id}`;
  return {
    self,
    cells: `${self}/cells`,
    heatmap: `${self}/heatmap`,
    events: `${self}/events`,
    cancel: `${self}/cancel`,
    retry: `${self}/retry`,
  };
}
