/** Takes one job in: job store first, then the queue. API routes call it; with Redis down it still succeeds. */
import { hash } from "node:crypto";
import type { JobRequest } from "./contract/job-request.ts";
import { QueueUnavailableError } from "./errors.ts";
import { newId } from "./ids.ts";
import type { JobRecord } from "./job-store/job-record.ts";
import type { JobStore, Seen, StoredJob } from "./job-store/port.ts";
import { buildEntry } from "./queue/build-entry.ts";
import type { Place } from "./queue/fair/place.ts";
import type { JobQueue } from "./queue/job-queue.ts";

export interface Submission {
  owner: string;
  request: JobRequest;
  requestId: string;
  traceparent?: string | undefined;
  /** Derived from owner and Idempotency-Key; random when absent. */
  id?: string | undefined;
  /** The batch that it is a cell of. */
  batchId?: string | undefined;
  /** Whether the outcome is to tell its place in line. */
  wantsPlace?: boolean;
}

export interface SubmissionOutcome {
  /** false: a job had the id already, and nothing was changed. */
  created: boolean;
  stored: StoredJob;
  createdAt: number;
  /** false while Redis does not answer: the reconciler will put the job in the queue. */
  enqueued: boolean;
  /** Where it stands in line; undefined unless it was added now and this was wanted. */
  place?: Place | undefined;
  /** Whether the job with the id came from the same request. */
  sameRequest: boolean;
}

/** When listeners see the jobs that are submitted; for a store that has listeners. */
export interface Showing {
  /** How a job that is submitted now is to be seen. */
  seen(): Seen;
  /** Takes care that the job is seen, should it wait. */
  look(stored: StoredJob): void;
}

interface SubmissionParts {
  store: Pick<JobStore, "create">;
  queue: Pick<JobQueue, "enqueue">;
  /** Left out: seen at once. */
  showing?: Showing | undefined;
}

/** Rejects with StoreUnavailableError when the job could not be written. */
export async function submitJob(
  { store, queue, showing }: SubmissionParts,
  submission: Submission,
): Promise<SubmissionOutcome> {
  const job = newJob(submission);
  const { created, stored } = await store.create(job, submission.request, showing?.seen());
  const sameRequest = created || stored.job.requestHash === job.requestHash;
  const { createdAt } = stored.job;
  if (!created) return { created, stored, createdAt, enqueued: false, sameRequest };
  showing?.look(stored);
  return { created, stored, createdAt, sameRequest, ...(await tryEnqueue(queue, stored, submission)) };
}

/** SHA-256 of the request as it was parsed, hex. */
export function hashRequest(request: JobRequest): string {
  return hash("sha256", JSON.stringify(request));
}

function newJob({ owner, request, id, batchId }: Submission): JobRecord {
  const now = Date.now();
  return {
    id: id ?? newId(),
    owner,
    status: "queued",
    version: 1,
    createdAt: now,
    updatedAt: now,
    symbol: request.symbol,
    timeframe: request.timeframe,
    strategyId: request.strategy.id,
    batchId,
    labels: request.labels,
    // Only a job whose id others can choose again has to be told apart: the hash is a tenth of the whole effort.
    requestHash: id === undefined ? "" : hashRequest(request),
    attempts: 0,
  };
}

async function tryEnqueue(
  queue: Pick<JobQueue, "enqueue">,
  stored: StoredJob,
  { request, requestId, traceparent, wantsPlace }: Submission,
): Promise<Pick<SubmissionOutcome, "enqueued" | "place">> {
  try {
    const entry = buildEntry(stored, request, { requestId, traceparent, redelivered: false });
    return { enqueued: true, place: await queue.enqueue(entry, wantsPlace) };
  } catch (error) {
    if (error instanceof QueueUnavailableError) return { enqueued: false };
    throw error;
  }
}
