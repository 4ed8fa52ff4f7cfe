/** Everything outside this process that the worker talks to. */
import type { Redis } from "ioredis";
import type { WorkerConfig } from "../shared/config.ts";
import { createExecutorClient } from "../shared/executor/grpc-executor-client.ts";
import type { ExecutorClient } from "../shared/executor/port.ts";
import { openJobStore } from "../shared/job-store/open-job-store.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import type { Logger } from "../shared/logging.ts";
import { cacheSeries } from "../shared/market-data/cached-market-data.ts";
import { openMarketData } from "../shared/market-data/open-market-data.ts";
import type { MarketDataSource } from "../shared/market-data/series.ts";
import { openPlans, type Plans } from "../shared/plans.ts";
import { type BatchPublisher, createBatchPublisher } from "../shared/queue/batch-channel.ts";
import { type CancelSubscriber, createCancelSubscriber } from "../shared/queue/cancel-channel.ts";
import { createEventPublisher, type EventPublisher } from "../shared/queue/event-channel.ts";
import {
  type ChunkQueue,
  createChunkQueue,
  createJobQueue,
  type JobQueue,
} from "../shared/queue/job-queue.ts";
import { type QueueNames, queueNames } from "../shared/queue/names.ts";
import { closeRedis, connectRedis } from "../shared/redis.ts";

export interface Connections {
  store: JobStore;
  executor: ExecutorClient;
  marketData: MarketDataSource;
  names: QueueNames;
  /** For short commands. */
  redis: Redis;
  /** BullMQ's own. */
  bullRedis: Redis;
  queue: JobQueue;
  plans: Plans;
  chunks: ChunkQueue;
  events: EventPublisher;
  progress: BatchPublisher;
  cancels: CancelSubscriber;
  close(): Promise<void>;
}

/** Rejects where the job store cannot be opened; Redis and executor may be down. `executor` is a test's own. */
export async function openConnections(
  config: WorkerConfig,
  logger: Logger,
  executor: ExecutorClient = createExecutorClient(config, logger),
): Promise<Connections> {
  const { REDIS_URL: redisUrl, QUEUE_PREFIX: prefix } = config;
  const plans = openPlans(config);
  const store = await openJobStore(config, logger);
  const marketData = await openMarketData(config, logger);
  const redis = connectRedis(redisUrl, "producer", logger);
  const bullRedis = connectRedis(redisUrl, "worker", logger);
  const weightOf = (owner: string): number => plans.planOf(owner).weight;
  const queue = createJobQueue({ redisUrl, prefix, logger, weightOf });
  const chunks = createChunkQueue({ redisUrl, prefix, logger, weightOf });
  const cancels = createCancelSubscriber({ redisUrl, prefix, logger });
  const cacheBytes = config.MARKET_DATA_CACHE_MB * 1024 * 1024;
  return {
    store,
    executor,
    marketData: cacheSeries(marketData.source, cacheBytes, marketData),
    names: queueNames(prefix),
    redis,
    bullRedis,
    queue,
    plans,
    chunks,
    events: createEventPublisher({ connection: redis, prefix, logger }),
    progress: createBatchPublisher({ connection: redis, prefix, logger }),
    cancels,
    async close() {
      await Promise.all([
        cancels.close(),
        queue.close(),
        chunks.close(),
        closeRedis(redis),
        closeRedis(bullRedis),
      ]);
      executor.close();
      await Promise.all([store.close(), marketData.close()]);
    },
  };
}
