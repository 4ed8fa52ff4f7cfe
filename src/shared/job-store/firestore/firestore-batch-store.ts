/** Batches in Firestore, beside the jobs: see batch-documents.ts for the layout. */
import { AggregateField, type Firestore } from "firebase-admin/firestore";
import type { BatchStore } from "../batch-port.ts";
import type { Page } from "../port.ts";
import {
  batchesOfOwner,
  decodeHead,
  decodePart,
  HEAD_FIELDS,
  openBatchesOfOwner,
  unfinishedBatches,
} from "./batch-documents.ts";
import { pageOf } from "./batch-pages.ts";
import { StoredBatches } from "./stored-batches.ts";

const DELETE_AT_ONCE = 10;

export interface BatchSettings {
  retentionDays: number;
  /** Runs work within the job store's deadline, its errors mapped. */
  call: <Answer>(work: () => Promise<Answer>) => Promise<Answer>;
}

export function createFirestoreBatchStore(db: Firestore, { retentionDays, call }: BatchSettings): BatchStore {
  const batches = db.collection("batches");
  const documents = new StoredBatches(db, batches, retentionDays);
  return {
    create: (batch, sweep, shown) => call(() => documents.create(batch, sweep, shown)),
    read: (id) => call(() => documents.find(id)),
    readSweep: (id) => call(() => documents.sweep(id)),
    update: (id, fence, change, shown) => call(() => documents.change(id, fence, change, shown)),
    show: (id, shown) => call(() => documents.show(id, shown)),
    storePart: (id, part) => call(() => documents.storePart(id, part)),
    readCounts: (id) => call(() => documents.counts(id)),
    listParts: (id, from, limit) =>
      call(async () => {
        const query = documents.parts(id).where("first", ">=", from).orderBy("first").limit(limit);
        return (await query.select(...HEAD_FIELDS).get()).docs.map(decodeHead);
      }),
    listRetryable: (id, generation, limit) =>
      call(async () => {
        const query = documents.parts(id).where("failedPlatform", ">", 0);
        const heads = (await query.select(...HEAD_FIELDS).get()).docs.map(decodeHead);
        const older = heads.filter((head) => head.generation < generation);
        return older.sort((a, b) => a.first - b.first).slice(0, limit);
      }),
    readPart: (id, first) =>
      call(async () => {
        const document = await documents.parts(id).doc(String(first)).get();
        return document.exists ? decodePart(document) : undefined;
      }),
    readPartsAfter: (id, mark, limit) => call(() => documents.partsAfter(id, mark, limit)),
    list: (owner: string, page: Page) =>
      call(() =>
        pageOf(
          page,
          (before) => batchesOfOwner(batches, owner, before),
          ({ batch }) => batch.createdAt,
        ),
      ),
    countOpenCells: (owner) =>
      call(async () => {
        const sums = { cells: AggregateField.sum("cells") };
        return (await openBatchesOfOwner(batches, owner).aggregate(sums).get()).data().cells;
      }),
    listUnfinished: (untouchedSince: number, page: Page) =>
      call(() =>
        pageOf(
          page,
          (after) => unfinishedBatches(batches, untouchedSince, after),
          ({ batch }) => batch.updatedAt,
        ),
      ),
    async deleteFinished(before: number, limit: number) {
      let deleted = 0;
      while (deleted < limit) {
        const atOnce = Math.min(DELETE_AT_ONCE, limit - deleted);
        const gone = await call(() => documents.deleteFinished(before, atOnce));
        deleted += gone;
        if (gone < atOnce) break;
      }
      return deleted;
    },
  };
}
