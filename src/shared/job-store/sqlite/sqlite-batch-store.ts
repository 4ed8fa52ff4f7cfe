/** Batches in the SQLite file of the job store. */
import { type Sweep, sweepSchema } from "../../batch/sweep.ts";
import { StoreCorruptedError } from "../../errors.ts";
import type { BatchPage, BatchPart, BatchStore, StoredBatch } from "../batch-port.ts";
import type { BatchChange, BatchRecord } from "../batch-record.ts";
import { decodeCursor, END_OF_TIME, type Position, START_OF_TIME } from "../cursor.ts";
import { cutPage, PAGE_MAX } from "../page.ts";
import type { Page } from "../port.ts";
import type { BatchTables } from "./batch-tables.ts";
import { ROW_WRITE_BYTES } from "./grouped-writes.ts";

/** A batch may have thousands of parts: few are deleted in one transaction. */
const DELETE_AT_ONCE = 4;

/** How the job store runs statements: grouped into transactions, or as a read of its own. */
export interface Access {
  write: <Answer>(bytes: number, write: () => Answer) => Promise<Answer>;
  read: <Answer>(query: () => Answer) => Promise<Answer>;
}

export function createSqliteBatchStore(tables: BatchTables, { read, write }: Access): BatchStore {
  return {
    create(batch: BatchRecord, sweep: Sweep) {
      const json = JSON.stringify(sweep);
      return write(ROW_WRITE_BYTES + json.length, () => tables.insert(batch, json));
    },
    read: (id) => read(() => tables.find(id)),
    async readSweep(id) {
      const json = await read(() => tables.sweepJson(id));
      return json === undefined ? undefined : parseSweep(id, json);
    },
    update: (id: string, fence: string, change: BatchChange) =>
      write(ROW_WRITE_BYTES, () => tables.change(id, fence, change)),
    storePart: (id: string, part: BatchPart) =>
      write(ROW_WRITE_BYTES + part.bytes.byteLength, () => tables.storePart(id, part)),
    readCounts: (id) => read(() => tables.counts(id)),
    listParts: (id, from, limit) => read(() => tables.parts(id, from, limit)),
    listRetryable: (id, generation, limit) => read(() => tables.retryable(id, generation, limit)),
    readPart: (id, first) => read(() => tables.part(id, first)),
    async readPartsAfter(id, mark, limit) {
      const { parts, last } = await read(() => tables.partsAfter(id, Number(mark ?? 0), limit));
      return { parts, mark: String(last) };
    },
    async list(owner: string, page: Page) {
      const before = page.cursor === undefined ? END_OF_TIME : decodeCursor(page.cursor);
      const limit = Math.min(page.limit, PAGE_MAX);
      const batches = await read(() => tables.listOfOwner(owner, before, limit + 1));
      return pageOf(batches, limit, ({ batch }) => ({ time: batch.createdAt, id: batch.id }));
    },
    countOpenCells: (owner) => read(() => tables.openCells(owner)),
    async listUnfinished(untouchedSince: number, page: Page) {
      const after = page.cursor === undefined ? START_OF_TIME : decodeCursor(page.cursor);
      const limit = Math.min(page.limit, PAGE_MAX);
      const batches = await read(() => tables.unfinished(untouchedSince, after, limit + 1));
      return pageOf(batches, limit, ({ batch }) => ({ time: batch.updatedAt, id: batch.id }));
    },
    async deleteFinished(before: number, limit: number) {
      let deleted = 0;
      while (deleted < limit) {
        const atOnce = Math.min(DELETE_AT_ONCE, limit - deleted);
        const gone = await write(ROW_WRITE_BYTES, () => tables.deleteFinished(before, atOnce));
        deleted += gone;
        if (gone < atOnce) break;
      }
      return deleted;
    },
  };
}

function pageOf(
  batches: StoredBatch[],
  limit: number,
  positionOf: (stored: StoredBatch) => Position,
): BatchPage {
  const { items, nextCursor } = cutPage(batches, limit, positionOf);
  return { batches: items, nextCursor };
}

function parseSweep(id: string, json: string): Sweep {
  try {
    return sweepSchema.parse(JSON.parse(json));
  } catch (error) {
    throw new StoreCorruptedError(`The sweep of batch ${id} is not readable in the job store`, {
      cause: error,
    });
  }
}
