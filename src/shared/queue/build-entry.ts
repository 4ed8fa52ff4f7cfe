import type { JobRequest } from "../contract/job-request.ts";
import type { StoredJob } from "../job-store/port.ts";
import { INLINE_BARS_MAX_BYTES, type QueueEntry } from "./entry.ts";

/** A bar as JSON has at least this many bytes: more bars than fit need no counting. */
const BAR_MIN_BYTES = 72;

export interface Delivery {
  requestId: string;
  traceparent?: string | undefined;
  /** Put back by the reconciler. */
  redelivered: boolean;
}

/** What the queue carries of a job. Bars above 16 KB stay in the job store. */
export function buildEntry(stored: StoredJob, request: JobRequest, delivery: Delivery): QueueEntry {
  const barsInStore = request.bars !== undefined && areTooLarge(request.bars);
  const { job, fence } = stored;
  return {
    jobId: job.id,
    owner: job.owner,
    fence,
    version: job.version,
    createdAt: job.createdAt,
    attempts: job.attempts,
    request: barsInStore ? { ...request, bars: undefined } : request,
    barsInStore,
    ...delivery,
  };
}

function areTooLarge(bars: NonNullable<JobRequest["bars"]>): boolean {
  if (bars.length * BAR_MIN_BYTES > INLINE_BARS_MAX_BYTES) return true;
  return Buffer.byteLength(JSON.stringify(bars)) > INLINE_BARS_MAX_BYTES;
}
