/** From a delivery to an attempt: may this job still be run, and from which fence? */
import { isTerminal } from "../shared/contract/job.ts";
import { platformFailure } from "../shared/failure-codes.ts";
import type { Logger } from "../shared/logging.ts";
import type { QueueEntry } from "../shared/queue/entry.ts";
import { ATTEMPTS_MAX } from "../shared/queue/job-queue.ts";
import { Attempt, type AttemptParts, type KnownJob } from "./attempt.ts";
import type { Delivery } from "./delivery.ts";

/**
 * undefined if there is nothing to run: the job is terminal, gone, or has used up its attempts (it is failed then).
 * Rejects with StoreUnavailableError where the store has to be asked and does not answer.
 */
export async function takeJob(
  parts: AttemptParts,
  delivery: Delivery,
  logger: Logger,
): Promise<Attempt | undefined> {
  const { entry, isFirst } = delivery;
  const known = isFirst ? knownFromEntry(entry) : await parts.store.read(entry.jobId);
  if (known === undefined || isTerminal(known.job.status)) {
    logger.debug({ jobId: entry.jobId }, "The job has ended already");
    return undefined;
  }
  const attemptsUsed = Math.max(known.job.attempts, delivery.attemptsUsed);
  if (attemptsUsed < ATTEMPTS_MAX) return new Attempt(parts, known, attemptsUsed, logger);
  // fail() counts the attempt it ends; here the lost ones are counted already.
  const last = new Attempt(parts, known, ATTEMPTS_MAX - 1, logger);
  await last.fail(platformFailure("worker_lost").failure, {});
  last.logger.warn("The job failed: its attempts were lost");
  return undefined;
}

function knownFromEntry(entry: QueueEntry): KnownJob {
  const { jobId, version, createdAt, attempts, request, fence } = entry;
  return {
    fence,
    job: {
      id: jobId,
      status: "queued",
      version,
      createdAt,
      symbol: request.symbol,
      timeframe: request.timeframe,
      strategyId: request.strategy.id,
      labels: request.labels,
      attempts,
    },
  };
}
