/** Puts the worker's parts together and takes them apart again. */
import { type AdminServer, startAdminServer } from "../shared/admin-server.ts";
import type { WorkerConfig } from "../shared/config.ts";
import { createExecutorClient } from "../shared/executor/grpc-executor-client.ts";
import type { ExecutorClient } from "../shared/executor/port.ts";
import { newId } from "../shared/ids.ts";
import { openJobStore } from "../shared/job-store/open-job-store.ts";
import type { Logger } from "../shared/logging.ts";
import { cacheSeries } from "../shared/market-data/cached-market-data.ts";
import { createCsvMarketData } from "../shared/market-data/csv-market-data.ts";
import { createMetrics, createStrategyMetrics } from "../shared/metrics.ts";
import { createCancelPublisher, createCancelSubscriber } from "../shared/queue/cancel-channel.ts";
import { createEventPublisher } from "../shared/queue/event-channel.ts";
import { createJobQueue } from "../shared/queue/job-queue.ts";
import { queueNames } from "../shared/queue/names.ts";
import { closeRedis, connectRedis } from "../shared/redis.ts";
import { Concurrency } from "./concurrency.ts";
import { drain } from "./drain.ts";
import { createEntryWorker } from "./entry-worker.ts";
import { ExecutorWatch } from "./executor-watch.ts";
import { heldJobs, startHeartbeat } from "./heartbeat.ts";
import { Intake } from "./intake.ts";
import { Outage } from "./outages.ts";
import { type JobParts, processJob } from "./process-job.ts";
import { createQueueErrorLog } from "./queue-errors.ts";
import { WorkerReadiness } from "./readiness.ts";
import { Reconciler } from "./reconciler.ts";
import { ReconcilerLock } from "./reconciler-lock.ts";
import { RunningAttempts } from "./running-attempts.ts";

export interface RunningWorker {
  adminPort: number;
  /** Drains and closes everything; resolves within the grace time plus some seconds. */
  stop(): Promise<void>;
}

/** What a test may bring itself. */
export interface WorkerOverrides {
  executor?: ExecutorClient;
}

/** Rejects where the job store cannot be opened or the admin address not be bound; Redis and executor may be down. */
export async function startWorker(
  config: WorkerConfig,
  logger: Logger,
  overrides: WorkerOverrides = {},
): Promise<RunningWorker> {
  const workerId = newId();
  const prefix = config.QUEUE_PREFIX;
  const names = queueNames(prefix);
  const store = await openJobStore(config, logger);
  const executor = overrides.executor ?? createExecutorClient(config, logger);
  const registry = createMetrics("strategiz-worker");

  const connection = connectRedis(config.REDIS_URL, "producer", logger);
  const bullConnection = connectRedis(config.REDIS_URL, "worker", logger);
  const queue = createJobQueue({ redisUrl: config.REDIS_URL, prefix, logger });
  const events = createEventPublisher({ connection, prefix, logger });
  const cancelSubscriber = createCancelSubscriber({ redisUrl: config.REDIS_URL, prefix, logger });
  const running = new RunningAttempts(cancelSubscriber, createCancelPublisher({ connection, prefix }));

  const worker = createEntryWorker({
    connection: bullConnection,
    prefix,
    parts: { store, events },
    isOpen: () => intake.isOpen(),
    run: (delivery) => processJob(jobParts, delivery),
    onError: createQueueErrorLog(logger, () => redisMemory.begin()),
    logger,
  });
  const intake = new Intake(worker, logger);
  const redisMemory = new Outage(intake, "Redis memory", () =>
    connection.set(`${prefix}:probe`, "1", "PX", 1_000),
  );
  const storeOutage = new Outage(intake, "job store", () => store.check());
  const concurrency = new Concurrency(
    (jobs) => {
      worker.concurrency = jobs;
      logger.debug({ jobs }, "jobs at once");
    },
    { max: config.WORKER_CONCURRENCY },
  );
  const executorWatch = new ExecutorWatch({
    executor,
    onSlots: (slots) => {
      concurrency.slotsSeen(slots);
      if (executorWatch.serving()) intake.open("executor");
      else intake.close("executor");
      intake.open("starting");
    },
    logger,
  });
  const jobParts: JobParts = {
    store,
    events,
    executor,
    marketData: cacheSeries(
      createCsvMarketData(config.MARKET_DATA_DIR),
      config.MARKET_DATA_CACHE_MB * 1024 * 1024,
    ),
    metrics: createStrategyMetrics(registry.meter),
    watch: (attempt) => running.watch(attempt),
    observe: {
      executed: (milliseconds) => concurrency.executed(milliseconds),
      busy: () => concurrency.busy(),
      failedPlatform: () => executorWatch.lookNow(),
      storeUnavailable: () => storeOutage.begin(),
    },
    logger,
  };

  const intervalMs = config.RECONCILE_INTERVAL_SECONDS * 1_000;
  const reconciler = new Reconciler(
    {
      store,
      queue,
      events,
      lock: new ReconcilerLock(
        connection,
        names.reconcilerLockKey,
        workerId,
        Math.max(3 * intervalMs, 10_000),
      ),
      held: (jobIds) => heldJobs(connection, names, jobIds),
      setMarker: async () => {
        await connection.set(names.markerKey, new Date().toISOString());
      },
      logger,
    },
    {
      intervalMs,
      untouchedMs: config.RECONCILE_UNTOUCHED_SECONDS * 1_000,
      retentionDays: config.RETENTION_DAYS,
    },
  );
  queue.onConnected((first) => reconciler.queueConnected(first));
  const heartbeat = startHeartbeat({
    connection,
    names,
    workerId,
    heldJobs: () => running.jobIds(),
    onWorkers: (live) => concurrency.workersSeen(live),
    onMarkerMissing: () => reconciler.requestFullPass(),
    logger,
  });

  const readiness = new WorkerReadiness({ store, queue, executorWatch });
  let admin: AdminServer | undefined;
  const stop = async (): Promise<void> => {
    readiness.draining();
    await drain({ worker, running, graceMs: config.DRAIN_GRACE_SECONDS * 1_000, logger });
    for (const part of [executorWatch, redisMemory, storeOutage]) part.stop();
    await reconciler.stop();
    await heartbeat.stop();
    await cancelSubscriber.close();
    await queue.close();
    await Promise.all([closeRedis(connection), closeRedis(bullConnection)]);
    executor.close();
    await store.close();
    await admin?.close();
    await registry.close();
    logger.info("stopped");
  };
  try {
    admin = await startAdminServer({
      host: config.ADMIN_HOST,
      port: config.ADMIN_PORT,
      readiness: () => readiness.read(),
      metrics: () => registry.render(),
      logger,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  logger.info({ adminPort: admin.port, workerId }, "listening");
  return { adminPort: admin.port, stop };
}
