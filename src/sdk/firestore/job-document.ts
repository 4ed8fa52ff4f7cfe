/** The document `jobs/{id}` as the SDK reads it. */
import { z } from "zod";
import type { Job } from "../../shared/contract/job.ts";
import { presentJob, type ResultReference, storedJobSchema } from "../../shared/contract/stored-job.ts";
import { AccessDeniedError, StrategizError, UnreachableError } from "../errors.ts";
import { parseAs } from "../requests.ts";
import type { DocumentView, FirestoreAccess } from "./access.ts";

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

/** Throws UnexpectedAnswerError where the document is not a job. */
export function readJobDocument(document: DocumentView): JobDocument {
  const stored = parseAs(documentSchema, document.data());
  return { job: presentJob(stored), result: stored.result, inlineResult: stored.inlineResult };
}

/** Rejects with AccessDeniedError, or UnreachableError while there is no connection. */
export async function getDocument(access: FirestoreAccess, path: string): Promise<DocumentView> {
  try {
    return await access.sdk.getDoc(access.sdk.doc(access.db, path));
  } catch (error) {
    throw failureOf(error);
  }
}

const DENIED = new Set(["permission-denied", "unauthenticated"]);
const PASSING = new Set([
  "unavailable",
  "aborted",
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
]);

/** What an error of Firestore's SDK means here. */
export function failureOf(error: unknown): StrategizError {
  const code =
    typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
  if (DENIED.has(code)) {
    return new AccessDeniedError("Firestore does not show this job to whoever is signed in there", {
      cause: error,
    });
  }
  if (PASSING.has(code)) return new UnreachableError("Firestore does not answer", { cause: error });
  return new StrategizError(`Firestore failed: ${code}`, { cause: error });
}
