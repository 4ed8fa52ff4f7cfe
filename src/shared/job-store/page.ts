/** Pages of lists, cut alike by every adapter. */
import { encodeCursor, type Position } from "./cursor.ts";
import type { JobPage, StoredJob } from "./port.ts";

/** A page reads and parses its jobs in one turn of the event loop. */
export const PAGE_MAX = 1_000;

/** One more job than the page holds was asked for: it tells whether there is another page. */
export function cutPage(
  jobs: StoredJob[],
  limit: number,
  positionOf: (stored: StoredJob) => Position,
): JobPage {
  const last = jobs[limit - 1];
  if (jobs.length <= limit || last === undefined) return { jobs, nextCursor: null };
  return { jobs: jobs.slice(0, limit), nextCursor: encodeCursor(positionOf(last)) };
}
