/** What Redis holds of a job: enough for a worker to run it without reading the job store first. */
import { z } from "zod";
import { jobRequestShape } from "../contract/job-request.ts";
import { jobIdSchema } from "../contract/values.ts";

/** Inline bars above this many bytes of JSON stay in the job store and are read by the worker. */
export const INLINE_BARS_MAX_BYTES = 16 * 1024;

export const queueEntrySchema = z.object({
  jobId: jobIdSchema,
  owner: z.string().min(1),
  fence: z.string(),
  version: z.number().int().positive(),
  createdAt: z.number().int(),
  /** Platform attempts used up when the entry was made. */
  attempts: z.number().int().nonnegative(),
  /** The request without its bars where `barsInStore` is set. */
  request: jobRequestShape,
  barsInStore: z.boolean(),
  /** Put back by the reconciler: the worker reads the job store before it runs. */
  redelivered: z.boolean(),
  requestId: z.string(),
  traceparent: z.string().optional(),
});
export type QueueEntry = z.infer<typeof queueEntrySchema>;
