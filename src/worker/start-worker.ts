/** Puts the worker's parts together and takes them apart again. */
import { startAdminServer } from "../shared/admin-server.ts";
import type { WorkerConfig } from "../shared/config.ts";
import type { ExecutorClient } from "../shared/executor/port.ts";
import { newId } from "../shared/ids.ts";
import type { Logger } from "../shared/logging.ts";
import { createMetrics, createStrategyMetrics } from "../shared/metrics.ts";
import { createCancelPublisher } from "../shared/queue/cancel-channel.ts";
import { FairTurns } from "../shared/queue/fair/fair-turns.ts";
import { SameWork } from "../shared/queue/fair/same-work.ts";
import { CHUNKS, JOBS, type QueueKind } from "../shared/queue/queue-kinds.ts";
import type { StopReason } from "./attempt.ts";
import { createChunkIntake } from "./batches/start-chunks.ts";
import { openConnections } from "./connections.ts";
import { drain } from "./drain.ts";
import { createEntryWorker } from "./entry-worker.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { type JobParts, processJob } from "./process-job.ts";
import { createQueueErrorLog } from "./queue-errors.ts";
import { WorkerReadiness } from "./readiness.ts";
import { createReuse, reuseNothing } from "./reuse.ts";
import { RunningAttempts } from "./running-attempts.ts";
import { startReconciler } from "./start-reconciler.ts";
import { createThrottle } from "./throttle.ts";
import { createTurns, type Turns } from "./turns.ts";

export interface RunningWorker {
  adminPort: number;
  /** Drains and closes everything, once; resolves within the grace time plus some seconds. */
  stop(): Promise<void>;
}

/**
 * Rejects where the job store cannot be opened or the admin address not be bound; Redis and executor may be down.
 * `overrides.executor` is a test's own.
 */
export async function startWorker(
  config: WorkerConfig,
  logger: Logger,
  overrides: { executor?: ExecutorClient } = {},
): Promise<RunningWorker> {
  const workerId = newId();
  const connections = await openConnections(config, logger, overrides.executor);
  const { redis, queue, store, names, plans } = connections;
  const registry = createMetrics("strategiz-worker");
  const cancelled = createCancelPublisher({ connection: redis, prefix: config.QUEUE_PREFIX });
  const running = new RunningAttempts(connections.cancels, cancelled);
  const onError = createQueueErrorLog(logger, () => throttle.redisIsFull());
  const worker = createEntryWorker({
    connection: connections.bullRedis,
    prefix: config.QUEUE_PREFIX,
    parts: connections,
    isOpen: () => throttle.isOpen(),
    holds: (jobId) => running.has(jobId),
    run: (delivery) => processJob(jobParts, delivery),
    onError,
    logger,
  });
  const turnsOf = <Entry>(kind: QueueKind<Entry>, other: { queue: string }): Turns<Entry> =>
    createTurns(kind, {
      accounts: new FairTurns(redis, config.QUEUE_PREFIX, kind.queue, other.queue),
      runningMax: (owner) => plans.planOf(owner).running,
      atOnce: () => throttle.atOnce(),
      logger,
    });
  const chunkIntake = createChunkIntake({
    workerId,
    connections,
    prefix: config.QUEUE_PREFIX,
    cancelled,
    throttle: () => throttle,
    turns: turnsOf(CHUNKS, JOBS),
    onError,
    meter: registry.meter,
    logger,
  });
  const throttle = createThrottle({ jobs: worker, chunks: chunkIntake.worker }, connections, {
    maxConcurrency: config.WORKER_CONCURRENCY,
    logger,
  });
  const jobParts: JobParts = {
    ...connections,
    metrics: createStrategyMetrics(registry.meter),
    watch: (attempt) => running.watch(attempt),
    turns: turnsOf(JOBS, CHUNKS),
    reuse: config.REUSE_RESULTS
      ? createReuse({
          index: new SameWork(redis, config.QUEUE_PREFIX, JOBS.queue, config.RETENTION_DAYS),
          store,
          versions: () => throttle.versions(),
          logger,
        })
      : reuseNothing,
    observe: throttle.observe,
    logger,
  };
  const held = {
    ids: () => [...running.ids(), ...chunkIntake.running.ids()],
    stopAll(reason: StopReason) {
      for (const part of [running, chunkIntake.running]) part.stopAll(reason);
    },
  };

  const reconciler = startReconciler(connections, config, workerId, chunkIntake.advance, logger);
  const heartbeat = startHeartbeat({
    connection: redis,
    names,
    workerId,
    heldJobs: () => held.ids(),
    onWorkers: (live) => throttle.workersSeen(live),
    onMarkerMissing: () => reconciler.requestFullPass(),
    logger,
  });
  const readiness = new WorkerReadiness({ store, queue, executorServes: () => throttle.executorServes() });

  const stop = async (): Promise<void> => {
    readiness.draining();
    await drain({
      workers: [worker, chunkIntake.worker],
      running: held,
      graceMs: config.DRAIN_GRACE_SECONDS * 1_000,
      logger,
    });
    throttle.stop();
    await chunkIntake.shown.stop();
    await reconciler.stop();
    await heartbeat.stop();
    await connections.close();
    await registry.close();
    logger.info("stopped");
  };
  try {
    const admin = await startAdminServer({
      host: config.ADMIN_HOST,
      port: config.ADMIN_PORT,
      readiness: () => readiness.read(),
      metrics: () => registry.render(),
      logger,
    });
    logger.info({ adminPort: admin.port, workerId }, "listening");
    let stopped: Promise<void> | undefined;
    return {
      adminPort: admin.port,
      stop() {
        stopped ??= stop().then(() => admin.close());
        return stopped;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
