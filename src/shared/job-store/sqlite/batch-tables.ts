/** What the adapter does to the tables of batches: each method is meant to run inside a transaction, or as one read. */
import type { DatabaseSync } from "node:sqlite";
import { StoreCorruptedError } from "../../errors.ts";
import type {
  BatchCounts,
  BatchCreateOutcome,
  BatchPart,
  BatchWriteOutcome,
  PartHead,
  StoredBatch,
} from "../batch-port.ts";
import { type BatchChange, type BatchRecord, changedBatch } from "../batch-record.ts";
import type { Position } from "../cursor.ts";
import { decodeBatch, decodeCounts, decodeHead, decodePartRow, encodeBatch } from "./batch-row.ts";
import { type BatchStatements, prepareBatchStatements } from "./batch-statements.ts";
import type { Row } from "./job-row.ts";

export class BatchTables {
  readonly #sql: BatchStatements;

  constructor(db: DatabaseSync) {
    this.#sql = prepareBatchStatements(db);
  }

  insert(batch: BatchRecord, sweepJson: string): BatchCreateOutcome {
    const { id, owner, createdAt, cells } = batch;
    const inserted = this.#sql.insertBatch.run(id, owner, createdAt, cells, ...encodeBatch(batch));
    if (Number(inserted.changes) === 1) {
      this.#sql.insertSweep.run(inserted.lastInsertRowid, sweepJson);
      this.#sql.insertCounts.run(inserted.lastInsertRowid);
      return { created: true, stored: { batch, fence: String(batch.version) } };
    }
    const stored = this.find(batch.id);
    if (stored === undefined)
      throw new StoreCorruptedError(`Batch ${batch.id} was refused as one that exists, and does not`);
    return { created: false, stored };
  }

  find(id: string): StoredBatch | undefined {
    const row = this.#sql.batch.get(id);
    return row === undefined ? undefined : decodeBatch(row);
  }

  sweepJson(id: string): string | undefined {
    const sweep = this.#sql.sweep.get(id)?.["sweep"];
    return typeof sweep === "string" ? sweep : undefined;
  }

  change(id: string, fence: string, change: BatchChange): BatchWriteOutcome {
    const stored = this.find(id);
    if (stored?.fence !== fence || change.version <= stored.batch.version) return { written: false, stored };
    const batch = changedBatch(stored.batch, change);
    this.#sql.changeBatch.run(...encodeBatch(batch), id);
    return { written: true, stored: { batch, fence: String(batch.version) } };
  }

  /** The counters move by what the part adds to the one it replaces. */
  storePart(id: string, part: BatchPart): { stored: boolean; counts: BatchCounts } {
    const seq = this.#seqOf(id);
    if (seq === undefined) return { stored: false, counts: decodeCounts(undefined) };
    const row = this.#sql.part.get(id, part.first);
    const old = row === undefined ? undefined : decodePartRow(row);
    if (old !== undefined && old.generation >= part.generation) {
      return { stored: false, counts: this.counts(id) };
    }
    this.#sql.deletePart.run(seq, part.first);
    const { first, cells, generation, succeeded, failedUser, failedLimit, failedPlatform, cpuMs } = part;
    const counted = [succeeded, failedUser, failedLimit, failedPlatform, cpuMs];
    this.#sql.insertPart.run(seq, first, cells, generation, ...counted, part.bytes);
    const counts = this.#sql.addCounts.get(
      old === undefined ? 1 : 0,
      old === undefined ? cells : 0,
      succeeded - (old?.succeeded ?? 0),
      failedUser - (old?.failedUser ?? 0),
      failedLimit - (old?.failedLimit ?? 0),
      failedPlatform - (old?.failedPlatform ?? 0),
      cpuMs - (old?.cpuMs ?? 0),
      seq,
    );
    return { stored: true, counts: decodeCounts(counts) };
  }

  counts(id: string): BatchCounts {
    return decodeCounts(this.#sql.counts.get(id));
  }

  parts(id: string, from: number, limit: number): PartHead[] {
    return this.#sql.heads.all(id, from, limit).map(decodeHead);
  }

  retryable(id: string, generation: number, limit: number): PartHead[] {
    return this.#sql.retryable.all(id, generation, limit).map(decodeHead);
  }

  part(id: string, first: number): BatchPart | undefined {
    const row = this.#sql.part.get(id, first);
    return row === undefined ? undefined : decodePartRow(row);
  }

  partsAfter(id: string, seq: number, limit: number): { parts: BatchPart[]; last: number } {
    const rows: Row[] = this.#sql.partsAfter.all(id, seq, limit);
    return { parts: rows.map(decodePartRow), last: Number(rows.at(-1)?.["seq"] ?? seq) };
  }

  listOfOwner(owner: string, before: Position, limit: number): StoredBatch[] {
    return this.#sql.ofOwner.all(owner, before.time, before.id, limit).map(decodeBatch);
  }

  openCells(owner: string): number {
    return Number(this.#sql.openCells.get(owner)?.["cells"]);
  }

  unfinished(untouchedSince: number, after: Position, limit: number): StoredBatch[] {
    return this.#sql.unfinished.all(untouchedSince, after.time, after.id, limit).map(decodeBatch);
  }

  deleteFinished(before: number, limit: number): number {
    const rows: Row[] = this.#sql.finishedBefore.all(before, limit);
    for (const row of rows) {
      for (const statement of this.#sql.deleteAll) statement.run(row["seq"] ?? null);
    }
    return rows.length;
  }

  #seqOf(id: string): number | undefined {
    const seq = this.#sql.batch.get(id)?.["seq"];
    return seq === undefined ? undefined : Number(seq);
  }
}
