/** A batch as the job store keeps it. Times are epoch milliseconds. What its cells came to lies in parts. */
import { z } from "zod";
import { standingsSchema } from "../contract/batch.ts";
import { failureSchema, jobStatusSchema } from "../contract/job.ts";
import { jobIdSchema, timeframeSchema } from "../contract/values.ts";

const count = z.number().int().nonnegative();

const batchProgressSchema = z.object({
  cells: count,
  succeeded: count,
  failedUser: count,
  failedLimit: count,
  failedPlatform: count,
});

/** What a record says of the counters. */
export function progressOf({
  cells,
  succeeded,
  failedUser,
  failedLimit,
  failedPlatform,
}: Progress): Progress {
  return { cells, succeeded, failedUser, failedLimit, failedPlatform };
}
type Progress = z.infer<typeof batchProgressSchema>;

export const batchRecordSchema = z.object({
  id: jobIdSchema,
  owner: z.string().min(1),
  status: jobStatusSchema,
  version: z.number().int().positive(),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
  startedAt: z.number().int().optional(),
  finishedAt: z.number().int().optional(),
  timeframe: timeframeSchema,
  strategyId: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  /** SHA-256 of the strategy's source: what a cell of it costs is known from the batch before. */
  codeHash: z.string(),
  /** As with a job: empty without an Idempotency-Key. */
  requestHash: z.string(),
  cells: z.number().int().positive(),
  /** Where it is cut into chunks (chunk-plan.ts); the chunks before cell `issuedTo` are in the queue or were. */
  cuts: z.array(z.object({ from: count, cells: z.number().int().positive() })).min(1),
  issuedTo: count,
  /** One more with each retry. */
  generation: count,
  /** CPU milliseconds of a cell as last measured. */
  msPerCell: z.number().nonnegative().optional(),
  failure: failureSchema.optional(),
  /** The counters as of this write, for browsers that listen to the document. */
  progress: batchProgressSchema.optional(),
  /** As of this write. */
  standings: standingsSchema.optional(),
});
export type BatchRecord = z.infer<typeof batchRecordSchema>;

/** What a write may change. `version` must be above the stored one; null takes a value away. */
export type BatchChange = Pick<BatchRecord, "version" | "updatedAt"> &
  Partial<
    Pick<BatchRecord, "status" | "startedAt" | "cuts" | "issuedTo" | "generation" | "msPerCell" | "progress">
  > & {
    finishedAt?: number | null;
    failure?: BatchRecord["failure"] | null;
    standings?: BatchRecord["standings"] | null;
  };

export function changedBatch(batch: BatchRecord, change: BatchChange): BatchRecord {
  const { finishedAt = batch.finishedAt, failure = batch.failure, standings = batch.standings } = change;
  return {
    ...batch,
    version: change.version,
    updatedAt: change.updatedAt,
    status: change.status ?? batch.status,
    startedAt: change.startedAt ?? batch.startedAt,
    cuts: change.cuts ?? batch.cuts,
    issuedTo: change.issuedTo ?? batch.issuedTo,
    generation: change.generation ?? batch.generation,
    msPerCell: change.msPerCell ?? batch.msPerCell,
    progress: change.progress ?? batch.progress,
    finishedAt: finishedAt ?? undefined,
    failure: failure ?? undefined,
    standings: standings ?? undefined,
  };
}
