/** All routes about batches. */
import { BatchViews } from "../../shared/batch/batch-views.ts";
import type { ExecutorClient } from "../../shared/executor/port.ts";
import type { JobStore } from "../../shared/job-store/port.ts";
import type { Logger } from "../../shared/logging.ts";
import type { MarketDataSource } from "../../shared/market-data/series.ts";
import type { Plans } from "../../shared/plans.ts";
import type { BatchPublisher } from "../../shared/queue/batch-channel.ts";
import type { CancelPublisher } from "../../shared/queue/cancel-channel.ts";
import type { ChunkQueue, JobQueue } from "../../shared/queue/job-queue.ts";
import type { Showing } from "../../shared/submit-job.ts";
import type { Capacity } from "../capacity.ts";
import { notFound } from "../problem-details.ts";
import type { Route } from "../route.ts";
import { cancelBatchRoute, retryBatchRoute } from "../routes/change-batch.ts";
import { getBatchRoute, listBatchesRoute } from "../routes/get-batch.ts";
import { getHeatmapRoute } from "../routes/get-heatmap.ts";
import { listCellsRoute } from "../routes/list-cells.ts";
import { runCellRoute } from "../routes/run-cell.ts";
import { streamBatchEventsRoute } from "../routes/stream-batch-events.ts";
import { submitBatchRoute } from "../routes/submit-batch.ts";
import type { SymbolLists } from "../symbol-lists.ts";
import type { BatchWatch } from "./batch-watch.ts";

/** Two batches of 100,000 cells, or many small ones. */
const VIEWS_BYTES = 64 * 1024 * 1024;

export interface BatchRouteParts {
  store: JobStore;
  queue: JobQueue;
  showing: Showing | undefined;
  chunks: ChunkQueue;
  cancels: CancelPublisher;
  progress: BatchPublisher;
  batchWatch: BatchWatch;
  executor: Pick<ExecutorClient, "health">;
  marketData: Pick<MarketDataSource, "listSymbols" | "loadSeries">;
  symbolLists: SymbolLists;
  queueCap: number;
  plans: Plans;
  keyKeptMs: number;
  logger: Logger;
}

export function batchRoutes(parts: BatchRouteParts, streams: Capacity): Route[] {
  const { batches } = parts.store;
  const views = new BatchViews(batches, {
    keptBytes: VIEWS_BYTES,
    gone: () => notFound("The batch is gone."),
  });
  const all = { ...parts, batches, views };
  return [
    submitBatchRoute(all),
    listBatchesRoute(all),
    getBatchRoute(all),
    listCellsRoute(all),
    getHeatmapRoute(all),
    streamBatchEventsRoute({ ...all, streams }),
    cancelBatchRoute(all),
    retryBatchRoute(all),
    runCellRoute(all),
  ];
}
