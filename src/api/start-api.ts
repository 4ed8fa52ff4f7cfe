/** The API as one running whole: every part built, wired and, at the end, closed in order. */
import { type AdminServer, startAdminServer } from "../shared/admin-server.ts";
import type { ApiConfig } from "../shared/config.ts";
import { createExecutorClient } from "../shared/executor/grpc-executor-client.ts";
import { openJobStore } from "../shared/job-store/open-job-store.ts";
import type { Logger } from "../shared/logging.ts";
import { openMarketData } from "../shared/market-data/open-market-data.ts";
import { createMetrics } from "../shared/metrics.ts";
import { openPlans } from "../shared/plans.ts";
import { createBatchPublisher, createBatchSubscriber } from "../shared/queue/batch-channel.ts";
import { createCancelPublisher } from "../shared/queue/cancel-channel.ts";
import { createEventPublisher, createEventSubscriber } from "../shared/queue/event-channel.ts";
import { createChunkQueue, createJobQueue } from "../shared/queue/job-queue.ts";
import { closeRedis, connectRedis } from "../shared/redis.ts";
import { APP_LIMITS, type AppLimits, createApp } from "./app.ts";
import { createBatchWatch } from "./batches/batch-watch.ts";
import { createAuthenticator } from "./create-authenticator.ts";
import { startHttpServer } from "./http-server.ts";
import { createJobWatch } from "./job-watch.ts";
import { createRateLimits } from "./rate-limits.ts";
import { createReadiness } from "./readiness.ts";
import { createShowing } from "./showing.ts";
import { openSymbolLists } from "./symbol-lists.ts";

const HOUR_MS = 3_600_000;
/** Answers under way may take this long after SIGTERM. */
const GRACE_MS = 10_000;

export interface RunningApi {
  /** Where it answers, such as http://127.0.0.1:8080. */
  url: string;
  port: number;
  adminPort: number;
  /** Streams and waits end at once, other answers finish; then everything is closed. */
  stop(): Promise<void>;
}

/** Resolves once it listens, whether or not Redis and executor are there. Rejects without a store or an address. */
export async function startApi(
  config: ApiConfig,
  logger: Logger,
  limits: Partial<AppLimits> = {},
): Promise<RunningApi> {
  const authenticator = await createAuthenticator(config, logger);
  const plans = openPlans(config);
  const symbolLists = openSymbolLists(config);
  const store = await openJobStore(config, logger);
  const marketData = await openMarketData(config, logger);
  const shared = { redisUrl: config.REDIS_URL, prefix: config.QUEUE_PREFIX, logger };
  const queueOptions = { ...shared, weightOf: (owner: string) => plans.planOf(owner).weight };
  const queue = createJobQueue(queueOptions);
  const chunks = createChunkQueue(queueOptions);
  const connection = connectRedis(config.REDIS_URL, "producer", logger);
  const subscriber = createEventSubscriber(shared);
  const batchSubscriber = createBatchSubscriber(shared);
  const batchWatch = createBatchWatch(batchSubscriber);
  const executor = createExecutorClient(config, logger);
  const watch = createJobWatch({ store, events: subscriber, logger });
  const metrics = createMetrics("api");
  const readiness = createReadiness({ store, queue, executor, logger });

  async function closeParts(): Promise<void> {
    await Promise.all([queue.close(), chunks.close(), subscriber.close(), batchSubscriber.close()]);
    await closeRedis(connection);
    executor.close();
    await Promise.all([metrics.close(), authenticator.close()]);
    await Promise.all([store.close(), marketData.close()]);
  }

  const app = createApp({
    store,
    queue,
    cancels: createCancelPublisher({ ...shared, connection }),
    events: createEventPublisher({ ...shared, connection }),
    watch,
    showing: createShowing({ store, watch, logger }),
    chunks,
    progress: createBatchPublisher({ ...shared, connection }),
    batchWatch,
    executor,
    marketData: marketData.source,
    symbolLists,
    readiness,
    authenticate: authenticator.authenticate,
    loopbackOnly: authenticator.loopbackOnly,
    corsOrigins: config.CORS_ORIGINS,
    queueCap: config.QUEUE_CAP,
    plans,
    rateLimits: createRateLimits({
      connection,
      prefix: config.QUEUE_PREFIX,
      connected: () => queue.connected(),
      seconds: config.RATE_LIMIT_SECONDS,
      requestsOf: (owner) => plans.planOf(owner).requests,
      addressRequests: config.RATE_LIMIT_ADDRESS_REQUESTS,
    }),
    trustedProxies: config.TRUSTED_PROXIES,
    keyKeptMs: config.IDEMPOTENCY_HOURS * HOUR_MS,
    limits: { ...APP_LIMITS, ...limits },
    meter: metrics.meter,
    logger,
  });
  let admin: AdminServer | undefined;
  try {
    const adminAddress = { host: config.ADMIN_HOST, port: config.ADMIN_PORT };
    admin = await startAdminServer({ ...adminAddress, readiness, metrics: () => metrics.render(), logger });
    const server = await startHttpServer(app, config.HOST, config.PORT);
    const { port: adminPort } = admin;
    return {
      url: `http://${config.HOST.includes(":") ? `[${config.HOST}]` : config.HOST}:${server.port}`,
      port: server.port,
      adminPort,
      async stop() {
        watch.drain();
        batchWatch.drain();
        await server.close(GRACE_MS);
        await admin?.close();
        await closeParts();
      },
    };
  } catch (error) {
    await admin?.close();
    await closeParts();
    throw error;
  }
}
