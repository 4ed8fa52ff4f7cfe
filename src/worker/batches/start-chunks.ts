/** The worker's side of batches: a second intake beside that of single jobs. */
import type { Meter } from "@opentelemetry/api";
import type { Worker } from "bullmq";
import type { Logger } from "../../shared/logging.ts";
import type { CancelPublisher } from "../../shared/queue/cancel-channel.ts";
import type { ChunkEntry } from "../../shared/queue/chunk-entry.ts";
import type { Connections } from "../connections.ts";
import type { Throttle } from "../throttle.ts";
import type { Turns } from "../turns.ts";
import type { AdvanceParts } from "./advance-batch.ts";
import { createBatchMetrics } from "./batch-metrics.ts";
import { createChunkWorker } from "./chunk-worker.ts";
import { KnownBatches } from "./known-batches.ts";
import { processChunk } from "./process-chunk.ts";
import { RunningChunks } from "./running-chunks.ts";

export interface ChunkIntake {
  /** Does not run yet: the throttle lets it. */
  worker: Worker;
  running: RunningChunks;
  advance: AdvanceParts;
}

export function createChunkIntake(options: {
  connections: Connections;
  prefix: string;
  cancelled: Pick<CancelPublisher, "isCancelled">;
  throttle: () => Throttle;
  turns: Turns<ChunkEntry>;
  onError: (error: Error) => void;
  meter: Meter;
  logger: Logger;
}): ChunkIntake {
  const { connections, logger, throttle, turns } = options;
  const { chunks, executor, marketData, progress } = connections;
  const { batches } = connections.store;
  const running = new RunningChunks(connections.cancels, options.cancelled, logger);
  const known = new KnownBatches(batches);
  const advance = { batches, chunks, known, progress, windowChunks: () => throttle().windowChunks() };
  const metrics = createBatchMetrics(options.meter);
  const worker = createChunkWorker({
    connection: connections.bullRedis,
    prefix: options.prefix,
    isOpen: () => throttle().isOpen(),
    holds: (id) => running.has(id),
    run: (delivery) => {
      const { observeChunks: observe } = throttle();
      const parts = { ...advance, executor, marketData, running, observe, metrics, turns, logger };
      return processChunk(parts, delivery);
    },
    onError: options.onError,
    logger,
  });
  return { worker, running, advance };
}
