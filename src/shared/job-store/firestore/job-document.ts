/**
 * Jobs as documents `jobs/{id}`: the fields of JobRecord under their own names, times as epoch milliseconds, and
 * those below. A job that no listener sees yet has the same fields in the document of its request.
 *
 * openShard   0 to 7, only while the job is unfinished; endedShard only after it. They are the indexes' prefixes: an
 *             index that starts with a time would take 500 writes a second and no more.
 * expireAt    from its end on: when Firestore's TTL may delete it, a week after retention should have.
 * requestParts  how many documents its request lies in, until the job ends.
 * lastWrite   random for each write: a writer whose answer was lost finds its own write by it.
 * inlineResult  the gzip stream of a small result, which then needs no document of its own.
 */
import {
  type DocumentData,
  type DocumentSnapshot,
  FieldValue,
  Timestamp,
  type UpdateData,
} from "firebase-admin/firestore";
import { isTerminal } from "../../contract/job.ts";
import { StoreCorruptedError } from "../../errors.ts";
import { type JobChange, type JobRecord, jobRecordSchema, type ResultReference } from "../job-record.ts";
import type { StoredJob } from "../port.ts";
import { encodeFence, type Place } from "./fence.ts";

/** What is read of a job's document: all but an inline result. */
export const JOB_FIELDS = [...Object.keys(jobRecordSchema.shape), "requestParts", "openShard", "lastWrite"];

/** A listener downloads this much more at most; one document write and one read less for the results that fit. */
export const INLINE_RESULT_MAX_BYTES = 16 * 1024;

const SHARD_COUNT = 8;
export const ALL_SHARDS: readonly number[] = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);

const DAY_MS = 86_400_000;
/** The worker's own clearing comes first; TTL is what remains where no worker runs. */
const TTL_MARGIN_DAYS = 7;
/** A request expires from its submission on, since nobody writes to it when its job ends. */
const REQUEST_MARGIN_DAYS = 30;

/** Ids are random, so their last character spreads evenly. */
export function shardOf(id: string): number {
  return id.charCodeAt(id.length - 1) % SHARD_COUNT;
}

export function resultExpiry(endedAt: number, retentionDays: number): Timestamp {
  return Timestamp.fromMillis(endedAt + (retentionDays + TTL_MARGIN_DAYS) * DAY_MS);
}

export function requestExpiry(createdAt: number, retentionDays: number): Timestamp {
  return Timestamp.fromMillis(createdAt + (retentionDays + REQUEST_MARGIN_DAYS) * DAY_MS);
}

export interface Written {
  lastWrite: string;
  retentionDays: number;
}

export function encodeJob(
  job: JobRecord,
  requestParts: number,
  { lastWrite, retentionDays }: Written,
): DocumentData {
  return {
    ...job,
    lastWrite,
    ...(job.finishedAt === undefined
      ? { openShard: shardOf(job.id), requestParts }
      : { endedShard: shardOf(job.id), expireAt: resultExpiry(job.finishedAt, retentionDays) }),
  };
}

/** The fields that a change writes. */
export function encodeChange(
  job: JobRecord,
  change: JobChange,
  { lastWrite, retentionDays }: Written,
): UpdateData<DocumentData> {
  const ended = job.finishedAt !== undefined && {
    finishedAt: job.finishedAt,
    requestParts: FieldValue.delete(),
    openShard: FieldValue.delete(),
    endedShard: shardOf(job.id),
    expireAt: resultExpiry(job.finishedAt, retentionDays),
  };
  return { ...change, ...ended, result: job.result, lastWrite };
}

/** The job as a change leaves it. A job that ends has an end time even where the writer names none. */
export function changedJob(
  job: JobRecord,
  change: JobChange,
  result: ResultReference | undefined,
): JobRecord {
  const named = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  return canonicalJob({ ...job, ...named, result });
}

/** Fields in one order and none undefined, so that equal jobs have equal fences. */
export function canonicalJob(job: JobRecord): JobRecord {
  const finishedAt = job.finishedAt ?? (isTerminal(job.status) ? job.updatedAt : undefined);
  const fields = Object.entries({ ...job, finishedAt }).filter(([, value]) => value !== undefined);
  return jobRecordSchema.parse(Object.fromEntries(fields));
}

/** Throws StoreCorruptedError where the document is not a job; undefined where there is none. */
export function decodeJob(document: DocumentSnapshot, place: Place): StoredJob | undefined {
  const { updateTime } = document;
  if (!document.exists || updateTime === undefined) return undefined;
  // A request alone: its job has a document of its own.
  if (place === "request" && document.get("openShard") === undefined) return undefined;
  const parsed = jobRecordSchema.safeParse({ ...document.data(), id: document.id });
  if (!parsed.success) {
    throw new StoreCorruptedError(
      `Job ${document.id} is not readable in the job store: ${parsed.error.message}`,
    );
  }
  const requestParts = Number(document.get("requestParts") ?? 0);
  return {
    job: parsed.data,
    fence: encodeFence(parsed.data, { place, writtenAt: updateTime, requestParts }),
  };
}
