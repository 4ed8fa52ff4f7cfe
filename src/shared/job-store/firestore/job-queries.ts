/**
 * The queries that lists are read with. Each has an index in deploy/firestore/firestore.indexes.json; those of jobs of
 * an owner and of unfinished ones are asked of `jobRequests` too.
 */
import { type CollectionReference, FieldPath, type Query } from "firebase-admin/firestore";
import type { Position } from "../cursor.ts";
import type { ListFilter } from "../port.ts";
import { ALL_SHARDS, JOB_FIELDS } from "./job-document.ts";

const ID = FieldPath.documentId();
const FILTER_FIELDS = ["status", "symbol", "strategyId", "batchId"] as const satisfies (keyof ListFilter)[];

/** Newest first. Firestore serves several filters at once by joining the index of each. */
export function jobsOfOwner(
  jobs: CollectionReference,
  owner: string,
  filter: ListFilter,
  before: Position | undefined,
): Query {
  let query = jobs.where("owner", "==", owner);
  for (const field of FILTER_FIELDS) {
    if (filter[field] !== undefined) query = query.where(field, "==", filter[field]);
  }
  query = query
    .orderBy("createdAt", "desc")
    .orderBy(ID, "desc")
    .select(...JOB_FIELDS);
  return before === undefined ? query : query.startAfter(before.time, before.id);
}

/** One is enough. The hash is random, so its index has no hot spot. */
export function jobsOfWork(jobs: CollectionReference, work: string): Query {
  return jobs
    .where("work", "==", work)
    .select(...JOB_FIELDS)
    .limit(1);
}

/** One of those that jobsOfWork may find. */
export function jobsWithWork(jobs: CollectionReference): Query {
  return jobs.where("work", ">", "").select().limit(1);
}

/** Oldest write first. */
export function unfinishedJobs(
  jobs: CollectionReference,
  untouchedSince: number,
  after: Position | undefined,
): Query {
  const query = jobs
    .where("openShard", "in", ALL_SHARDS)
    .where("updatedAt", "<", untouchedSince)
    .orderBy("updatedAt")
    .orderBy(ID)
    .select(...JOB_FIELDS);
  return after === undefined ? query : query.startAfter(after.time, after.id);
}

/** Those that ended first come first; of each only what deleting it needs. */
export function finishedJobs(jobs: CollectionReference, before: number): Query {
  return jobs
    .where("endedShard", "in", ALL_SHARDS)
    .where("finishedAt", "<", before)
    .orderBy("finishedAt")
    .select("result");
}
