/**
 * Batches as documents.
 *
 * batches/{id}               the record under its own field names; `open` while it is unfinished, `expireAt` after;
 *                            `lastWrite` as in job-document.ts
 * batches/{id}/sweep/{n}     the sweep, gzip'ed JSON: no listener downloads source code
 * batches/{id}/parts/{first} what the cells of a chunk came to: counts and a gzip stream
 * batches/{id}/counters/{0..3} sums over parts, moved by increments in the commit that writes a part: four, so that
 *                            none is written more often than a document should be
 * batches/{id}/live/now      what browsers listen to: shown-batch.ts
 */
import {
  type CollectionReference,
  type DocumentData,
  type DocumentSnapshot,
  FieldPath,
  FieldValue,
  type Query,
  type Timestamp,
} from "firebase-admin/firestore";
import { isTerminal } from "../../contract/job.ts";
import { StoreCorruptedError } from "../../errors.ts";
import type { BatchCounts, BatchPart, PartHead, StoredBatch } from "../batch-port.ts";
import { type BatchRecord, batchRecordSchema } from "../batch-record.ts";
import type { Position } from "../cursor.ts";
import { requestExpiry, resultExpiry, type Written } from "./job-document.ts";

const ID = FieldPath.documentId();
const COUNTER_SHARDS = 4;
const OPTIONAL_FIELDS = Object.entries(batchRecordSchema.shape)
  .filter(([, schema]) => schema.safeParse(undefined).success)
  .map(([name]) => name);
/** Of a part, all but its bytes. */
export const HEAD_FIELDS = [
  "first",
  "cells",
  "generation",
  "succeeded",
  "failedUser",
  "failedLimit",
  "failedPlatform",
  "cpuMs",
];

/** All of a batch's fields: a value that it no longer has is deleted. */
export function encodeBatch(batch: BatchRecord, { lastWrite, retentionDays }: Written): DocumentData {
  const ended = isTerminal(batch.status);
  const absent = ended ? ["open"] : ["endedAt", "expireAt"];
  const end = batch.finishedAt ?? batch.updatedAt;
  return {
    ...Object.fromEntries([...OPTIONAL_FIELDS, ...absent].map((name) => [name, FieldValue.delete()])),
    ...Object.fromEntries(Object.entries(batch).filter(([, value]) => value !== undefined)),
    lastWrite,
    ...(ended ? { endedAt: end, expireAt: resultExpiry(end, retentionDays) } : { open: true }),
  };
}

/** As update() takes them, without the deletes that create() does not know. */
export function encodeNewBatch(batch: BatchRecord, lastWrite: string): DocumentData {
  return { ...batch, lastWrite, open: true };
}

/** undefined where there is none. Throws StoreCorruptedError where the document is not a batch. */
export function decodeBatch(document: DocumentSnapshot | undefined): StoredBatch | undefined {
  if (document?.updateTime === undefined) return undefined;
  const parsed = batchRecordSchema.safeParse({ ...document.data(), id: document.id });
  if (!parsed.success) {
    throw new StoreCorruptedError(
      `Batch ${document.id} is not readable in the job store: ${parsed.error.message}`,
    );
  }
  return { batch: parsed.data, fence: fenceAt(document.updateTime) };
}

/** The time of the batch's last write. */
export function fenceAt({ seconds, nanoseconds }: Timestamp): string {
  return `${seconds}.${nanoseconds}`;
}

export function encodePart(part: BatchPart, owner: string, retentionDays: number): DocumentData {
  return {
    ...part,
    bytes: Buffer.from(part.bytes),
    owner,
    writtenAt: FieldValue.serverTimestamp(),
    expireAt: requestExpiry(Date.now(), retentionDays),
  };
}

export function decodeHead(document: DocumentSnapshot): PartHead & { cpuMs: number } {
  const number = (name: string): number => Number(document.get(name));
  return {
    first: number("first"),
    cells: number("cells"),
    generation: number("generation"),
    succeeded: number("succeeded"),
    failedUser: number("failedUser"),
    failedLimit: number("failedLimit"),
    failedPlatform: number("failedPlatform"),
    cpuMs: number("cpuMs"),
  };
}

export function decodePart(document: DocumentSnapshot): BatchPart {
  const bytes: unknown = document.get("bytes");
  if (!(bytes instanceof Uint8Array)) throw new StoreCorruptedError("A part of a batch has no bytes");
  return { ...decodeHead(document), bytes };
}

/** What a part adds to the counters, beside the one that it replaces. */
export function increments(part: PartHead & { cpuMs: number }, old?: PartHead & { cpuMs: number }) {
  const difference = (name: "succeeded" | "failedUser" | "failedLimit" | "failedPlatform" | "cpuMs") =>
    FieldValue.increment(part[name] - (old?.[name] ?? 0));
  return {
    parts: FieldValue.increment(old === undefined ? 1 : 0),
    writes: FieldValue.increment(1),
    cells: FieldValue.increment(old === undefined ? part.cells : 0),
    succeeded: difference("succeeded"),
    failedUser: difference("failedUser"),
    failedLimit: difference("failedLimit"),
    failedPlatform: difference("failedPlatform"),
    cpuMs: difference("cpuMs"),
  };
}

export function shardFor(first: number): string {
  return String(Math.floor(first / 16) % COUNTER_SHARDS);
}

export function counterDocuments(counters: CollectionReference) {
  return Array.from({ length: COUNTER_SHARDS }, (_, shard) => counters.doc(String(shard)));
}

export function sumCounters(documents: readonly DocumentSnapshot[]): BatchCounts {
  const sum = (name: keyof BatchCounts): number =>
    documents.reduce((total, document) => total + Number(document.get(name) ?? 0), 0);
  return {
    parts: sum("parts"),
    writes: sum("writes"),
    cells: sum("cells"),
    succeeded: sum("succeeded"),
    failedUser: sum("failedUser"),
    failedLimit: sum("failedLimit"),
    failedPlatform: sum("failedPlatform"),
    cpuMs: sum("cpuMs"),
  };
}

/** Newest first. */
export function batchesOfOwner(
  batches: CollectionReference,
  owner: string,
  before: Position | undefined,
): Query {
  const query = batches.where("owner", "==", owner).orderBy("createdAt", "desc").orderBy(ID, "desc");
  return before === undefined ? query : query.startAfter(before.time, before.id);
}

/** Their cells are summed by Firestore itself. */
export function openBatchesOfOwner(batches: CollectionReference, owner: string): Query {
  return batches.where("owner", "==", owner).where("open", "==", true);
}

/** Oldest write first. */
export function unfinishedBatches(
  batches: CollectionReference,
  untouchedSince: number,
  after: Position | undefined,
): Query {
  const query = batches
    .where("open", "==", true)
    .where("updatedAt", "<", untouchedSince)
    .orderBy("updatedAt")
    .orderBy(ID);
  return after === undefined ? query : query.startAfter(after.time, after.id);
}

export function finishedBatches(batches: CollectionReference, before: number): Query {
  return batches.where("endedAt", "<", before).orderBy("endedAt").select();
}
