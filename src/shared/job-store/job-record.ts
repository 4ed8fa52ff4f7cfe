/** A job as the job store keeps it. Times are epoch milliseconds. */
import { z } from "zod";
import { failureSchema, type Job, jobStatusSchema, summarySchema, timingsSchema } from "../contract/job.ts";
import { formatTime, jobIdSchema, timeframeSchema } from "../contract/values.ts";

/** Where the result of a finished job lies. */
export const resultReferenceSchema = z.object({
  attemptId: z.string(),
  parts: z.number().int(),
  bytes: z.number().int().describe("Of the gzip stream, all parts together"),
  sha256: z.string().describe("Of the gzip stream, hex"),
});
export type ResultReference = z.infer<typeof resultReferenceSchema>;

export const jobRecordSchema = z.object({
  id: jobIdSchema,
  owner: z.string().min(1),
  status: jobStatusSchema,
  version: z.number().int().positive(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  startedAt: z.number().int().optional(),
  finishedAt: z.number().int().optional(),
  symbol: z.string().optional(),
  timeframe: timeframeSchema,
  strategyId: z.string().optional(),
  batchId: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  /** SHA-256 of the request, so that one Idempotency-Key cannot stand for two requests; empty without one. */
  requestHash: z.string(),
  /** Platform attempts used up. */
  attempts: z.number().int().nonnegative(),
  /** The attempt that wrote last: a worker that meets its own id on a conflict knows that its write was made. */
  attemptId: z.string().optional(),
  failure: failureSchema.optional(),
  timings: timingsSchema.optional(),
  summary: summarySchema.optional(),
  result: resultReferenceSchema.optional(),
});
export type JobRecord = z.infer<typeof jobRecordSchema>;

/** What a write may change. `version` must be above the stored one. */
export type JobChange = Pick<JobRecord, "status" | "version" | "updatedAt"> &
  Partial<
    Pick<JobRecord, "startedAt" | "finishedAt" | "attempts" | "attemptId" | "failure" | "timings" | "summary">
  >;

/**
 * Versions: a stored write that is not `running` goes two up, `running` one up. So the running event of an attempt
 * may go out before, or without, its write, and whatever is stored next still has a higher version.
 */
export const RUNNING_STEP = 1;
export const STORED_STEP = 2;

/** What clients see of a record; an entry of the queue is enough to know it. */
export type PresentableJob = Omit<JobRecord, "owner" | "requestHash" | "updatedAt">;

/** The job as clients see it. */
export function presentJob(record: PresentableJob): Job {
  const at = `/v1/jobs/${record.id}`;
  const { id, status, version, symbol, timeframe, strategyId, batchId, labels, attempts } = record;
  return {
    id,
    status,
    version,
    createdAt: formatTime(record.createdAt),
    startedAt: record.startedAt === undefined ? undefined : formatTime(record.startedAt),
    finishedAt: record.finishedAt === undefined ? undefined : formatTime(record.finishedAt),
    symbol,
    timeframe,
    strategyId,
    batchId,
    labels,
    attempts,
    failure: record.failure,
    timings: record.timings,
    summary: record.summary,
    links: { self: at, result: `${at}/result`, events: `${at}/events`, cancel: `${at}/cancel` },
  };
}
