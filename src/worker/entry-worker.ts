/** BullMQ's worker, set up for our queues. It takes no entry before its intake opens. */
import { type Processor, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Logger } from "../shared/logging.ts";
import { QUEUE_NAME } from "../shared/queue/names.ts";
import type { AttemptParts } from "./attempt.ts";
import { type Delivery, obeyVerdict, readDelivery } from "./delivery.ts";
import { giveUpUnreadable } from "./unreadable-entry.ts";
import { outageDelay, type Verdict } from "./verdict.ts";

/** A worker that was killed lets go of its jobs after this. */
const LOCK_MS = 5_000;
/** A look only marks what the next one moves, and the killed worker may have made the last: three of these at worst. */
const STALLED_LOOK_MS = 2_000;
/** Attempts are capped by their count in entry and store; BullMQ's own cap would drop the entry unseen. */
const STALLS_MAX = 1_000_000;

export interface QueueWorkerOptions {
  /** In the role of a worker; stays the caller's to close. */
  connection: Redis;
  prefix: string;
  onError: (error: Error) => void;
  logger: Logger;
}

export interface EntryWorkerOptions extends QueueWorkerOptions {
  parts: AttemptParts;
  isOpen: () => boolean;
  /** Whether an attempt of this very worker runs the job. */
  holds: (jobId: string) => boolean;
  run: (delivery: Delivery) => Promise<Verdict>;
}

export function createEntryWorker(options: EntryWorkerOptions): Worker {
  const { logger } = options;
  return createQueueWorker(QUEUE_NAME, options, async (job, token) => {
    // A fetch that was under way when the intake closed still brings one. And an entry whose lock could not be
    // renewed comes again while its attempt goes on: that attempt will end the job.
    if (!options.isOpen() || options.holds(job.id ?? "")) return obeyVerdict(outageDelay(), job, token);
    const delivery = readDelivery(job, logger);
    if (delivery === undefined) return giveUpUnreadable(options.parts, job.id, logger);
    await obeyVerdict(await options.run(delivery), job, token);
  });
}

export function createQueueWorker(queue: string, options: QueueWorkerOptions, process: Processor): Worker {
  const worker = new Worker(queue, process, {
    connection: options.connection,
    prefix: options.prefix,
    autorun: false,
    concurrency: 1,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_LOOK_MS,
    maxStalledCount: STALLS_MAX,
    runRetryDelay: 1_000,
  });
  worker.on("error", options.onError);
  worker.on("stalled", (entry) =>
    options.logger.warn({ entry }, "a worker lost this entry; it is queued again"),
  );
  return worker;
}
