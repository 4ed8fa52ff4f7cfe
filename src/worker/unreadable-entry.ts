/**
 * An entry that this worker cannot read (written by a newer version, or damaged) must not vanish with its job left
 * waiting, nor come back for ever: it costs the job one attempt, and the reconciler writes a new entry from the store.
 */
import { isTerminal } from "../shared/contract/job.ts";
import { JOB_ID_PATTERN } from "../shared/contract/values.ts";
import { platformFailure } from "../shared/failure-codes.ts";
import type { Logger } from "../shared/logging.ts";
import { ATTEMPTS_MAX } from "../shared/queue/job-queue.ts";
import { Attempt, type AttemptParts } from "./attempt.ts";

/** Rejects with StoreUnavailableError: the queue then retries the entry. */
export async function giveUpUnreadable(
  parts: AttemptParts,
  jobId: string | undefined,
  logger: Logger,
): Promise<void> {
  if (jobId === undefined || !JOB_ID_PATTERN.test(jobId)) return;
  const stored = await parts.store.read(jobId);
  if (stored === undefined || isTerminal(stored.job.status)) return;
  const attempt = new Attempt(parts, stored, stored.job.attempts, logger);
  if (attempt.attemptsUsed + 1 < ATTEMPTS_MAX) await attempt.giveUp();
  else await attempt.fail(platformFailure("worker_failed").failure, {});
}
