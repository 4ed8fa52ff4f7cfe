/**
 * A job as it is stored, in a document that its owner may listen to: what a browser reads of it, and the job that
 * comes of that. Times are epoch milliseconds. `docs/firestore.md` has the documents.
 */
import { z } from "zod";
import { failureSchema, type Job, jobStatusSchema, summarySchema, timingsSchema } from "./job.ts";
import { formatTime, jobIdSchema, timeframeSchema } from "./values.ts";

/** Where the result of a finished job lies. */
export const resultReferenceSchema = z.object({
  attemptId: z.string(),
  parts: z.number().int(),
  bytes: z.number().int().describe("Of the gzip stream, all parts together"),
  sha256: z.string().describe("Of the gzip stream, hex"),
});
export type ResultReference = z.infer<typeof resultReferenceSchema>;

export const storedJobSchema = z.object({
  id: jobIdSchema,
  status: jobStatusSchema,
  version: z.number().int().positive(),
  createdAt: z.number().int(),
  startedAt: z.number().int().optional(),
  finishedAt: z.number().int().optional(),
  symbol: z.string().optional(),
  timeframe: timeframeSchema,
  strategyId: z.string().optional(),
  batchId: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  /** Platform attempts used up. */
  attempts: z.number().int().nonnegative(),
  failure: failureSchema.optional(),
  timings: timingsSchema.optional(),
  summary: summarySchema.optional(),
  /** The identical job whose end this one took over. */
  ofJob: jobIdSchema.optional(),
  result: resultReferenceSchema.optional(),
});
export type StoredJobFields = z.infer<typeof storedJobSchema>;

/** The job as clients see it, whichever way it reaches them. */
export function presentJob(stored: StoredJobFields): Job {
  const at = `/v1/jobs/${stored.id}`;
  const { id, status, version, symbol, timeframe, strategyId, batchId, labels, attempts } = stored;
  return {
    id,
    status,
    version,
    createdAt: formatTime(stored.createdAt),
    startedAt: stored.startedAt === undefined ? undefined : formatTime(stored.startedAt),
    finishedAt: stored.finishedAt === undefined ? undefined : formatTime(stored.finishedAt),
    symbol,
    timeframe,
    strategyId,
    batchId,
    labels,
    attempts,
    failure: stored.failure,
    timings: stored.timings,
    summary: stored.summary,
    source: sourceOf(stored),
    ofJob: stored.ofJob,
    links: { self: at, result: `${at}/result`, events: `${at}/events`, cancel: `${at}/cancel` },
  };
}

/** Only an execution that came to an end has one: cancelled, or failed for a fault of ours, is neither. */
function sourceOf({ status, failure, ofJob }: StoredJobFields): Job["source"] {
  if (ofJob !== undefined) return "reused";
  const ended = status === "succeeded" || (status === "failed" && failure?.class !== "platform");
  return ended ? "executed" : undefined;
}
