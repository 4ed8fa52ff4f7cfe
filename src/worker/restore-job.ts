/** What the reconciler does with one job whose entry the queue has lost. */
import { platformFailure } from "../shared/failure-codes.ts";
import { newId } from "../shared/ids.ts";
import { type JobChange, STORED_STEP } from "../shared/job-store/job-record.ts";
import type { JobStore, StoredJob } from "../shared/job-store/port.ts";
import { buildEntry } from "../shared/queue/build-entry.ts";
import type { EventPublisher } from "../shared/queue/event-channel.ts";
import { ATTEMPTS_MAX, type JobQueue } from "../shared/queue/job-queue.ts";

export interface RestoreParts {
  store: Pick<JobStore, "readRequest" | "update">;
  queue: Pick<JobQueue, "remove" | "enqueue">;
  events: EventPublisher;
}

/** failed: its attempts were used up. left: another write came first. */
export type Restored = "enqueued" | "failed" | "left";

/**
 * Puts the job back in the queue. One that the store shows as running lost its attempt, which is counted; one that
 * is queued lost nothing but its entry. Rejects with StoreUnavailableError or QueueUnavailableError.
 */
export async function restoreJob(parts: RestoreParts, stored: StoredJob): Promise<Restored> {
  const counted = stored.job.status === "running" ? await countLostAttempt(parts, stored) : stored;
  if (counted === undefined) return "left";
  if (counted.job.status === "failed") return "failed";
  const request = await parts.store.readRequest(counted.job.id);
  if (request === undefined) return "left";
  // An id left in the failed set would make the queue ignore the new entry.
  await parts.queue.remove(counted.job.id);
  const requestId = `reconciler-${counted.job.id}`;
  await parts.queue.enqueue(buildEntry(counted, request, { requestId, redelivered: true }));
  return "enqueued";
}

/** The job as it is then: queued again, or failed after the third; undefined if another write came first. */
async function countLostAttempt(
  { store, events }: RestoreParts,
  { job, fence }: StoredJob,
): Promise<StoredJob | undefined> {
  const now = Date.now();
  const attempts = job.attempts + 1;
  // An id of its own, so that the lost attempt, should it live, does not take this write for one of its own.
  const base = { version: job.version + STORED_STEP, updatedAt: now, attempts, attemptId: newId() };
  const { failure } = platformFailure("worker_lost");
  const change: JobChange =
    attempts < ATTEMPTS_MAX
      ? { ...base, status: "queued" }
      : { ...base, status: "failed", finishedAt: now, failure };
  const outcome = await store.update(job.id, fence, change);
  if (!outcome.written) return undefined;
  await events.publish(outcome.stored.job);
  return outcome.stored;
}
