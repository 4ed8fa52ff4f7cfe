/** Takes a batch in: job store first, then its first chunks into the queue. With Redis down it still succeeds. */
import { hash } from "node:crypto";
import { chunksBetween, firstPlan } from "../../shared/batch/chunk-plan.ts";
import { NO_STANDINGS } from "../../shared/batch/honesty.ts";
import { presentBatch } from "../../shared/batch/present-batch.ts";
import type { BatchRequest } from "../../shared/contract/batch-request.ts";
import type { Waiting } from "../../shared/contract/job.ts";
import { QueueUnavailableError } from "../../shared/errors.ts";
import { newId } from "../../shared/ids.ts";
import { type BatchStore, NO_COUNTS, type StoredBatch } from "../../shared/job-store/batch-port.ts";
import type { BatchRecord } from "../../shared/job-store/batch-record.ts";
import { chunkEntries } from "../../shared/queue/chunk-entries.ts";
import type { ChunkEntry } from "../../shared/queue/chunk-entry.ts";
import type { ChunkQueue } from "../../shared/queue/job-queue.ts";
import { isKept, submitOnce } from "../idempotency.ts";
import type { Call } from "../route.ts";
import { NOT_IN_QUEUE, waitingAt } from "../waiting.ts";
import type { PlannedSweep } from "./plan-sweep.ts";

export interface SubmitBatchParts {
  batches: Pick<BatchStore, "create">;
  chunks: Pick<ChunkQueue, "enqueue">;
  /** How long an Idempotency-Key stands for its batch. */
  keyKeptMs: number;
}

interface SubmittedBatch {
  created: boolean;
  stored: StoredBatch;
  createdAt: number;
  sameRequest: boolean;
  /** Of the first chunk; undefined unless it was added now. */
  waiting: Waiting | undefined;
}

/** Throws 422 for a key that came with another request, 503 without a store. */
export async function submitBatch(
  parts: SubmitBatchParts,
  call: Call,
  request: BatchRequest,
  planned: PlannedSweep,
  key: string | undefined,
): Promise<SubmittedBatch> {
  const submit = async (id: string): Promise<SubmittedBatch> => {
    const batch = newBatch(call.owner, request, planned, id, key);
    const shown = presentBatch(batch, NO_COUNTS, NO_STANDINGS);
    const { created, stored } = await parts.batches.create(batch, planned.sweep, shown);
    const waiting = created ? await enqueueFirst(parts, call, batch) : undefined;
    const sameRequest = created || stored.batch.requestHash === batch.requestHash;
    return { created, stored, createdAt: stored.batch.createdAt, sameRequest, waiting };
  };
  return key === undefined
    ? await submit(newId())
    : await submitOnce(call.owner, ownKey(key), parts.keyKeptMs, submit);
}

/** Whether the key stands for a batch already. Throws 503 without a store. */
export function isBatchReplay(
  { batches, keyKeptMs }: { batches: Pick<BatchStore, "read">; keyKeptMs: number },
  owner: string,
  key: string,
): Promise<boolean> {
  const createdAtOf = async (id: string) => (await batches.read(id))?.batch.createdAt;
  return isKept(createdAtOf, owner, ownKey(key), keyKeptMs);
}

/** No key of a job can be one of a batch: theirs have no spaces. */
function ownKey(key: string): string {
  return `batch ${key}`;
}

export function codeHashOf({ strategy }: Pick<BatchRequest, "strategy">): string {
  return hash("sha256", strategy.code);
}

function newBatch(
  owner: string,
  request: BatchRequest,
  { grid }: PlannedSweep,
  id: string,
  key: string | undefined,
): BatchRecord {
  const now = Date.now();
  return {
    id,
    owner,
    status: "queued",
    version: 1,
    createdAt: now,
    updatedAt: now,
    timeframe: request.timeframe,
    strategyId: request.strategy.id,
    labels: request.labels,
    codeHash: codeHashOf(request),
    requestHash: key === undefined ? "" : hash("sha256", JSON.stringify(request)),
    cells: grid.cells,
    ...firstPlan(grid.cells),
    generation: 0,
  };
}

/** What Redis does not take now, the reconciler adds. */
async function enqueueFirst(
  { chunks }: SubmitBatchParts,
  call: Call,
  batch: BatchRecord,
): Promise<Waiting | undefined> {
  const { owner, requestId, traceparent } = call;
  const first = chunksBetween(batch.cuts, 0, batch.issuedTo);
  const entries = chunkEntries({ batchId: batch.id, owner, requestId, traceparent }, batch, first);
  const [waiting] = await enqueueAll(chunks, entries);
  return waiting;
}

/** Answers what each of them waits for. */
export async function enqueueAll(
  chunks: Pick<ChunkQueue, "enqueue">,
  entries: readonly ChunkEntry[],
): Promise<(Waiting | undefined)[]> {
  return await Promise.all(
    entries.map(async (entry) => {
      try {
        const place = await chunks.enqueue(entry, true);
        return place === undefined ? undefined : waitingAt(place, "next");
      } catch (error) {
        if (error instanceof QueueUnavailableError) return NOT_IN_QUEUE;
        throw error;
      }
    }),
  );
}
