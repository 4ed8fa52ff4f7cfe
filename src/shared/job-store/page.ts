/** Pages of lists, cut alike by every adapter. */
import { encodeCursor, type Position } from "./cursor.ts";
import type { JobPage, StoredJob } from "./port.ts";

/** A page reads and parses its jobs in one turn of the event loop. */
export const PAGE_MAX = 1_000;

/** One more item than the page holds was asked for: it tells whether there is another page. */
export function cutPage<Item>(
  items: Item[],
  limit: number,
  positionOf: (item: Item) => Position,
): { items: Item[]; nextCursor: string | null } {
  const last = items[limit - 1];
  if (items.length <= limit || last === undefined) return { items, nextCursor: null };
  return { items: items.slice(0, limit), nextCursor: encodeCursor(positionOf(last)) };
}

export function cutJobPage(
  jobs: StoredJob[],
  limit: number,
  positionOf: (stored: StoredJob) => Position,
): JobPage {
  const { items, nextCursor } = cutPage(jobs, limit, positionOf);
  return { jobs: items, nextCursor };
}
