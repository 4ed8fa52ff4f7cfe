/** Firestore's listener: it reconnects and goes on by itself while the browser is offline. */
import type { Job } from "../../shared/contract/job.ts";
import type { DocumentView, FirestoreAccess } from "../firestore/access.ts";
import { failureOf, jobPath, readJobDocument } from "../firestore/job-document.ts";
import { createPatience } from "./patience.ts";
import type { Watching, Way } from "./way.ts";

/** A reader that is slow loses the oldest. */
const WAITING_MAX = 100;

export function watchByListener(access: FirestoreAccess, jobId: string): Way<Job> {
  return async function* listen(watching) {
    const patience = createPatience(watching);
    for (;;) {
      try {
        for await (const document of documents(access, jobId, watching)) {
          patience.heard();
          // Not there, says the cache of a browser that is offline: it does not know.
          if (document.exists()) yield readJobDocument(document).job;
        }
      } catch (error) {
        await patience.afterFailure(error);
      }
    }
  };
}

/** Every state of the document that the listener tells, until it fails or the watch is stopped. */
async function* documents(
  { db, sdk }: FirestoreAccess,
  jobId: string,
  { signal }: Watching,
): AsyncGenerator<DocumentView> {
  const waiting: DocumentView[] = [];
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  const stop = sdk.onSnapshot(
    sdk.doc(db, jobPath(jobId)),
    (document) => {
      waiting.push(document);
      if (waiting.length > WAITING_MAX) waiting.shift();
      wake();
    },
    (error) => {
      failure = failureOf(error);
      wake();
    },
  );
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort);
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else if (failure !== undefined) throw failure;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    stop();
  }
}
