/** Whose account an entry is charged to, and what else costs about the same. */
import { hash } from "node:crypto";
import type { ChunkEntry } from "./chunk-entry.ts";
import type { QueueEntry } from "./entry.ts";
import type { Account } from "./fair/fair-line.ts";

export function jobAccount({ owner, request }: Pick<QueueEntry, "owner" | "request">): Account {
  return { owner, strategy: hash("sha1", request.strategy.code, "base64url") };
}

export function chunkAccount({ owner, batchId, estimateMs }: ChunkEntry): Account {
  return { owner, strategy: batchId, estimateMs };
}
