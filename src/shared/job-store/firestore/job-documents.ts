/** What the adapter does to its documents: each function is one call to Firestore or says how many it makes. */
import type {
  CollectionReference,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
  Timestamp,
  WriteBatch,
} from "firebase-admin/firestore";
import { newId } from "../../ids.ts";
import { type JobChange, type JobRecord, jobRecordSchema, type ResultReference } from "../job-record.ts";
import type { StoredJob } from "../port.ts";
import { commitFirst } from "./commit-first.ts";
import { encodeFence } from "./fence.ts";
import {
  decodeJob,
  encodeChange,
  encodeJob,
  JOB_FIELDS,
  requestExpiry,
  resultExpiry,
} from "./job-document.ts";
import { putRequest } from "./request-documents.ts";
import { isInline, PARTS_A_COMMIT, partDocuments, putPart } from "./result-documents.ts";

export interface CutResult {
  reference: ResultReference;
  stream: Uint8Array;
  parts: readonly Uint8Array[];
}

/** A job as it is in the store, and the mark of the write that made it so. */
export interface FoundJob {
  stored: StoredJob;
  lastWrite: unknown;
}

/** Of a job that is to be deleted. */
const endedJob = jobRecordSchema.pick({ result: true });

/** Deletes of one commit; each is far below 1 KB. */
const DELETES_A_COMMIT = 400;

export class JobDocuments {
  readonly #db: Firestore;
  readonly #retentionDays: number;
  readonly jobs: CollectionReference;

  constructor(db: Firestore, retentionDays: number) {
    this.#db = db;
    this.#retentionDays = retentionDays;
    this.jobs = db.collection("jobs");
  }

  /** One commit: the job, and each part of its request. Rejects with ALREADY_EXISTS if the id has a job. */
  async create(job: JobRecord, request: readonly Uint8Array[], lastWrite: string): Promise<StoredJob> {
    const batch = this.#db.batch();
    batch.create(this.#job(job.id), encodeJob(job, request.length, this.#mark(lastWrite)));
    putRequest(batch, this.requestOf(job.id), request, requestExpiry(job.createdAt, this.#retentionDays));
    return { job, fence: encodeFence(job, await commitFirst(batch)) };
  }

  /**
   * One commit: the job's change together with its result's last parts. Rejects with a conflict, and then writes
   * nothing, if the job was written after `writtenAt`.
   */
  async change(
    job: JobRecord,
    change: JobChange,
    { writtenAt, lastWrite }: { writtenAt: Timestamp; lastWrite: string },
    result?: CutResult,
  ): Promise<StoredJob> {
    const batch = this.#db.batch();
    const inline = result !== undefined && isInline(result.reference) && { inlineResult: result.stream };
    const fields = { ...encodeChange(job, change, this.#mark(lastWrite)), ...inline };
    batch.update(this.#job(job.id), fields, { lastUpdateTime: writtenAt });
    if (result !== undefined) this.#putParts(batch, job, result, lastCommit(result));
    return { job, fence: encodeFence(job, await commitFirst(batch)) };
  }

  /** One commit for each four parts that change() will not write itself; none for a result of up to four. */
  async writeEarlyParts(job: JobRecord, result: CutResult): Promise<void> {
    for (let start = 0; start < lastCommit(result); start += PARTS_A_COMMIT) {
      const batch = this.#db.batch();
      this.#putParts(batch, job, result, start, start + PARTS_A_COMMIT);
      await batch.commit();
    }
  }

  /** Deletes what writeEarlyParts wrote. */
  async deleteEarlyParts(job: JobRecord, result: CutResult): Promise<void> {
    await this.#delete(partDocuments(this.partsOf(job.id), result.reference).slice(0, lastCommit(result)));
  }

  async find(id: string): Promise<FoundJob | undefined> {
    const [document] = await this.#db.getAll(this.#job(id), { fieldMask: JOB_FIELDS });
    const stored = document === undefined ? undefined : decodeJob(document);
    return stored === undefined ? undefined : { stored, lastWrite: document?.get("lastWrite") };
  }

  async query(query: Query): Promise<StoredJob[]> {
    const { docs } = await query.get();
    return docs.map(decodeJob).filter((stored) => stored !== undefined);
  }

  async documents(references: readonly DocumentReference[]): Promise<DocumentSnapshot[]> {
    return references.length === 0 ? [] : await this.#db.getAll(...references);
  }

  async inlineResult(id: string): Promise<DocumentSnapshot | undefined> {
    const [document] = await this.#db.getAll(this.#job(id), { fieldMask: ["inlineResult"] });
    return document;
  }

  /** The jobs of a query that selects `result` and `requestParts`, with all that lies beneath them. */
  async deleteJobs(query: Query): Promise<number> {
    const { docs } = await query.get();
    const doomed = docs.flatMap((document) => {
      const { result } = endedJob.parse(document.data());
      const parts = result === undefined ? [] : partDocuments(this.partsOf(document.id), result);
      const request = requestDocuments(this.requestOf(document.id), Number(document.get("requestParts")));
      // The job is the last: should this end half-way, the next run finds it again.
      return [...parts, ...request, document.ref];
    });
    await this.#delete(doomed);
    return docs.length;
  }

  /** A delete of a document that never was: takes the way of every write and changes nothing. */
  async touch(): Promise<void> {
    await this.#db.collection("checks").doc(newId()).delete();
  }

  requestOf(id: string): CollectionReference {
    return this.#job(id).collection("request");
  }

  partsOf(id: string): CollectionReference {
    return this.#job(id).collection("parts");
  }

  async #delete(documents: readonly DocumentReference[]): Promise<void> {
    for (let start = 0; start < documents.length; start += DELETES_A_COMMIT) {
      const batch = this.#db.batch();
      for (const document of documents.slice(start, start + DELETES_A_COMMIT)) batch.delete(document);
      await batch.commit();
    }
  }

  #putParts(batch: WriteBatch, job: JobRecord, result: CutResult, start: number, end?: number): void {
    if (isInline(result.reference)) return;
    const expireAt = resultExpiry(job.finishedAt ?? job.updatedAt, this.#retentionDays);
    const owner = { owner: job.owner, attemptId: result.reference.attemptId, expireAt };
    result.parts.slice(start, end).forEach((bytes, n) => {
      putPart(batch, this.partsOf(job.id), { part: start + n, bytes }, owner);
    });
  }

  #mark(lastWrite: string): { lastWrite: string; retentionDays: number } {
    return { lastWrite, retentionDays: this.#retentionDays };
  }

  #job(id: string): DocumentReference {
    return this.jobs.doc(id);
  }
}

export function requestDocuments(requests: CollectionReference, count: number): DocumentReference[] {
  return Array.from({ length: count }, (_, part) => requests.doc(String(part)));
}

/** The first part of the commit that also changes the job. */
function lastCommit({ parts }: CutResult): number {
  return Math.floor((parts.length - 1) / PARTS_A_COMMIT) * PARTS_A_COMMIT;
}
