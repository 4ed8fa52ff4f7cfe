/** Firestore's listener: it reconnects and goes on by itself while the browser is offline. */
import type { DocumentView, FirestoreAccess, Listened } from "../firestore/access.ts";
import { failureOf } from "../firestore/failures.ts";
import { createPatience } from "./patience.ts";
import type { Snapshot, Watching, Way } from "./way.ts";

/** A reader that is slow loses the oldest. */
const WAITING_MAX = 100;
/**
 * After so long without news the listener is made anew, which reads the document once more; then after twice as
 * long, and so on. The emulator now and then loses a write that comes while a listener is being made (3 of 1,500
 * jobs on a busy machine), and would leave the watch waiting for ever.
 */
const SILENCE_MS = 5_000;
const SILENCE_MAX_MS = 60_000;
/**
 * A short job's document comes sooner; what is missing for longer is asked for elsewhere, and tells of `running` before
 * its document does. On the emulator that is also one job in seven that ends while its listener is being made, which the
 * emulator then never tells.
 */
const MISSING_MS = 100;

export function watchByListener<Shown extends Snapshot>(
  access: FirestoreAccess,
  listened: Listened<Shown>,
  { silenceMs = SILENCE_MS, missingMs = MISSING_MS } = {},
): Way<Shown> {
  return async function* listen(watching) {
    const patience = createPatience(watching);
    for (let silence = silenceMs; ; silence = Math.min(silence * 2, SILENCE_MAX_MS)) {
      try {
        for await (const document of documents(access, listened.path, watching, { silence, missingMs })) {
          patience.heard();
          const shown = await readEither(listened, document, watching.signal);
          if (shown !== undefined) yield shown;
        }
      } catch (error) {
        await patience.afterFailure(error);
      }
    }
  };
}

async function readEither<Shown>(
  { read, readElsewhere }: Listened<Shown>,
  document: DocumentView,
  signal: AbortSignal,
): Promise<Shown | undefined> {
  if (document.exists()) return read(document);
  return isMissing(document) ? await readElsewhere?.(signal) : undefined;
}

/** Not there, says the cache of a browser that is offline: it does not know. */
function isMissing(document: DocumentView): boolean {
  return !(document.exists() || document.metadata.fromCache);
}

/**
 * Every state of the document that the listener tells, that it is missing only if it still is after `missingMs`; ends
 * when it tells nothing for `silence` ms.
 */
async function* documents(
  { db, sdk }: FirestoreAccess,
  path: string,
  { signal }: Watching,
  { silence, missingMs }: { silence: number; missingMs: number },
): AsyncGenerator<DocumentView> {
  const waiting: DocumentView[] = [];
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  const stop = sdk.onSnapshot(
    sdk.doc(db, path),
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
  const hearsWithin = (ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      const patience = setTimeout(() => resolve(false), ms);
      wake = () => {
        clearTimeout(patience);
        resolve(true);
      };
    });
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = waiting.shift();
      if (next === undefined) {
        if (failure !== undefined) throw failure;
        if (!(await hearsWithin(silence))) return;
        continue;
      }
      const isLast = waiting.length === 0 && failure === undefined;
      if (isMissing(next) && (!isLast || (await hearsWithin(missingMs)))) continue;
      yield next;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    stop();
  }
}
