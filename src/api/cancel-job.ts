/** Cancelling: the store first, conditionally, then word to whoever holds the job. */
import type { Job } from "../shared/contract/job.ts";
import { isTerminal } from "../shared/contract/job.ts";
import { QueueUnavailableError } from "../shared/errors.ts";
import { type JobChange, type JobRecord, presentJob, STORED_STEP } from "../shared/job-store/job-record.ts";
import type { JobStore, StoredJob } from "../shared/job-store/port.ts";
import type { Logger } from "../shared/logging.ts";
import type { CancelPublisher } from "../shared/queue/cancel-channel.ts";
import type { EventPublisher } from "../shared/queue/event-channel.ts";
import type { JobQueue } from "../shared/queue/job-queue.ts";
import type { JobWatch } from "./job-watch.ts";
import { HttpProblem, notFound, tryLater } from "./problem-details.ts";

/** A job is written a few times in its life; more conflicts than this in a row are not chance. */
const TRIES_MAX = 10;

export interface CancelParts {
  store: JobStore;
  queue: JobQueue;
  cancels: CancelPublisher;
  events: EventPublisher;
  watch: JobWatch;
  logger: Logger;
}

/** The job, cancelled. Throws 409 if it ended before, 404 if it is gone. */
export async function cancelJob(parts: CancelParts, seen: StoredJob): Promise<Job> {
  const cancelled = await writeCancelled(parts.store, seen);
  const job = presentJob(cancelled);
  parts.watch.announce(job);
  await tellTheQueue(parts, cancelled);
  return job;
}

async function writeCancelled(store: JobStore, seen: StoredJob): Promise<JobRecord> {
  let current = seen;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (isTerminal(current.job.status)) {
      throw new HttpProblem("job_finished", `The job has ended as ${current.job.status}.`);
    }
    const outcome = await store.update(current.job.id, current.fence, cancellationOf(current.job));
    if (outcome.written) return outcome.stored.job;
    if (outcome.stored === undefined) throw notFound("The job is gone.");
    current = outcome.stored;
  }
  throw tryLater("The job changes too fast to be cancelled now. Try again.", 1);
}

function cancellationOf(job: JobRecord): JobChange {
  const now = Date.now();
  return {
    status: "cancelled",
    version: job.version + STORED_STEP,
    updatedAt: now,
    finishedAt: now,
    timings: { ...job.timings, totalMs: now - job.createdAt },
  };
}

/** Without Redis the job is cancelled all the same: a worker that runs it cannot write its result any more. */
async function tellTheQueue(parts: CancelParts, job: JobRecord): Promise<void> {
  const published = parts.events.publish(job);
  const told = await Promise.allSettled([parts.cancels.cancel(job.id), parts.queue.remove(job.id)]);
  await published;
  for (const outcome of told) {
    if (outcome.status === "fulfilled") continue;
    if (!(outcome.reason instanceof QueueUnavailableError)) throw outcome.reason;
    parts.logger.warn({ err: outcome.reason, jobId: job.id }, "cancelled in the store alone");
  }
}
