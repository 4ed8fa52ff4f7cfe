import type { Logger } from "../shared/logging.ts";
import type { StopReason } from "./attempt.ts";

/** What putting jobs back, or a Redis that does not answer, may take after the grace time. */
const PUT_BACK_MS = 5_000;

/**
 * Takes no more jobs; lets those that run finish within the grace time, then puts the rest back at the head of the
 * queue. Resolves also where Redis does not let go: such jobs stall and are taken over.
 */
export async function drain(options: {
  /** BullMQ's workers. */
  workers: readonly { close(): Promise<void> }[];
  running: { ids(): string[]; stopAll(reason: StopReason): void };
  graceMs: number;
  logger: Logger;
}): Promise<void> {
  const { workers, running, graceMs, logger } = options;
  const closed = Promise.all(workers.map((worker) => worker.close())).catch((error: unknown) =>
    logger.warn({ err: error }, "The queue's worker did not close cleanly"),
  );
  logger.info({ running: running.ids().length, graceMs }, "draining");
  if (await within(closed, graceMs)) return;
  logger.warn({ jobs: running.ids() }, "putting jobs back in the queue");
  running.stopAll("draining");
  if (await within(closed, PUT_BACK_MS)) return;
  logger.error({ jobs: running.ids() }, "Redis or the job store did not let go; other workers take over");
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
