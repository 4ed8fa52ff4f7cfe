/** What Redis holds of a chunk: which cells of which batch. The sweep itself is read from the job store, once a worker. */
import { z } from "zod";
import { jobIdSchema } from "../contract/values.ts";

export const chunkEntrySchema = z.object({
  batchId: jobIdSchema,
  owner: z.string().min(1),
  /** Number of the first cell. */
  first: z.number().int().nonnegative(),
  cells: z.number().int().positive(),
  /** 0, and one more with each retry of the batch. */
  generation: z.number().int().nonnegative(),
  /** CPU milliseconds that it will probably take; what it took is measured by the executor's server. */
  estimateMs: z.number().nonnegative(),
  /** Put back by the reconciler. */
  redelivered: z.boolean(),
  requestId: z.string(),
  traceparent: z.string().optional(),
});
export type ChunkEntry = z.infer<typeof chunkEntrySchema>;

/** The entry's id in the queue: a second one for the same cells of the same generation is not added. */
export function chunkId({
  batchId,
  first,
  generation,
}: Pick<ChunkEntry, "batchId" | "first" | "generation">): string {
  return `${batchId}-${first}-${generation}`;
}
