/** The document `jobs/{id}` as the SDK reads it. */
import { z } from "zod";
import type { Job } from "../../shared/contract/job.ts";
import { presentJob, type ResultReference, storedJobSchema } from "../../shared/contract/stored-job.ts";
import { parseAs } from "../requests.ts";
import type { DocumentView, Listened } from "./access.ts";

/** Firestore's bytes in a browser: its class Bytes. */
export interface StoredBytes {
  toUint8Array(): Uint8Array;
}

export interface JobDocument {
  job: Job;
  result: ResultReference | undefined;
  /** The gzip stream of a small result. */
  inlineResult: StoredBytes | undefined;
}

export const storedBytesSchema = z.custom<StoredBytes>(
  (value) =>
    typeof value === "object" &&
    value !== null &&
    "toUint8Array" in value &&
    typeof value.toUint8Array === "function",
);

const documentSchema = storedJobSchema.extend({ inlineResult: storedBytesSchema.optional() });

export function jobPath(id: string): string {
  return `jobs/${id}`;
}

/** A job that starts at once has a document from the moment that it ends, or has run or waited for 250 ms. */
export function listenedJob(id: string, readElsewhere: (signal: AbortSignal) => Promise<Job>): Listened<Job> {
  return { path: jobPath(id), read: (document) => readJobDocument(document).job, readElsewhere };
}

/** Throws UnexpectedAnswerError where the document is not a job. */
export function readJobDocument(document: DocumentView): JobDocument {
  const stored = parseAs(documentSchema, document.data());
  return { job: presentJob(stored), result: stored.result, inlineResult: stored.inlineResult };
}
