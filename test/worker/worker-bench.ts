/**
 * What worker tests share: a real Valkey, a real SQLite store, workers in this process with a fake executor, and a
 * submitter that does what the API does.
 */
import { join } from "node:path";
import type { Redis } from "ioredis";
import { type Environment, readWorkerConfig } from "../../src/shared/config.ts";
import { isTerminal, type Job } from "../../src/shared/contract/job.ts";
import { type JobRequest, jobRequestSchema } from "../../src/shared/contract/job-request.ts";
import { STORED_STEP } from "../../src/shared/job-store/job-record.ts";
import { openJobStore } from "../../src/shared/job-store/open-job-store.ts";
import type { JobStore, StoredJob, WriteOutcome } from "../../src/shared/job-store/port.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { type CancelPublisher, createCancelPublisher } from "../../src/shared/queue/cancel-channel.ts";
import { createEventSubscriber, type EventSubscriber } from "../../src/shared/queue/event-channel.ts";
import { createJobQueue, type JobQueue } from "../../src/shared/queue/job-queue.ts";
import { closeRedis, connectRedis } from "../../src/shared/redis.ts";
import { submitJob } from "../../src/shared/submit-job.ts";
import { type RunningWorker, startWorker } from "../../src/worker/start-worker.ts";
import { temporaryDirectory } from "../support/part.ts";
import { startValkey, type ValkeyPart } from "../support/start-valkey.ts";
import type { FakeExecutor } from "./fake-executor.ts";

const PREFIX = "{test}";
const silent = createLogger("test", "silent");

export interface WorkerBench {
  valkey: ValkeyPart;
  store: JobStore;
  queue: JobQueue;
  events: EventSubscriber;
  cancels: CancelPublisher;
  /** For looking into Redis. */
  redis: Redis;
  environment: Environment;
  startWorker(executor: FakeExecutor, environment?: Environment): Promise<RunningWorker>;
  submit(request?: Partial<JobRequest>, queue?: JobQueue): Promise<StoredJob>;
  /** What the API does for POST /jobs/:id/cancel. */
  cancel(id: string): Promise<WriteOutcome>;
  /** The job once it is terminal, as the store has it. */
  finished(id: string, withinMs?: number): Promise<StoredJob>;
  /** Every event of the job from now on. */
  record(id: string): Job[];
  stop(): Promise<void>;
}

export async function startWorkerBench(): Promise<WorkerBench> {
  const state = temporaryDirectory();
  const valkey = await startValkey({ directory: join(state.path, "valkey") });
  const environment: Environment = {
    REDIS_URL: valkey.url,
    QUEUE_PREFIX: PREFIX,
    SQLITE_PATH: join(state.path, "jobs.sqlite"),
    ADMIN_PORT: "0",
    LOG_LEVEL: "silent",
    DRAIN_GRACE_SECONDS: "5",
    // Tests count executions of identical requests.
    REUSE_RESULTS: "false",
  };
  const store = await openJobStore(readWorkerConfig(environment), silent);
  const queue = createJobQueue({ redisUrl: valkey.url, prefix: PREFIX, logger: silent });
  const events = createEventSubscriber({ redisUrl: valkey.url, prefix: PREFIX, logger: silent });
  const redis = connectRedis(valkey.url, "producer", silent);
  const cancels = createCancelPublisher({ connection: redis, prefix: PREFIX });
  const workers: RunningWorker[] = [];
  await until(() => queue.connected() && events.connected() && redis.status === "ready");

  const bench: WorkerBench = {
    valkey,
    store,
    queue,
    events,
    cancels,
    redis,
    environment,
    async startWorker(executor, more = {}) {
      const config = readWorkerConfig({ ...environment, ...more });
      const worker = await startWorker(config, createLogger("worker", config.LOG_LEVEL), { executor });
      workers.push(worker);
      return worker;
    },
    async submit(request = {}, through = queue) {
      const parsed = jobRequestSchema.parse({
        strategy: { code: "signal('buy', '')" },
        bars: bars(5),
        ...request,
      });
      const outcome = await submitJob(
        { store, queue: through },
        { owner: "someone", request: parsed, requestId: "test" },
      );
      return outcome.stored;
    },
    async cancel(id) {
      const before = await store.read(id);
      if (before === undefined) throw new Error(`There is no job ${id}`);
      if (isTerminal(before.job.status)) return { written: false, stored: before };
      const now = Date.now();
      const outcome = await store.update(id, before.fence, {
        status: "cancelled",
        version: before.job.version + STORED_STEP,
        updatedAt: now,
        finishedAt: now,
      });
      if (!outcome.written) return bench.cancel(id);
      await cancels.cancel(id);
      await queue.remove(id);
      return outcome;
    },
    async finished(id, withinMs = 10_000) {
      let stored: StoredJob | undefined;
      await until(async () => {
        stored = await store.read(id);
        return stored !== undefined && isTerminal(stored.job.status);
      }, withinMs);
      if (stored === undefined) throw new Error(`There is no job ${id}`);
      return stored;
    },
    record(id) {
      const seen: Job[] = [];
      events.onJob(id, ({ json }) => seen.push(JSON.parse(json)));
      return seen;
    },
    async stop() {
      for (const worker of workers) await worker.stop();
      await queue.close();
      await events.close();
      await closeRedis(redis);
      await store.close();
      await valkey.stop();
      state.remove();
    },
  };
  return bench;
}

/** Daily bars from 2024-01-01 on. */
export function bars(count: number): JobRequest["bars"] {
  return Array.from({ length: count }, (_, day) => ({
    timestamp: new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10),
    open: 10,
    high: 12,
    low: 9,
    close: 11,
    volume: 100,
  }));
}

/** Looks every 5 ms until the condition holds; fails after the deadline. */
export async function until(condition: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${String(condition)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
