/** What an owner does to a batch: cancel it, run again what the platform failed. The store first, then the queue. */
import { presentProgress } from "../../shared/batch/present-batch.ts";
import { isTerminal } from "../../shared/contract/job.ts";
import { QueueUnavailableError } from "../../shared/errors.ts";
import type { BatchCounts, BatchStore, StoredBatch } from "../../shared/job-store/batch-port.ts";
import { type BatchChange, type BatchRecord, changedBatch } from "../../shared/job-store/batch-record.ts";
import type { Logger } from "../../shared/logging.ts";
import type { BatchPublisher } from "../../shared/queue/batch-channel.ts";
import type { CancelPublisher } from "../../shared/queue/cancel-channel.ts";
import { chunkEntries } from "../../shared/queue/chunk-entries.ts";
import type { ChunkQueue } from "../../shared/queue/job-queue.ts";
import { HttpProblem, notFound, tryLater } from "../problem-details.ts";
import type { Call } from "../route.ts";
import { enqueueAll } from "./submit-batch.ts";

/** A batch is written a few times a second while it runs; more conflicts than this in a row are not chance. */
const TRIES_MAX = 10;
/** Chunks that a retry puts in the queue; workers add the next as these end. */
const FIRST_RETRIED = 4;

export interface ChangeBatchParts {
  batches: BatchStore;
  chunks: ChunkQueue;
  cancels: Pick<CancelPublisher, "cancel">;
  progress: BatchPublisher;
  logger: Logger;
}

/** Running chunks are killed, waiting ones end as soon as a worker takes them. Throws 409 if the batch has ended. */
export async function cancelBatch(parts: ChangeBatchParts, seen: StoredBatch): Promise<BatchRecord> {
  const counts = await parts.batches.readCounts(seen.batch.id);
  const batch = await write(parts.batches, seen, counts, (current) => {
    if (isTerminal(current.status)) {
      throw new HttpProblem("batch_finished", `The batch has ended as ${current.status}.`);
    }
    return { status: "cancelled", finishedAt: Date.now() };
  });
  try {
    await parts.cancels.cancel(batch.id);
  } catch (error) {
    if (!(error instanceof QueueUnavailableError)) throw error;
    parts.logger.warn({ err: error, batchId: batch.id }, "cancelled in the store alone");
  }
  void parts.progress.publish(batch.id);
  return batch;
}

/** Throws 409 while it runs, for one that was cancelled, and where no cell failed for the platform's fault. */
export async function retryBatch(
  parts: ChangeBatchParts,
  call: Call,
  seen: StoredBatch,
): Promise<BatchRecord> {
  const counts = await parts.batches.readCounts(seen.batch.id);
  const batch = await write(parts.batches, seen, counts, (current) => {
    if (current.status !== "succeeded" && current.status !== "failed") {
      throw new HttpProblem(
        "nothing_to_retry",
        `The batch is ${current.status}; one that has ended can be retried.`,
      );
    }
    if (counts.failedPlatform === 0) {
      throw new HttpProblem("nothing_to_retry", "No cell of the batch failed for the platform's fault.");
    }
    return {
      status: "running",
      generation: current.generation + 1,
      finishedAt: null,
      failure: null,
      standings: null,
    };
  });
  const again = await parts.batches.listRetryable(batch.id, batch.generation, FIRST_RETRIED);
  const { owner, requestId, traceparent } = call;
  await enqueueAll(
    parts.chunks,
    chunkEntries({ batchId: batch.id, owner, requestId, traceparent }, batch, again),
  );
  void parts.progress.publish(batch.id);
  return batch;
}

async function write(
  batches: BatchStore,
  seen: StoredBatch,
  counts: BatchCounts,
  changeOf: (current: BatchRecord) => Omit<BatchChange, "version" | "updatedAt">,
): Promise<BatchRecord> {
  let current = seen;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { batch, fence } = current;
    const change = { ...changeOf(batch), version: batch.version + 1, updatedAt: Date.now() };
    const shown = presentProgress(changedBatch(batch, change), counts);
    const outcome = await batches.update(batch.id, fence, change, shown);
    if (outcome.written) return outcome.stored.batch;
    if (outcome.stored === undefined) throw notFound("The batch is gone.");
    current = outcome.stored;
  }
  throw tryLater("The batch changes too fast to be changed now. Try again.", 1);
}
