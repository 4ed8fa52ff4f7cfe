/** Batches, counters and parts as rows. */
import type { SQLInputValue } from "node:sqlite";
import { isTerminal } from "../../contract/job.ts";
import { StoreCorruptedError } from "../../errors.ts";
import {
  type BatchCounts,
  type BatchPart,
  NO_COUNTS,
  type PartHead,
  type StoredBatch,
} from "../batch-port.ts";
import { type BatchRecord, batchRecordSchema } from "../batch-record.ts";
import { decodeJson, type Row } from "./job-row.ts";

/** In the order of INSERT_BATCH and CHANGE_BATCH: status, version, updated_at, finished_at, record. */
export function encodeBatch(batch: BatchRecord): SQLInputValue[] {
  const end = batch.finishedAt ?? (isTerminal(batch.status) ? batch.updatedAt : null);
  return [batch.status, batch.version, batch.updatedAt, end, JSON.stringify(batch)];
}

/** Throws StoreCorruptedError where the row is not a batch. */
export function decodeBatch(row: Row): StoredBatch {
  const parsed = batchRecordSchema.safeParse(decodeJson(row["record"]));
  if (!parsed.success) {
    throw new StoreCorruptedError(`A batch is not readable in the job store: ${parsed.error.message}`);
  }
  return { batch: parsed.data, fence: String(parsed.data.version) };
}

export function decodeCounts(row: Row | undefined): BatchCounts {
  if (row === undefined) return NO_COUNTS;
  const parts = Number(row["parts"]);
  return { parts, writes: Number(row["writes"]), cpuMs: Number(row["cpu_ms"]), ...cellsOf(row) };
}

export function decodeHead(row: Row): PartHead {
  return { first: Number(row["first_cell"]), generation: Number(row["generation"]), ...cellsOf(row) };
}

export function decodePartRow(row: Row): BatchPart {
  const bytes = row["bytes"];
  if (!(bytes instanceof Uint8Array)) throw new StoreCorruptedError("A part of a batch has no bytes");
  return { ...decodeHead(row), cpuMs: Number(row["cpu_ms"]), bytes };
}

function cellsOf(row: Row) {
  return {
    cells: Number(row["cells"]),
    succeeded: Number(row["succeeded"]),
    failedUser: Number(row["failed_user"]),
    failedLimit: Number(row["failed_limit"]),
    failedPlatform: Number(row["failed_platform"]),
  };
}
