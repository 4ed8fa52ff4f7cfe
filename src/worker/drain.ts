import type { Worker } from "bullmq";
import type { Logger } from "../shared/logging.ts";
import type { RunningAttempts } from "./running-attempts.ts";

/** What putting jobs back, or a Redis that does not answer, may take after the grace time. */
const PUT_BACK_MS = 5_000;

/**
 * Takes no more jobs; lets those that run finish within the grace time, then puts the rest back at the head of the
 * queue. Resolves also where Redis does not let go: such jobs stall and are taken over.
 */
export async function drain(options: {
  worker: Worker;
  running: RunningAttempts;
  graceMs: number;
  logger: Logger;
}): Promise<void> {
  const { worker, running, graceMs, logger } = options;
  const closed = worker
    .close()
    .catch((error: unknown) => logger.warn({ err: error }, "The queue's worker did not close cleanly"));
  logger.info({ running: running.jobIds().length, graceMs }, "draining");
  if (await within(closed, graceMs)) return;
  logger.warn({ jobs: running.jobIds() }, "putting jobs back in the queue");
  running.stopAll("draining");
  if (await within(closed, PUT_BACK_MS)) return;
  logger.error({ jobs: running.jobIds() }, "Redis or the job store did not let go; other workers take over");
}

async function within(done: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([done.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
