/** Decides whether and how many jobs the worker takes, from what it hears of executor, job store and Redis. */
import type { Worker } from "bullmq";
import type { PlatformFailureCode } from "../shared/failure-codes.ts";
import type { Logger } from "../shared/logging.ts";
import { OwnersLately } from "./batches/owners-lately.ts";
import { Concurrency } from "./concurrency.ts";
import type { Connections } from "./connections.ts";
import { ExecutorWatch } from "./executor-watch.ts";
import { Intake, type Tap } from "./intake.ts";
import { Outage } from "./outages.ts";
import type { Observer } from "./process-job.ts";

const EXECUTOR_GONE: ReadonlySet<string> = new Set<PlatformFailureCode>([
  "executor_lost",
  "executor_unavailable",
  "executor_timeout",
]);

/**
 * In the executor's short line, however long chunks take: it has code and bars in a child by the time that a slot is
 * free, and the slot does not wait while a part is written. Not beside chunks of other owners: whose turn it is would be
 * decided a chunk too early.
 */
const CHUNKS_AHEAD = 1;
/** Half of them are about a second of work: the record of a batch, written as the next ones are issued, is no hot document. */
const CHUNKS_A_SLOT = 10;

export interface Throttle {
  isOpen(): boolean;
  executorServes(): boolean;
  /** Jobs at once of all workers. */
  atOnce(): number;
  /** Of everything in the executors that a result depends on. */
  versions(): string;
  /** What attempts tell. */
  observe: Observer;
  /** What chunks of batches tell. */
  observeChunks: Observer;
  /** A chunk of this owner has come. */
  chunkOf(owner: string): void;
  /** Chunks of one batch to keep in Redis, so that no slot waits for the next. */
  windowChunks(): number;
  workersSeen(live: number): void;
  redisIsFull(): void;
  stop(): void;
}

/** The worker must not run yet: it does once the executor's health is known. */
export function createThrottle(
  workers: { jobs: Worker; chunks: Worker },
  { executor, store, redis, names }: Pick<Connections, "executor" | "store" | "redis" | "names">,
  options: { maxConcurrency: number | undefined; logger: Logger },
): Throttle {
  const { logger } = options;
  const intake = new Intake(bothTaps(workers), logger);
  const max = options.maxConcurrency;
  const concurrency = new Concurrency(
    (jobs) => {
      workers.jobs.concurrency = jobs;
      logger.debug({ jobs }, "jobs at once");
    },
    { max },
  );
  const chunkConcurrency = new Concurrency(
    (chunks) => {
      workers.chunks.concurrency = chunks;
      logger.debug({ chunks }, "chunks at once");
    },
    { max, ahead: CHUNKS_AHEAD, shortMs: Number.POSITIVE_INFINITY },
  );
  const executorWatch = new ExecutorWatch({
    executor,
    onSlots: (slots, batchSlots) => {
      concurrency.slotsSeen(slots);
      chunkConcurrency.slotsSeen(batchSlots);
      if (executorWatch.serving() > 0) intake.open("executor");
      else intake.close("executor");
      intake.open("starting");
    },
    logger,
  });
  const chunkOwners = new OwnersLately();
  const storeOutage = new Outage(intake, "job store", () => store.check());
  const redisFull = new Outage(intake, "Redis memory", () => redis.set(names.probeKey, "1", "PX", 1_000));
  const observerOf = (of: Concurrency): Observer => ({
    executed: (milliseconds) => of.executed(milliseconds),
    busy: () => of.busy(),
    failedPlatform(code) {
      // Health may take seconds to say that the only executor is gone: enough to use up every attempt of a job.
      if (EXECUTOR_GONE.has(code) && executorWatch.serving() <= 1) intake.close("executor");
      executorWatch.lookNow();
    },
    storeUnavailable: () => storeOutage.begin(),
  });
  return {
    isOpen: () => intake.isOpen(),
    executorServes: () => executorWatch.serving() > 0,
    atOnce: () => concurrency.ofAllWorkers,
    versions: () => executorWatch.versions(),
    observe: observerOf(concurrency),
    observeChunks: observerOf(chunkConcurrency),
    chunkOf: (owner) => chunkConcurrency.runAhead(chunkOwners.seen(owner) === 1),
    windowChunks: () => CHUNKS_A_SLOT * chunkConcurrency.slots + CHUNKS_AHEAD,
    workersSeen(live) {
      concurrency.workersSeen(live);
      chunkConcurrency.workersSeen(live);
    },
    redisIsFull: () => redisFull.begin(),
    stop() {
      for (const part of [executorWatch, storeOutage, redisFull]) part.stop();
    },
  };
}

function bothTaps({ jobs, chunks }: { jobs: Tap; chunks: Tap }): Tap {
  const both = async (turn: (tap: Tap) => Promise<void>): Promise<void> => {
    await Promise.all([turn(jobs), turn(chunks)]);
  };
  return {
    pause: (doNotWaitActive) => both((tap) => tap.pause(doNotWaitActive)),
    resume: () => both((tap) => tap.resume()),
  };
}
