/** A job as the job store keeps it. Times are epoch milliseconds. */
import { z } from "zod";
import { storedJobSchema } from "../contract/stored-job.ts";

export { presentJob, type ResultReference } from "../contract/stored-job.ts";

export const jobRecordSchema = storedJobSchema.extend({
  owner: z.string().min(1),
  updatedAt: z.number().int(),
  /** SHA-256 of the request, so that one Idempotency-Key cannot stand for two requests; empty without one. */
  requestHash: z.string(),
  /** The attempt that wrote last: a worker that meets its own id on a conflict knows that its write was made. */
  attemptId: z.string().optional(),
  /** What it did, by content (worker/content.ts), of a job whose end an identical one may take over. */
  work: z.string().optional(),
});
export type JobRecord = z.infer<typeof jobRecordSchema>;

/** What a write may change. `version` must be above the stored one. */
export type JobChange = Pick<JobRecord, "status" | "version" | "updatedAt"> &
  Partial<
    Pick<
      JobRecord,
      | "startedAt"
      | "finishedAt"
      | "attempts"
      | "attemptId"
      | "failure"
      | "timings"
      | "summary"
      | "ofJob"
      | "work"
    >
  >;

/**
 * Versions: a stored write that is not `running` goes two up, `running` one up. So the running event of an attempt
 * may go out before, or without, its write, and whatever is stored next still has a higher version.
 */
export const RUNNING_STEP = 1;
export const STORED_STEP = 2;

/** What clients see of a record; an entry of the queue is enough to know it. */
export type PresentableJob = Omit<JobRecord, "owner" | "requestHash" | "updatedAt" | "work">;
