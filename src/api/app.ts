/** The HTTP application: what every request goes through, then the routes, under /v1 and under /. */
import type { Meter } from "@opentelemetry/api";
import express, { type Express } from "express";
import type { Readiness } from "../shared/admin-server.ts";
import type { ExecutorClient } from "../shared/executor/port.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import type { Logger } from "../shared/logging.ts";
import type { MarketDataSource } from "../shared/market-data/series.ts";
import type { Plans } from "../shared/plans.ts";
import type { CancelPublisher } from "../shared/queue/cancel-channel.ts";
import type { EventPublisher } from "../shared/queue/event-channel.ts";
import type { JobQueue } from "../shared/queue/job-queue.ts";
import { logRequests } from "./access-log.ts";
import type { Authenticate } from "./authenticate.ts";
import { type BatchRouteParts, batchRoutes } from "./batches/routes.ts";
import { createCapacity } from "./capacity.ts";
import { allowOrigins } from "./cors.ts";
import { createGauges } from "./gauges.ts";
import type { JobWatch } from "./job-watch.ts";
import { guardLoopback } from "./loopback-guard.ts";
import { mountRoutes } from "./mount-routes.ts";
import { answerErrors, notFound } from "./problem-details.ts";
import type { RateLimits } from "./rate-limits.ts";
import { refuseCredentialsInQuery } from "./read-query.ts";
import { openContext } from "./request-context.ts";
import type { Route } from "./route.ts";
import { cancelJobRoute } from "./routes/cancel-job.ts";
import { documentationRoutes } from "./routes/documentation.ts";
import { executeCodeRoute } from "./routes/execute-code.ts";
import { getJobRoute } from "./routes/get-job.ts";
import { getJobResultRoute } from "./routes/get-job-result.ts";
import { resultTableRoutes } from "./routes/get-result-table.ts";
import { executionHealthRoute, healthzRoute, readyzRoute } from "./routes/health.ts";
import { listJobsRoute } from "./routes/list-jobs.ts";
import { streamJobEventsRoute } from "./routes/stream-job-events.ts";
import { submitJobRoute } from "./routes/submit-job.ts";
import { getSymbolListRoute, listSymbolListsRoute } from "./routes/symbol-lists.ts";
import { getSymbolRoute, listSymbolsRoute } from "./routes/symbols.ts";
import { validateRoute } from "./routes/validate.ts";
import { securityHeaders } from "./security-headers.ts";

export interface AppParts extends BatchRouteParts {
  store: JobStore;
  queue: JobQueue;
  cancels: CancelPublisher;
  events: EventPublisher;
  watch: JobWatch;
  executor: Pick<ExecutorClient, "validate" | "health">;
  marketData: Pick<MarketDataSource, "listSymbols" | "describeSymbol" | "loadSeries">;
  readiness: () => Promise<Readiness>;
  authenticate: Authenticate;
  /** No authentication: only this machine's own requests are let in. */
  loopbackOnly: boolean;
  corsOrigins: readonly string[];
  /** Entries that may wait in the queue before 429. */
  queueCap: number;
  plans: Plans;
  rateLimits: RateLimits;
  /** Proxies between clients and this server. */
  trustedProxies: number;
  keyKeptMs: number;
  limits: AppLimits;
  meter: Meter;
  logger: Logger;
}

/** What one process keeps open, at most. */
export interface AppLimits {
  /** Requests that wait for a job; 503 beyond. */
  waits: number;
  /** Event streams; 503 beyond. */
  streams: number;
  /** How long execute-code waits for its job: the executor's default limit of 10 s, and 20 s around it. */
  executeCodeMs: number;
}

export const APP_LIMITS: AppLimits = { waits: 5_000, streams: 2_000, executeCodeMs: 30_000 };

export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.set("trust proxy", parts.trustedProxies);
  app.use(openContext, logRequests(parts.logger, parts.meter), securityHeaders);
  if (parts.loopbackOnly) app.use(guardLoopback(parts.corsOrigins));
  if (parts.corsOrigins.length > 0) app.use(allowOrigins(parts.corsOrigins));
  app.use(refuseCredentialsInQuery);
  const router = mountRoutes(createRoutes(parts), parts.authenticate, parts.rateLimits);
  app.use("/v1", router);
  app.use(router);
  app.use(() => {
    throw notFound("There is no such route. /v1/docs lists what there is.");
  });
  app.use(answerErrors(parts.logger));
  return app;
}

function createRoutes(parts: AppParts): Route[] {
  const waits = createCapacity(parts.limits.waits, "waits");
  const streams = createCapacity(parts.limits.streams, "event streams");
  createGauges({ ...parts, waits, streams });
  const routes = [
    submitJobRoute({ ...parts, waits }),
    getJobRoute({ ...parts, waits }),
    getJobResultRoute(parts),
    ...resultTableRoutes(parts),
    streamJobEventsRoute({ ...parts, streams }),
    cancelJobRoute(parts),
    listJobsRoute(parts),
    ...batchRoutes(parts, streams),
    validateRoute(parts),
    listSymbolsRoute(parts),
    getSymbolRoute(parts),
    listSymbolListsRoute(parts),
    getSymbolListRoute(parts),
    executeCodeRoute({ ...parts, waits, waitMs: parts.limits.executeCodeMs }),
    executionHealthRoute(parts),
    healthzRoute(),
    readyzRoute(parts),
  ];
  return [...routes, ...documentationRoutes(routes)];
}
