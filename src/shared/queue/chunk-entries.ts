/** Entries for chunks of a batch, as its record stands. */
import { type Chunk, TYPICAL_MS_PER_CELL } from "../batch/chunk-plan.ts";
import type { BatchRecord } from "../job-store/batch-record.ts";
import type { ChunkEntry } from "./chunk-entry.ts";

/** Who submitted the batch, or set it going again. */
export type Origin = Pick<ChunkEntry, "batchId" | "owner" | "requestId" | "traceparent">;

export function chunkEntries(
  origin: Origin,
  { generation, msPerCell = TYPICAL_MS_PER_CELL }: Pick<BatchRecord, "generation" | "msPerCell">,
  chunks: Iterable<Chunk>,
): ChunkEntry[] {
  return Array.from(chunks, ({ first, cells }) => ({
    ...origin,
    first,
    cells,
    generation,
    estimateMs: cells * msPerCell,
    redelivered: false,
  }));
}
