/** What the adapter does to its documents: each function is one call to Firestore or says how many it makes. */
import type {
  CollectionReference,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
  WriteBatch,
} from "firebase-admin/firestore";
import { newId } from "../../ids.ts";
import { type JobChange, type JobRecord, jobRecordSchema, type ResultReference } from "../job-record.ts";
import type { StoredJob } from "../port.ts";
import { commitFirst } from "./commit-first.ts";
import { encodeFence, type KnownWrite, type Place } from "./fence.ts";
import {
  decodeJob,
  encodeChange,
  encodeJob,
  JOB_FIELDS,
  requestExpiry,
  resultExpiry,
} from "./job-document.ts";
import { createRequest, leaveRequestAlone, requestDocuments } from "./request-documents.ts";
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
  readonly requests: CollectionReference;

  constructor(db: Firestore, retentionDays: number) {
    this.#db = db;
    this.#retentionDays = retentionDays;
    this.jobs = db.collection("jobs");
    this.requests = db.collection("jobRequests");
  }

  /** One commit: the job, and each part of its request. Rejects with a conflict if the id has a job. */
  async create(
    job: JobRecord,
    request: readonly Uint8Array[],
    { place, lastWrite }: { place: Place; lastWrite: string },
  ): Promise<StoredJob> {
    const batch = this.#db.batch();
    const fields = encodeJob(job, request.length, this.#mark(lastWrite));
    const expireAt = requestExpiry(job.createdAt, this.#retentionDays);
    const documents = requestDocuments(this.requests, job.id, request.length);
    if (place === "job") batch.create(this.#job(job.id), fields);
    createRequest(batch, documents, request, { expireAt, job: place === "request" ? fields : undefined });
    // Changes nothing, and refuses a job that has its own document already, its end included.
    if (place === "request") batch.delete(this.#job(job.id), { exists: false });
    return await this.#commit(batch, job, place, request.length);
  }

  /**
   * One commit: the job's change together with its result's last parts, without its request once it ended. Rejects
   * with a conflict, and then writes nothing, if the job was written after `known`.
   */
  async change(
    job: JobRecord,
    change: JobChange,
    known: KnownWrite,
    lastWrite: string,
    result?: CutResult,
  ): Promise<StoredJob> {
    const { place, writtenAt, requestParts } = known;
    const batch = this.#db.batch();
    const inline = result !== undefined && isInline(result.reference) && { inlineResult: result.stream };
    const mark = this.#mark(lastWrite);
    if (place === "request") {
      batch.create(this.#job(job.id), { ...encodeJob(job, requestParts, mark), ...inline });
    } else {
      const fields = { ...encodeChange(job, change, mark), ...inline };
      batch.update(this.#job(job.id), fields, { lastUpdateTime: writtenAt });
    }
    this.#settleRequest(batch, job, known);
    if (result !== undefined) this.#putParts(batch, job, result, lastCommit(result));
    return await this.#commit(batch, job, "job", requestParts);
  }

  /** One commit: the job, as it is, in its own document. Rejects with a conflict as change does. */
  async show(job: JobRecord, known: KnownWrite, lastWrite: string): Promise<StoredJob> {
    const batch = this.#db.batch();
    batch.create(this.#job(job.id), encodeJob(job, known.requestParts, this.#mark(lastWrite)));
    this.#settleRequest(batch, job, known);
    return await this.#commit(batch, job, "job", known.requestParts);
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

  /** One read for a job that listeners see, else two. */
  async find(id: string): Promise<FoundJob | undefined> {
    const ofJob = { reference: this.#job(id), place: "job" } as const;
    const ofRequest = { reference: this.requests.doc(id), place: "request" } as const;
    // The third read finds what left its request between the first two.
    return (await this.#find(ofJob)) ?? (await this.#find(ofRequest)) ?? (await this.#find(ofJob));
  }

  async query(query: Query, place: Place): Promise<StoredJob[]> {
    const { docs } = await query.get();
    return docs.map((document) => decodeJob(document, place)).filter((stored) => stored !== undefined);
  }

  async documents(references: readonly DocumentReference[]): Promise<DocumentSnapshot[]> {
    return references.length === 0 ? [] : await this.#db.getAll(...references);
  }

  async inlineResult(id: string): Promise<DocumentSnapshot | undefined> {
    const [document] = await this.#db.getAll(this.#job(id), { fieldMask: ["inlineResult"] });
    return document;
  }

  /** The jobs of a query that selects `result`, with all that lies beneath them. */
  async deleteJobs(query: Query): Promise<number> {
    const { docs } = await query.get();
    const doomed = docs.flatMap((document) => {
      const { result } = endedJob.parse(document.data());
      const parts = result === undefined ? [] : partDocuments(this.partsOf(document.id), result);
      // The job is the last: should this end half-way, the next run finds it again.
      return [...parts, document.ref];
    });
    await this.#delete(doomed);
    return docs.length;
  }

  /** A delete of a document that never was: takes the way of every write and changes nothing. */
  async touch(): Promise<void> {
    await this.#db.collection("checks").doc(newId()).delete();
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

  async #find({ reference, place }: { reference: DocumentReference; place: Place }) {
    const [document] = await this.#db.getAll(reference, { fieldMask: JOB_FIELDS });
    const stored = document === undefined ? undefined : decodeJob(document, place);
    return stored === undefined ? undefined : { stored, lastWrite: document?.get("lastWrite") as unknown };
  }

  /** A job that has ended leaves no request; one that gets its own document leaves the request alone. */
  #settleRequest(batch: WriteBatch, job: JobRecord, { place, writtenAt, requestParts }: KnownWrite): void {
    const [first, ...more] = requestDocuments(this.requests, job.id, requestParts);
    if (first === undefined) return;
    if (job.finishedAt === undefined) {
      if (place === "request") leaveRequestAlone(batch, first, writtenAt);
      return;
    }
    batch.delete(first, place === "request" ? { lastUpdateTime: writtenAt } : {});
    for (const document of more) batch.delete(document);
  }

  async #commit(batch: WriteBatch, job: JobRecord, place: Place, requestParts: number): Promise<StoredJob> {
    const writtenAt = await commitFirst(batch);
    return { job, fence: encodeFence(job, { place, writtenAt, requestParts }) };
  }

  #mark(lastWrite: string): { lastWrite: string; retentionDays: number } {
    return { lastWrite, retentionDays: this.#retentionDays };
  }

  #job(id: string): DocumentReference {
    return this.jobs.doc(id);
  }
}

/** The first part of the commit that also changes the job. */
function lastCommit({ parts }: CutResult): number {
  return Math.floor((parts.length - 1) / PARTS_A_COMMIT) * PARTS_A_COMMIT;
}
