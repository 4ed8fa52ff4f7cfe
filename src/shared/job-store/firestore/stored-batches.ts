/** What is done to the documents of batches: each method says how many commits it makes. */
import {
  type CollectionReference,
  type DocumentReference,
  type Firestore,
  Timestamp,
  type WriteBatch,
} from "firebase-admin/firestore";
import { type Sweep, sweepSchema } from "../../batch/sweep.ts";
import type { Batch } from "../../contract/batch.ts";
import { StoreCorruptedError } from "../../errors.ts";
import { newId } from "../../ids.ts";
import type {
  BatchCounts,
  BatchCreateOutcome,
  BatchPart,
  BatchWriteOutcome,
  ShownChange,
  StoredBatch,
} from "../batch-port.ts";
import { type BatchChange, type BatchRecord, changedBatch } from "../batch-record.ts";
import { compressText, decodeResultText } from "../result-encoding.ts";
import { splitIntoParts } from "../result-parts.ts";
import {
  counterDocuments,
  decodeBatch,
  decodeHead,
  decodePart,
  encodeBatch,
  encodeNewBatch,
  encodePart,
  fenceAt,
  finishedBatches,
  HEAD_FIELDS,
  increments,
  shardFor,
  sumCounters,
} from "./batch-documents.ts";
import { commitFirst } from "./commit-first.ts";
import { isAlreadyThere, isConflict } from "./firestore-errors.ts";
import { requestExpiry } from "./job-document.ts";
import { liveDocument, putShown, showBatch } from "./shown-batch.ts";

const DELETES_A_COMMIT = 400;

export class StoredBatches {
  readonly #db: Firestore;
  readonly #batches: CollectionReference;
  readonly #retentionDays: number;

  constructor(db: Firestore, batches: CollectionReference, retentionDays: number) {
    this.#db = db;
    this.#batches = batches;
    this.#retentionDays = retentionDays;
  }

  /** One commit: the batch, its sweep, and what is shown of it. */
  async create(batch: BatchRecord, sweep: Sweep, shown?: Batch): Promise<BatchCreateOutcome> {
    const bytes = splitIntoParts(await compressText(JSON.stringify(sweep)));
    const commit = this.#db.batch();
    const lastWrite = newId();
    commit.create(this.#batches.doc(batch.id), encodeNewBatch(batch, lastWrite));
    const expireAt = requestExpiry(batch.createdAt, this.#retentionDays);
    for (const [part, stream] of bytes.entries()) {
      commit.set(this.#sweepOf(batch.id).doc(String(part)), {
        bytes: Buffer.from(stream),
        parts: bytes.length,
        expireAt,
      });
    }
    this.#putShown(commit, batch, shown);
    try {
      return { created: true, stored: { batch, fence: fenceAt(await commitFirst(commit)) } };
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
    }
    const { stored, isOurs } = await this.#findAfter(batch.id, lastWrite);
    if (stored === undefined)
      throw new StoreCorruptedError(`Batch ${batch.id} was refused as one that exists, and does not`);
    return { created: isOurs, stored };
  }

  async find(id: string): Promise<StoredBatch | undefined> {
    return decodeBatch(await this.#batches.doc(id).get());
  }

  async sweep(id: string): Promise<Sweep | undefined> {
    const { docs } = await this.#sweepOf(id).get();
    if (docs.length === 0) return undefined;
    try {
      const ordered = docs.sort((a, b) => Number(a.id) - Number(b.id));
      const parts = ordered.map((document): unknown => document.get("bytes"));
      const stream = Buffer.concat(parts.filter((bytes) => bytes instanceof Uint8Array));
      return sweepSchema.parse(JSON.parse(await decodeResultText(stream)));
    } catch (error) {
      throw new StoreCorruptedError(`The sweep of batch ${id} is not readable in the job store`, {
        cause: error,
      });
    }
  }

  /** A read and one commit. */
  async change(
    id: string,
    fence: string,
    change: BatchChange,
    shown?: ShownChange,
  ): Promise<BatchWriteOutcome> {
    const known = await this.find(id);
    if (known?.fence !== fence || change.version <= known.batch.version) {
      return { written: false, stored: known };
    }
    const batch = changedBatch(known.batch, change);
    const [seconds = 0, nanoseconds = 0] = fence.split(".").map(Number);
    const commit = this.#db.batch();
    const mark = { lastWrite: newId(), retentionDays: this.#retentionDays };
    commit.update(this.#batches.doc(id), encodeBatch(batch, mark), {
      lastUpdateTime: new Timestamp(seconds, nanoseconds),
    });
    this.#putShown(commit, batch, shown);
    try {
      return { written: true, stored: { batch, fence: fenceAt(await commitFirst(commit)) } };
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    const { stored, isOurs } = await this.#findAfter(id, mark.lastWrite);
    return stored !== undefined && isOurs ? { written: true, stored } : { written: false, stored };
  }

  show(id: string, shown: Batch): Promise<boolean> {
    return showBatch(this.#batches.doc(id), shown);
  }

  /** One commit: the part and the counters. Where the chunk has a part already, conditional on that being older. */
  async storePart(id: string, part: BatchPart): Promise<{ stored: boolean; counts: BatchCounts }> {
    const isNew = part.generation === 0 && (await this.#tryCreatePart(id, part));
    const isWritten = isNew || (await this.#tryReplacePart(id, part));
    return { stored: isWritten, counts: await this.counts(id) };
  }

  async counts(id: string): Promise<BatchCounts> {
    return sumCounters(await this.#db.getAll(...counterDocuments(this.#countersOf(id))));
  }

  parts(id: string): CollectionReference {
    return this.#batches.doc(id).collection("parts");
  }

  async partsAfter(id: string, mark: string | undefined, limit: number) {
    let query = this.parts(id).orderBy("writtenAt").orderBy("first").limit(limit);
    if (mark !== undefined) {
      const [seconds = 0, nanoseconds = 0, first = 0] = mark.split(".").map(Number);
      query = query.startAfter(new Timestamp(seconds, nanoseconds), first);
    }
    const { docs } = await query.get();
    const last = docs.at(-1);
    const writtenAt: unknown = last?.get("writtenAt");
    const next =
      writtenAt instanceof Timestamp ? `${fenceAt(writtenAt)}.${Number(last?.get("first"))}` : mark;
    return { parts: docs.map(decodePart), mark: next };
  }

  /** With all that lies beneath them; the batch itself is the last, so that one that was cut short is found again. */
  async deleteFinished(before: number, limit: number): Promise<number> {
    const { docs } = await finishedBatches(this.#batches, before).limit(limit).get();
    for (const { id, ref } of docs) {
      const beneath = await Promise.all(
        [this.parts(id), this.#sweepOf(id), this.#countersOf(id), liveDocument(ref).parent].map(
          (collection) => collection.select().get(),
        ),
      );
      await this.#delete([...beneath.flatMap((found) => found.docs.map((document) => document.ref)), ref]);
    }
    return docs.length;
  }

  async #tryCreatePart(id: string, part: BatchPart): Promise<boolean> {
    const known = await this.#ownerOf(id);
    if (known === undefined) return false;
    const commit = this.#db.batch();
    commit.create(this.parts(id).doc(String(part.first)), encodePart(part, known, this.#retentionDays));
    commit.set(this.#countersOf(id).doc(shardFor(part.first)), this.#counted(part), { merge: true });
    try {
      await commit.commit();
      return true;
    } catch (error) {
      if (isAlreadyThere(error)) return false;
      throw error;
    }
  }

  async #tryReplacePart(id: string, part: BatchPart): Promise<boolean> {
    const reference = this.parts(id).doc(String(part.first));
    const [document] = await this.#db.getAll(reference, { fieldMask: [...HEAD_FIELDS, "owner"] });
    if (document?.updateTime === undefined) return false;
    const old = decodeHead(document);
    if (old.generation >= part.generation) return false;
    const commit = this.#db.batch();
    const owner = String(document.get("owner"));
    commit.update(reference, encodePart(part, owner, this.#retentionDays), {
      lastUpdateTime: document.updateTime,
    });
    commit.set(this.#countersOf(id).doc(shardFor(part.first)), this.#counted(part, old), { merge: true });
    try {
      await commit.commit();
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }

  /** After a refused write, which was made all the same if the client library sent it twice. */
  async #findAfter(
    id: string,
    lastWrite: string,
  ): Promise<{ stored: StoredBatch | undefined; isOurs: boolean }> {
    const document = await this.#batches.doc(id).get();
    return { stored: decodeBatch(document), isOurs: document.get("lastWrite") === lastWrite };
  }

  #putShown(commit: WriteBatch, { id, owner }: BatchRecord, shown: ShownChange | undefined): void {
    if (shown === undefined) return;
    const expireAt = requestExpiry(Date.now(), this.#retentionDays);
    putShown(commit, this.#batches.doc(id), shown, { owner, expireAt });
  }

  #counted(part: BatchPart, old?: Parameters<typeof increments>[1]) {
    return { ...increments(part, old), expireAt: requestExpiry(Date.now(), this.#retentionDays) };
  }

  async #ownerOf(id: string): Promise<string | undefined> {
    const [document] = await this.#db.getAll(this.#batches.doc(id), { fieldMask: ["owner"] });
    return document?.exists === true ? String(document.get("owner")) : undefined;
  }

  async #delete(documents: readonly DocumentReference[]): Promise<void> {
    for (let start = 0; start < documents.length; start += DELETES_A_COMMIT) {
      const commit = this.#db.batch();
      for (const document of documents.slice(start, start + DELETES_A_COMMIT)) commit.delete(document);
      await commit.commit();
    }
  }

  #sweepOf(id: string): CollectionReference {
    return this.#batches.doc(id).collection("sweep");
  }

  #countersOf(id: string): CollectionReference {
    return this.#batches.doc(id).collection("counters");
  }
}
