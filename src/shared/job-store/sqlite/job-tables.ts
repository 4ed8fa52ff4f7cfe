/** What the adapter does to its tables. Synchronous: called inside a transaction, or as one read. */
import type { DatabaseSync } from "node:sqlite";
import { isTerminal } from "../../contract/job.ts";
import { StoreCorruptedError } from "../../errors.ts";
import type { Position } from "../cursor.ts";
import type { JobChange, JobRecord, ResultReference } from "../job-record.ts";
import type { CreateOutcome, ListFilter, StoredJob, WriteOutcome } from "../port.ts";
import { decodeJob, encodeChange, encodeJob, fenceOf, type Row } from "./job-row.ts";
import { prepareStatements, type Statements } from "./statements.ts";

export interface CutResult {
  reference: ResultReference;
  parts: readonly Uint8Array[];
}

export class JobTables {
  readonly #sql: Statements;

  constructor(db: DatabaseSync) {
    this.#sql = prepareStatements(db);
  }

  insert(job: JobRecord, requestJson: string): CreateOutcome {
    const inserted = this.#sql.insertJob.run(...encodeJob(job));
    if (Number(inserted.changes) === 1) {
      this.#sql.insertRequest.run(inserted.lastInsertRowid, requestJson);
      return { created: true, stored: { job, fence: fenceOf(job) } };
    }
    const stored = this.find(job.id);
    if (stored === undefined)
      throw new StoreCorruptedError(`Job ${job.id} was refused as one that exists, and does not`);
    return { created: false, stored };
  }

  /** The status flips first: the parts of an attempt that lost are never written. */
  change(id: string, fence: string, change: JobChange, result?: CutResult): WriteOutcome {
    const row = this.#sql.changeJob.get(
      ...encodeChange(change, result?.reference),
      id,
      fence,
      change.version,
    );
    if (row === undefined) return refusal(this.find(id), change);
    result?.parts.forEach((bytes, part) => {
      this.#sql.insertPart.run(row["seq"] ?? null, result.reference.attemptId, part, bytes);
    });
    return { written: true, stored: decodeJob(row) };
  }

  find(id: string): StoredJob | undefined {
    const row = this.#sql.job.get(id);
    return row === undefined ? undefined : decodeJob(row);
  }

  findByWork(work: string): StoredJob | undefined {
    const row = this.#sql.jobOfWork.get(work);
    return row === undefined ? undefined : decodeJob(row);
  }

  hasWork(): boolean {
    return this.#sql.anyWork.get() !== undefined;
  }

  requestJson(id: string): string | undefined {
    const request = this.#sql.request.get(id)?.["request"];
    return typeof request === "string" ? request : undefined;
  }

  /** In order; undefined if the job is gone. */
  parts(id: string, attemptId: string): Uint8Array[] | undefined {
    const rows = this.#sql.parts.all(id, attemptId);
    if (rows.length === 0 && this.find(id) === undefined) return undefined;
    return rows.map((row) => row["bytes"]).filter((bytes) => bytes instanceof Uint8Array);
  }

  listOfOwner(owner: string, filter: ListFilter, before: Position, limit: number): StoredJob[] {
    return this.#sql.listOfOwner(owner, filter, before, limit).map(decodeJob);
  }

  unfinished(untouchedSince: number, after: Position, limit: number): StoredJob[] {
    return this.#sql.unfinished.all(untouchedSince, after.time, after.id, limit).map(decodeJob);
  }

  deleteFinished(before: number, limit: number): number {
    const rows: Row[] = this.#sql.finishedBefore.all(before, limit);
    for (const row of rows) {
      const seq = row["seq"] ?? null;
      this.#sql.deleteParts.run(seq);
      this.#sql.deleteRequest.run(seq);
      this.#sql.deleteJob.run(seq);
    }
    return rows.length;
  }

  /** A row of no meaning, rewritten: fails where the database cannot be written. */
  touch(now: number): void {
    this.#sql.checkWrite.run(now);
  }
}

/**
 * A write of the same attempt that ended the job the same way counts as this one: its answer may have been lost. The
 * id alone proves nothing, since a cancel keeps the id of the attempt that wrote `running`.
 */
function refusal(stored: StoredJob | undefined, change: JobChange): WriteOutcome {
  const own =
    stored !== undefined &&
    isTerminal(stored.job.status) &&
    stored.job.status === change.status &&
    change.attemptId !== undefined &&
    stored.job.attemptId === change.attemptId;
  return own ? { written: true, stored } : { written: false, stored };
}
