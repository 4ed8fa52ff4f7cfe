/** Lists over both places that a job may be in: its own document, or that of its request. */
import type { CollectionReference, Query } from "firebase-admin/firestore";
import type { Position } from "../cursor.ts";
import type { StoredJob } from "../port.ts";
import type { JobDocuments } from "./job-documents.ts";

export function createdOf({ job }: StoredJob): Position {
  return { time: job.createdAt, id: job.id };
}

export function updatedOf({ job }: StoredJob): Position {
  return { time: job.updatedAt, id: job.id };
}

/** The earlier first. */
export function comparePositions(a: Position, b: Position): number {
  return a.time - b.time || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/**
 * What a query finds in both collections, in the order that it has in each; a job once. Requests are asked first: a
 * job that leaves its request meanwhile is found twice rather than never.
 */
export async function readBoth(
  documents: Pick<JobDocuments, "jobs" | "requests" | "query">,
  positionOf: (stored: StoredJob) => Position,
  order: (a: Position, b: Position) => number,
  queryOf: (collection: CollectionReference) => Query,
): Promise<StoredJob[]> {
  const hidden = await documents.query(queryOf(documents.requests), "request");
  const seen = await documents.query(queryOf(documents.jobs), "job");
  const ids = new Set(seen.map(({ job }) => job.id));
  const left = hidden.filter(({ job }) => !ids.has(job.id));
  return [...left, ...seen].sort((a, b) => order(positionOf(a), positionOf(b)));
}
