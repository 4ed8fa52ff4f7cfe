/**
 * When the listeners of a job find it in a store that has listeners. A job that starts at once is there when it ends,
 * or has run for a moment, which the worker writes; one that waits is shown from here. While jobs wait, the next ones
 * are seen at once, which takes a write less than showing them afterwards.
 */
import { isTerminal } from "../shared/contract/job.ts";
import { StoreUnavailableError } from "../shared/errors.ts";
import { presentJob } from "../shared/job-store/job-record.ts";
import { type JobStore, type StoredJob, WORTH_SHOWING_MS } from "../shared/job-store/port.ts";
import type { Logger } from "../shared/logging.ts";
import type { Showing } from "../shared/submit-job.ts";
import type { JobWatch } from "./job-watch.ts";

/** How long a job that waited lets others expect to. */
const WAIT_EXPECTED_MS = 1_000;
/** After the worker wrote that it runs, unless it put the job back before that: then nobody else would show it. */
const SECOND_LOOK_MS = 1_000;
/** Jobs looked after at once; those beyond are seen at once. */
const LOOKED_AFTER_MAX = 10_000;

interface ShowingParts {
  store: Pick<JobStore, "show">;
  watch: Pick<JobWatch, "newest">;
  logger: Logger;
}

/** undefined where nobody listens to the store. */
export function createShowing({ store, watch, logger }: ShowingParts): Showing | undefined {
  if (store.show === undefined) return undefined;
  const show = store.show.bind(store);
  let lookedAfter = 0;
  let waitExpectedUntil = 0;

  function lookAfter(ms: number, stored: StoredJob, look: (stored: StoredJob) => Promise<void>): void {
    lookedAfter += 1;
    setTimeout(() => {
      lookedAfter -= 1;
      look(stored).catch((error: unknown) => logger.error({ err: error }, "A job could not be shown"));
    }, ms).unref();
  }

  async function firstLook(stored: StoredJob): Promise<void> {
    const { status, version } = watch.newest(presentJob(stored.job));
    if (isTerminal(status)) return;
    if (version !== stored.job.version) return lookAfter(SECOND_LOOK_MS, stored, secondLook);
    waitExpectedUntil = performance.now() + WAIT_EXPECTED_MS;
    await tryToShow(stored);
  }

  async function secondLook(stored: StoredJob): Promise<void> {
    if (!isTerminal(watch.newest(presentJob(stored.job)).status)) await tryToShow(stored);
  }

  async function tryToShow(stored: StoredJob): Promise<void> {
    try {
      await show(stored);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      logger.debug(
        { err: error, jobId: stored.job.id },
        "a waiting job could not be shown; the reconciler will",
      );
    }
  }

  return {
    seen: () =>
      performance.now() < waitExpectedUntil || lookedAfter >= LOOKED_AFTER_MAX ? "at once" : "later",
    look(stored) {
      if (lookedAfter < LOOKED_AFTER_MAX) lookAfter(WORTH_SHOWING_MS, stored, firstLook);
    },
  };
}
