/** Decides whether and how many jobs the worker takes, from what it hears of executor, job store and Redis. */
import type { Worker } from "bullmq";
import type { PlatformFailureCode } from "../shared/failure-codes.ts";
import type { Logger } from "../shared/logging.ts";
import { Concurrency } from "./concurrency.ts";
import type { Connections } from "./connections.ts";
import { ExecutorWatch } from "./executor-watch.ts";
import { Intake } from "./intake.ts";
import { Outage } from "./outages.ts";
import type { Observer } from "./process-job.ts";

const EXECUTOR_GONE: ReadonlySet<string> = new Set<PlatformFailureCode>([
  "executor_lost",
  "executor_unavailable",
  "executor_timeout",
]);

export interface Throttle {
  isOpen(): boolean;
  executorServes(): boolean;
  /** Of all executors, as last heard. */
  slots(): number;
  /** What attempts tell. */
  observe: Observer;
  workersSeen(live: number): void;
  redisIsFull(): void;
  stop(): void;
}

/** The worker must not run yet: it does once the executor's health is known. */
export function createThrottle(
  worker: Worker,
  { executor, store, redis, names }: Pick<Connections, "executor" | "store" | "redis" | "names">,
  options: { maxConcurrency: number | undefined; logger: Logger },
): Throttle {
  const { logger } = options;
  const intake = new Intake(worker, logger);
  const concurrency = new Concurrency(
    (jobs) => {
      worker.concurrency = jobs;
      logger.debug({ jobs }, "jobs at once");
    },
    { max: options.maxConcurrency },
  );
  const executorWatch = new ExecutorWatch({
    executor,
    onSlots: (slots) => {
      concurrency.slotsSeen(slots);
      if (executorWatch.serving() > 0) intake.open("executor");
      else intake.close("executor");
      intake.open("starting");
    },
    logger,
  });
  const storeOutage = new Outage(intake, "job store", () => store.check());
  const redisFull = new Outage(intake, "Redis memory", () => redis.set(names.probeKey, "1", "PX", 1_000));
  return {
    isOpen: () => intake.isOpen(),
    executorServes: () => executorWatch.serving() > 0,
    slots: () => concurrency.slots,
    observe: {
      executed: (milliseconds) => concurrency.executed(milliseconds),
      busy: () => concurrency.busy(),
      failedPlatform(code) {
        // Health may take seconds to say that the only executor is gone: enough to use up every attempt of a job.
        if (EXECUTOR_GONE.has(code) && executorWatch.serving() <= 1) intake.close("executor");
        executorWatch.lookNow();
      },
      storeUnavailable: () => storeOutage.begin(),
    },
    workersSeen: (live) => concurrency.workersSeen(live),
    redisIsFull: () => redisFull.begin(),
    stop() {
      for (const part of [executorWatch, storeOutage, redisFull]) part.stop();
    },
  };
}
