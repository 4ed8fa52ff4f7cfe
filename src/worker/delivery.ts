/** The edge to BullMQ: entries come in here, verdicts go out. */
import { type Job as BullJob, DelayedError, WaitingError } from "bullmq";
import type { Logger } from "../shared/logging.ts";
import { type QueueEntry, queueEntrySchema } from "../shared/queue/entry.ts";
import type { Verdict } from "./verdict.ts";

/** One handing over of an entry to a worker. */
export interface Delivery {
  entry: QueueEntry;
  /** Nobody had the entry before: what it says of the job is what the store said when it was made. */
  isFirst: boolean;
  /** Attempts used up as far as the queue knows: failed ones and those whose worker was lost. */
  attemptsUsed: number;
}

/** undefined for an entry that is not ours to read, such as one of a newer version. */
export function readDelivery(job: BullJob, logger: Logger): Delivery | undefined {
  const parsed = queueEntrySchema.safeParse(job.data);
  if (!parsed.success || parsed.data.jobId !== job.id) {
    logger.error({ jobId: job.id, issues: parsed.error?.issues }, "A queue entry is not readable");
    return undefined;
  }
  const entry = parsed.data;
  return {
    entry,
    isFirst: job.attemptsStarted <= 1 && job.stalledCounter === 0 && !entry.redelivered,
    attemptsUsed: entry.attempts + job.attemptsMade + job.stalledCounter,
  };
}

/** Tells the queue what to do with the entry; throws what BullMQ wants thrown. */
export async function obeyVerdict(verdict: Verdict, job: BullJob, token: string | undefined): Promise<void> {
  switch (verdict.kind) {
    case "ended":
      return;
    case "retry":
      throw new AttemptFailed(`${verdict.failure.code}: ${verdict.failure.message}`);
    case "delay":
      await job.moveToDelayed(Date.now() + verdict.delayMs, token);
      throw new DelayedError();
    case "put-back":
      await job.moveToWait(token);
      throw new WaitingError();
  }
}

/** Makes BullMQ retry the entry with its back-off. The job store has the failure; this is for Redis and logs. */
class AttemptFailed extends Error {
  override name = "AttemptFailed";
}
