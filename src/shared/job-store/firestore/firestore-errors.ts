/** What Firestore's status codes mean to us: https://grpc.io/docs/guides/status-codes/ */
import { StoreUnavailableError } from "../../errors.ts";

const CANCELLED = 1;
const UNKNOWN = 2;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const PERMISSION_DENIED = 7;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;
const INTERNAL = 13;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

const STORE_UNAVAILABLE = new Set([
  CANCELLED,
  UNKNOWN,
  DEADLINE_EXCEEDED,
  PERMISSION_DENIED,
  RESOURCE_EXHAUSTED,
  ABORTED,
  INTERNAL,
  UNAVAILABLE,
  UNAUTHENTICATED,
]);

export function isAlreadyThere(error: unknown): boolean {
  return statusOf(error) === ALREADY_EXISTS;
}

/** A document is gone, is there already, or was written after the time that the write was conditional on. */
export function isConflict(error: unknown): boolean {
  const status = statusOf(error);
  return status === FAILED_PRECONDITION || status === NOT_FOUND || status === ALREADY_EXISTS;
}

/** Outages, quotas and missing rights become StoreUnavailableError; what is our own fault stays what it is. */
export function mapFirestoreError(error: unknown): unknown {
  if (!STORE_UNAVAILABLE.has(statusOf(error)) && !isMissingCredentials(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreUnavailableError(`The job store cannot be used: ${reason}`, { cause: error });
}

/**
 * The answer of `call`, or StoreUnavailableError after `deadlineMs`. The client library repeats what failed for a
 * passing reason, with exponential back-off, for up to ten minutes: this is where waiting for it ends.
 */
export async function withinDeadline<Answer>(call: Promise<Answer>, deadlineMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StoreUnavailableError(`The job store did not answer within ${deadlineMs} ms: try again`));
    }, deadlineMs);
  });
  try {
    return await Promise.race([call, tooLate]);
  } catch (error) {
    throw mapFirestoreError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** 0 for what Firestore did not throw. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !("code" in error)) return 0;
  return typeof error.code === "number" ? error.code : 0;
}

/** google-auth-library throws a plain Error. */
function isMissingCredentials(error: unknown): boolean {
  return error instanceof Error && /default credentials|project id/i.test(error.message);
}
