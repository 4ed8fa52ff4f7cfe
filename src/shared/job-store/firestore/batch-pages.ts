/** Pages of batches, by a query that begins behind a place. */
import type { Query } from "firebase-admin/firestore";
import type { BatchPage, StoredBatch } from "../batch-port.ts";
import { decodeCursor, type Position } from "../cursor.ts";
import { cutPage, PAGE_MAX } from "../page.ts";
import type { Page } from "../port.ts";
import { decodeBatch } from "./batch-documents.ts";

export async function pageOf(
  page: Page,
  queryFrom: (position: Position | undefined) => Query,
  timeOf: (stored: StoredBatch) => number,
): Promise<BatchPage> {
  const from = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
  const limit = Math.min(page.limit, PAGE_MAX);
  const { docs } = await queryFrom(from)
    .limit(limit + 1)
    .get();
  const stored = docs.map(decodeBatch).filter((batch) => batch !== undefined);
  const { items, nextCursor } = cutPage(stored, limit, (one) => ({ time: timeOf(one), id: one.batch.id }));
  return { batches: items, nextCursor };
}
