/** What Firestore's SDK fails with, in our own errors. */
import { AccessDeniedError, StrategizError, UnreachableError } from "../errors.ts";
import type { DocumentView, FirestoreAccess } from "./access.ts";

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
    return new AccessDeniedError("Firestore does not show this to whoever is signed in there", {
      cause: error,
    });
  }
  if (PASSING.has(code)) return new UnreachableError("Firestore does not answer", { cause: error });
  return new StrategizError(`Firestore failed: ${code}`, { cause: error });
}
