/** A job whose attempt meets an outage of the job store or of its bars waits for the end of it and uses no attempt. */
import { StoreUnavailableError } from "../shared/errors.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import type { Attempt } from "./attempt.ts";
import { outageDelay, type Verdict } from "./verdict.ts";

interface OutageParts {
  store: Pick<JobStore, "check">;
  observe: { storeUnavailable(): void };
}

/** The bars cannot be read now: the execution has not begun. */
class BarsAwayError extends Error {
  override name = "BarsAwayError";
}

/** For what loading the bars may throw. */
export function asBarsAway(error: unknown): never {
  if (error instanceof StoreUnavailableError) throw new BarsAwayError(error.message, { cause: error });
  throw error;
}

/**
 * Whether an outage is to blame. A store that answers again and still does not take what this attempt writes is none:
 * such a job would wait for ever, so it uses an attempt.
 */
export async function mustWait({ store }: OutageParts, attempt: Attempt, error: unknown): Promise<boolean> {
  if (attempt.stopReason !== undefined) return false;
  if (error instanceof BarsAwayError) return true;
  if (!(error instanceof StoreUnavailableError)) return false;
  return store.check().then(
    () => false,
    () => true,
  );
}

export async function waitForStore({ observe }: OutageParts, attempt: Attempt): Promise<Verdict> {
  await attempt.settle();
  attempt.logger.warn("The job waits for the job store or its bars");
  observe.storeUnavailable();
  return outageDelay();
}
