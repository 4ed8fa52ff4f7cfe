/** The worker's side of batches: a second intake beside that of single jobs. */
import type { Meter } from "@opentelemetry/api";
import type { Worker } from "bullmq";
import { BatchViews } from "../../shared/batch/batch-views.ts";
import { StoreCorruptedError } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logging.ts";
import type { CancelPublisher } from "../../shared/queue/cancel-channel.ts";
import type { ChunkEntry } from "../../shared/queue/chunk-entry.ts";
import type { Connections } from "../connections.ts";
import { CourtesyLock } from "../courtesy-lock.ts";
import type { Throttle } from "../throttle.ts";
import type { Turns } from "../turns.ts";
import type { AdvanceParts } from "./advance-batch.ts";
import { createBatchMetrics } from "./batch-metrics.ts";
import { createChunkWorker } from "./chunk-worker.ts";
import { KnownBatches } from "./known-batches.ts";
import { processChunk } from "./process-chunk.ts";
import { RunningChunks } from "./running-chunks.ts";
import { SHOWING_MS, ShownBatches } from "./shown-batches.ts";

export interface ChunkIntake {
  /** Does not run yet: the throttle lets it. */
  worker: Worker;
  running: RunningChunks;
  advance: AdvanceParts;
  shown: ShownBatches;
}

/** One batch of 100,000 cells, or many small ones. */
const VIEWS_BYTES = 32 * 1024 * 1024;

export function createChunkIntake(options: {
  workerId: string;
  connections: Connections;
  prefix: string;
  cancelled: Pick<CancelPublisher, "isCancelled">;
  throttle: () => Throttle;
  turns: Turns<ChunkEntry>;
  onError: (error: Error) => void;
  meter: Meter;
  logger: Logger;
}): ChunkIntake {
  const { workerId, connections, logger, throttle, turns } = options;
  const { chunks, executor, marketData, progress, redis, names } = connections;
  const { batches } = connections.store;
  const running = new RunningChunks(connections.cancels, options.cancelled, logger);
  const known = new KnownBatches(batches);
  const gone = (): Error => new StoreCorruptedError("The sweep of a batch is not in the job store");
  const views = new BatchViews(batches, { keptBytes: VIEWS_BYTES, gone });
  const lockOf = (batchId: string): CourtesyLock =>
    new CourtesyLock(redis, names.shownLockKey(batchId), workerId, SHOWING_MS);
  const shown = new ShownBatches({ batches, views, lockOf, logger });
  const advance = { batches, chunks, views, progress, windowChunks: () => throttle().windowChunks() };
  const metrics = createBatchMetrics(options.meter);
  const worker = createChunkWorker({
    connection: connections.bullRedis,
    prefix: options.prefix,
    isOpen: () => throttle().isOpen(),
    holds: (id) => running.has(id),
    run: (delivery) => {
      throttle().chunkOf(delivery.entry.owner);
      const { observeChunks: observe } = throttle();
      const parts = {
        ...advance,
        known,
        executor,
        marketData,
        running,
        observe,
        metrics,
        shown,
        turns,
        logger,
      };
      return processChunk(parts, delivery);
    },
    onError: options.onError,
    logger,
  });
  return { worker, running, advance, shown };
}
