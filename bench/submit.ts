/** POST /jobs per second, and our enqueue function without HTTP, beside a bare BullMQ add of the same payload. */
import autocannon from "autocannon";
import { Queue } from "bullmq";
import { newId } from "../src/shared/ids.ts";
import { openJobStore } from "../src/shared/job-store/open-job-store.ts";
import { createLogger } from "../src/shared/logging.ts";
import { buildEntry } from "../src/shared/queue/build-entry.ts";
import { createJobQueue } from "../src/shared/queue/job-queue.ts";
import { submitJob } from "../src/shared/submit-job.ts";
import { temporaryDirectory } from "../test/support/part.ts";
import { startApi } from "../test/support/start-api.ts";
import { startValkey } from "../test/support/start-valkey.ts";
import { inParallel, timed } from "./measure.ts";
import type { Table } from "./report.ts";
import { oneYearJob } from "./strategies.ts";

const AT_ONCE = 50;
const ADDS = 10_000;
const ROUNDS = 3;
const POST_SECONDS = 8;
const PREFIX = "{bench}";

export async function benchSubmit(): Promise<Table> {
  const state = temporaryDirectory();
  const valkey = await startValkey();
  try {
    const sqlite = {
      JOB_STORE: "sqlite",
      SQLITE_PATH: `${state.path}/jobs.sqlite`,
      STORE_DEADLINE_MS: 5_000,
    } as const;
    const bare: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await bareAdds(valkey.url));
      ours.push(
        await ourEnqueues(valkey.url, { ...sqlite, SQLITE_PATH: `${state.path}/enqueue-${round}.sqlite` }),
      );
    }
    const posts = await postJobs(valkey.url, sqlite.SQLITE_PATH);
    const ratio = median(ours) / median(bare);
    return {
      name: "submit",
      title: `Taking jobs in, ${AT_ONCE} at once, one process, no worker running`,
      rows: [
        { what: "bare BullMQ add, same payload", figures: { "per s": median(bare) } },
        {
          what: "enqueue function (SQLite + add)",
          figures: { "per s": median(ours), "of bare": ratio },
          target: ">= 0.6 of bare",
          reached: ratio >= 0.6,
        },
        {
          what: "POST /jobs",
          figures: {
            "per s": posts.perSecond,
            "p50 ms": posts.p50,
            "p99 ms": posts.p99,
            "not 202": posts.failed,
          },
          headline: ["per s", "p99 ms"],
          target: ">= 1,500 /s",
          reached: posts.perSecond >= 1_500 && posts.failed === 0,
        },
      ],
    };
  } finally {
    await valkey.stop();
    state.remove();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The queue as our own producer opens it, without the rest: same options, same payload. */
async function bareAdds(redisUrl: string): Promise<number> {
  const queue = new Queue("bare", { connection: { url: redisUrl }, prefix: PREFIX });
  await queue.waitUntilReady();
  const { stored, request } = storedJob();
  const entry = buildEntry(stored, request, { requestId: "bench", redelivered: false });
  const { seconds } = await timed(() =>
    inParallel(ADDS, AT_ONCE, async () => {
      await queue.add("execute", entry, {
        jobId: newId(),
        removeOnComplete: true,
        removeOnFail: true,
        attempts: 3,
      });
    }),
  );
  await queue.obliterate({ force: true });
  await queue.close();
  return ADDS / seconds;
}

function storedJob() {
  const request = oneYearJob();
  const now = Date.now();
  const job = {
    id: newId(),
    owner: "bench",
    status: "queued" as const,
    version: 1,
    createdAt: now,
    updatedAt: now,
    symbol: request.symbol,
    timeframe: request.timeframe,
    labels: {},
    requestHash: "",
    attempts: 0,
  };
  return { request, stored: { job, fence: "1" } };
}

async function ourEnqueues(
  redisUrl: string,
  sqlite: { JOB_STORE: "sqlite"; SQLITE_PATH: string; STORE_DEADLINE_MS: number },
): Promise<number> {
  const logger = createLogger("bench", "silent");
  const store = await openJobStore(sqlite, logger);
  const queue = createJobQueue({ redisUrl, prefix: PREFIX, logger });
  await new Promise<void>((resolve) => queue.onConnected(() => resolve()));
  const request = oneYearJob();
  const { seconds } = await timed(() =>
    inParallel(ADDS, AT_ONCE, async () => {
      const { enqueued } = await submitJob({ store, queue }, { owner: "bench", request, requestId: "bench" });
      if (!enqueued) throw new Error("Redis refused an entry during the bench");
    }),
  );
  await queue.close();
  await store.close();
  return ADDS / seconds;
}

async function postJobs(redisUrl: string, sqlitePath: string) {
  const api = await startApi({
    REDIS_URL: redisUrl,
    SQLITE_PATH: sqlitePath,
    QUEUE_CAP: "1000000",
    OWNER_QUEUED_MAX: "1000000",
    LOG_LEVEL: "warn",
  });
  try {
    const { strategy, symbol, start, end, cache } = oneYearJob();
    const load = (duration: number) =>
      autocannon({
        url: `${api.url}/v1/jobs`,
        method: "POST",
        connections: AT_ONCE,
        duration,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ strategy: { code: strategy.code }, symbol, start, end, cache }),
      });
    await load(2);
    const result = await load(POST_SECONDS);
    const failed = result.non2xx + result.errors;
    const perSecond = result["2xx"] / result.duration;
    return { perSecond, p50: result.latency.p50, p99: result.latency.p99, failed };
  } finally {
    await api.stop();
  }
}
