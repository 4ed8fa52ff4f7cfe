/** BullMQ's worker for the queue of chunks. */
import type { Job as BullJob, Worker } from "bullmq";
import { chunkEntrySchema, chunkId } from "../../shared/queue/chunk-entry.ts";
import { CHUNK_QUEUE_NAME } from "../../shared/queue/names.ts";
import { obeyVerdict } from "../delivery.ts";
import { createQueueWorker, type QueueWorkerOptions } from "../entry-worker.ts";
import { outageDelay, type Verdict } from "../verdict.ts";
import type { ChunkDelivery } from "./process-chunk.ts";

export interface ChunkWorkerOptions extends QueueWorkerOptions {
  isOpen: () => boolean;
  /** Whether this very worker runs the chunk. */
  holds: (id: string) => boolean;
  run: (delivery: ChunkDelivery) => Promise<Verdict>;
}

export function createChunkWorker(options: ChunkWorkerOptions): Worker {
  return createQueueWorker(CHUNK_QUEUE_NAME, options, async (job, token) => {
    if (!options.isOpen() || options.holds(job.id ?? "")) return obeyVerdict(outageDelay(), job, token);
    const delivery = readChunk(job);
    if (delivery === undefined) {
      // Of a newer version, perhaps. It goes, and the reconciler writes a new one from the store.
      options.logger.error({ entry: job.id }, "A chunk's queue entry is not readable");
      return;
    }
    await obeyVerdict(await options.run(delivery), job, token);
  });
}

function readChunk(job: BullJob): ChunkDelivery | undefined {
  const parsed = chunkEntrySchema.safeParse(job.data);
  if (!parsed.success || chunkId(parsed.data) !== job.id) return undefined;
  return { entry: parsed.data, attemptsUsed: job.attemptsMade + job.stalledCounter };
}
