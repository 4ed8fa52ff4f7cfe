/** The job store in Firestore, shared by any number of processes and listened to by signed-in browsers. */
import type { Firestore } from "firebase-admin/firestore";
import { isTerminal } from "../../contract/job.ts";
import type { JobRequest } from "../../contract/job-request.ts";
import { StoreCorruptedError, StoreUnavailableError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import type { Logger } from "../../logging.ts";
import type { BatchStore } from "../batch-port.ts";
import { decodeCursor, type Position } from "../cursor.ts";
import type { JobChange, JobRecord } from "../job-record.ts";
import { cutJobPage, PAGE_MAX } from "../page.ts";
import type {
  CreateOutcome,
  JobPage,
  JobStore,
  ListFilter,
  Page,
  Seen,
  StoredJob,
  WriteOutcome,
} from "../port.ts";
import { joinParts, referTo, splitIntoParts } from "../result-parts.ts";
import { decodeFence, isSameJob, type Place } from "./fence.ts";
import { createFirestoreBatchStore } from "./firestore-batch-store.ts";
import { isConflict, withinDeadline } from "./firestore-errors.ts";
import { canonicalJob, changedJob } from "./job-document.ts";
import { type CutResult, type FoundJob, JobDocuments } from "./job-documents.ts";
import { finishedJobs, jobsOfOwner, jobsOfWork, jobsWithWork, unfinishedJobs } from "./job-queries.ts";
import { comparePositions, createdOf, readBoth, updatedOf } from "./merged-lists.ts";
import { type DatabaseSettings, openDatabase } from "./open-database.ts";
import { decodeRequest, encodeRequest, requestDocuments, requestPartCount } from "./request-documents.ts";
import { isInline, partDocuments } from "./result-documents.ts";

export interface FirestoreSettings extends DatabaseSettings {
  /** For each call, milliseconds. */
  deadlineMs: number;
  /** Of jobs that ended; where TTL is on, it deletes them a week after that. */
  retentionDays?: number | undefined;
}

const RETENTION_DAYS = 30;
/** Jobs deleted with one query. */
const DELETE_AT_ONCE = 100;
/** A job that is there when it is to be created, and gone when it is looked at, is rare once. */
const CREATE_TRIES = 3;

export function openFirestoreJobStore(settings: FirestoreSettings, logger: Logger): JobStore {
  const { db, close } = openDatabase(settings);
  const { projectId, emulatorHost } = settings;
  logger.info({ projectId, emulatorHost }, "job store opened");
  const retentionDays = settings.retentionDays ?? RETENTION_DAYS;
  return new FirestoreJobStore(db, retentionDays, settings.deadlineMs, close);
}

class FirestoreJobStore implements JobStore {
  readonly batches: BatchStore;
  readonly #documents: JobDocuments;
  readonly #deadlineMs: number;
  readonly #disconnect: () => Promise<void>;
  readonly #underWay = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(db: Firestore, retentionDays: number, deadlineMs: number, disconnect: () => Promise<void>) {
    this.#documents = new JobDocuments(db, retentionDays);
    this.batches = createFirestoreBatchStore(db, { retentionDays, call: (work) => this.#call(work) });
    this.#deadlineMs = deadlineMs;
    this.#disconnect = disconnect;
  }

  create(job: JobRecord, request: JobRequest, seen: Seen = "at once"): Promise<CreateOutcome> {
    return this.#call(async () => {
      const parts = await encodeRequest(job.id, request);
      const full = canonicalJob(job);
      const place = seen === "later" && job.status === "queued" ? "request" : "job";
      for (let attempt = 1; attempt <= CREATE_TRIES; attempt += 1) {
        const outcome = await this.#tryToCreate(full, parts, place);
        if (outcome !== undefined) return outcome;
      }
      throw new StoreCorruptedError(`Job ${job.id} was refused as one that exists, and does not`);
    });
  }

  show(stored: StoredJob): Promise<StoredJob | undefined> {
    return this.#call(async () => {
      const known = decodeFence(stored.fence);
      if (known?.place !== "request" || known.job === undefined) return stored;
      try {
        return await this.#documents.show(known.job, known, newId());
      } catch (error) {
        if (!isConflict(error)) throw error;
      }
      return (await this.#documents.find(known.job.id))?.stored;
    });
  }

  read(id: string): Promise<StoredJob | undefined> {
    return this.#call(async () => (await this.#documents.find(id))?.stored);
  }

  readRequest(id: string): Promise<JobRequest | undefined> {
    return this.#call(async () => {
      const { requests } = this.#documents;
      const [first] = await this.#documents.documents([requests.doc(id)]);
      if (first === undefined || !first.exists) return undefined;
      const rest = requestDocuments(requests, id, requestPartCount(first)).slice(1);
      return await decodeRequest(id, [first, ...(await this.#documents.documents(rest))]);
    });
  }

  update(id: string, fence: string, change: JobChange): Promise<WriteOutcome> {
    return this.#call(() => this.#change(id, fence, change));
  }

  finish(
    id: string,
    fence: string,
    change: JobChange & { attemptId: string },
    result: Uint8Array,
  ): Promise<WriteOutcome> {
    return this.#call(() => {
      const parts = splitIntoParts(result);
      const reference = referTo(change.attemptId, result, parts.length);
      return this.#change(id, fence, change, { reference, parts, stream: result });
    });
  }

  readResult(job: JobRecord): Promise<Uint8Array | undefined> {
    return this.#call(() => this.#readResult(job));
  }

  list(owner: string, filter: ListFilter, page: Page): Promise<JobPage> {
    return this.#call(async () => {
      const before = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
      const limit = Math.min(page.limit, PAGE_MAX);
      const newestFirst = (a: Position, b: Position): number => comparePositions(b, a);
      const jobs = await readBoth(this.#documents, createdOf, newestFirst, (collection) =>
        jobsOfOwner(collection, owner, filter, before).limit(limit + 1),
      );
      return cutJobPage(jobs, limit, createdOf);
    });
  }

  findByWork(work: string): Promise<StoredJob | undefined> {
    return this.#call(async () => {
      const [found] = await this.#documents.query(jobsOfWork(this.#documents.jobs, work), "job");
      return found;
    });
  }

  hasWork(): Promise<boolean> {
    return this.#call(async () => !(await jobsWithWork(this.#documents.jobs).get()).empty);
  }

  listUnfinished(untouchedSince: number, page: Page): Promise<JobPage> {
    return this.#call(async () => {
      const after = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
      const limit = Math.min(page.limit, PAGE_MAX);
      const jobs = await readBoth(this.#documents, updatedOf, comparePositions, (collection) =>
        unfinishedJobs(collection, untouchedSince, after).limit(limit + 1),
      );
      return cutJobPage(jobs, limit, updatedOf);
    });
  }

  async deleteFinished(before: number, limit: number): Promise<number> {
    let deleted = 0;
    while (deleted < limit) {
      const atOnce = Math.min(DELETE_AT_ONCE, limit - deleted);
      const query = finishedJobs(this.#documents.jobs, before).limit(atOnce);
      const gone = await this.#call(() => this.#documents.deleteJobs(query));
      deleted += gone;
      if (gone < atOnce) break;
    }
    return deleted;
  }

  async check(): Promise<void> {
    await this.#call(() => this.#documents.touch());
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.#disconnect();
  }

  /** undefined if a job had the id and is gone by now. */
  async #tryToCreate(
    job: JobRecord,
    request: readonly Uint8Array[],
    place: Place,
  ): Promise<CreateOutcome | undefined> {
    const lastWrite = newId();
    try {
      return { created: true, stored: await this.#documents.create(job, request, { place, lastWrite }) };
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    const found = await this.#documents.find(job.id);
    return found === undefined ? undefined : { created: found.lastWrite === lastWrite, stored: found.stored };
  }

  async #change(
    id: string,
    fence: string,
    change: JobChange,
    result?: CutResult,
    again = true,
  ): Promise<WriteOutcome> {
    const known = decodeFence(fence);
    const before = known?.job;
    const lastWrite = newId();
    if (known === undefined || before?.id !== id || change.version <= before.version) {
      return refusal(await this.#documents.find(id), change, lastWrite);
    }
    const job = changedJob(before, change, result?.reference);
    if (result !== undefined) await this.#documents.writeEarlyParts(job, result);
    try {
      return { written: true, stored: await this.#documents.change(job, change, known, lastWrite, result) };
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    const found = await this.#documents.find(id);
    // An import writes every document anew, and a job may be shown: it is as this write knows it, its time is not.
    if (again && found !== undefined && isSameJob(before, found.stored.job)) {
      return this.#change(id, found.stored.fence, change, result, false);
    }
    const outcome = refusal(found, change, lastWrite);
    if (!outcome.written && result !== undefined) await this.#documents.deleteEarlyParts(job, result);
    return outcome;
  }

  async #readResult({ id, result }: JobRecord): Promise<Uint8Array | undefined> {
    if (result === undefined) return undefined;
    const documents = isInline(result)
      ? [await this.#documents.inlineResult(id)]
      : await this.#documents.documents(partDocuments(this.#documents.partsOf(id), result));
    const field = isInline(result) ? "inlineResult" : "bytes";
    const parts = documents
      .map((document): unknown => document?.get(field))
      .filter((bytes) => bytes instanceof Uint8Array);
    const isGone = parts.length === 0 && (await this.#documents.find(id)) === undefined;
    return isGone ? undefined : joinParts(id, result, parts);
  }

  async #call<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#closing !== undefined) throw new StoreUnavailableError("The job store is closed");
    const answer = withinDeadline(work(), this.#deadlineMs);
    this.#underWay.add(answer);
    try {
      return await answer;
    } finally {
      this.#underWay.delete(answer);
    }
  }
}

/**
 * The answer to a write that Firestore refused. It was made all the same if the job carries its mark (the client
 * library sent it twice), or if the same attempt ended the job the same way (its answer was lost on an earlier call).
 */
function refusal(found: FoundJob | undefined, change: JobChange, lastWrite: string): WriteOutcome {
  if (found === undefined) return { written: false, stored: undefined };
  const { job } = found.stored;
  const sameEnd =
    isTerminal(job.status) &&
    job.status === change.status &&
    change.attemptId !== undefined &&
    job.attemptId === change.attemptId;
  return { written: sameEnd || found.lastWrite === lastWrite, stored: found.stored };
}
