import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readWorkerConfig } from "../../src/shared/config.ts";
import { jobRequestSchema } from "../../src/shared/contract/job-request.ts";
import { STORED_STEP } from "../../src/shared/job-store/job-record.ts";
import type { StoredJob } from "../../src/shared/job-store/port.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { submitJob } from "../../src/shared/submit-job.ts";
import { Reconciler } from "../../src/worker/reconciler.ts";
import { endless, FakeExecutor, succeeded } from "./fake-executor.ts";
import { startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

/** Quick passes; jobs count as untouched after 300 ms. */
const QUICK = { RECONCILE_INTERVAL_SECONDS: "0.2", RECONCILE_UNTOUCHED_SECONDS: "0.3" };
/** Only what makes a full pass necessary starts one. */
const SELDOM = { RECONCILE_INTERVAL_SECONDS: "600" };

let bench: WorkerBench;
beforeEach(async () => {
  bench = await startWorkerBench();
});
afterEach(() => bench.stop());

/** As submitted while Redis was down: in the store alone. */
async function submitToStoreAlone(): Promise<StoredJob> {
  const request = jobRequestSchema.parse({ strategy: { code: "1" }, symbol: "AAPL" });
  const queue = { enqueue: () => Promise.resolve(undefined) };
  const outcome = await submitJob(
    { store: bench.store, queue },
    { owner: "someone", request, requestId: "test" },
  );
  return outcome.stored;
}

function pick<Parts extends object, Name extends keyof Parts>(
  parts: Parts,
  ...names: Name[]
): Pick<Parts, Name> {
  const entries = names.map((name) => {
    const value = parts[name];
    return [name, typeof value === "function" ? value.bind(parts) : value];
  });
  return Object.fromEntries(entries) as Pick<Parts, Name>;
}

async function markRunning({ job, fence }: StoredJob, attempts = job.attempts): Promise<void> {
  const outcome = await bench.store.update(job.id, fence, {
    status: "running",
    version: job.version + 1,
    updatedAt: Date.now(),
    attempts,
    attemptId: "LOST",
  });
  expect(outcome.written).toBe(true);
}

describe("a job that only the store knows", () => {
  it("is put in the queue, and that costs it no attempt", async () => {
    await bench.redis.set("{test}:marker", "1");
    const { job } = await submitToStoreAlone();
    const executor = new FakeExecutor();
    await bench.startWorker(executor, QUICK);
    expect((await bench.finished(job.id)).job).toMatchObject({ status: "succeeded", attempts: 0 });
  });

  it("is found at once when the marker is missing, however young", async () => {
    const { job } = await submitToStoreAlone();
    await bench.startWorker(new FakeExecutor(), SELDOM);
    expect((await bench.finished(job.id, 2_000)).job.status).toBe("succeeded");
  });

  it("is found among more than one pass looks at", async () => {
    await bench.redis.set("{test}:marker", "1");
    const executor = new FakeExecutor();
    executor.serving = false;
    for (let index = 0; index < 520; index++) await bench.submit();
    const { job } = await submitToStoreAlone();
    await bench.startWorker(executor, QUICK);
    await until(() => bench.queue.has(job.id));
  });

  it("is counted as a lost attempt where the store says it runs, and fails after three", async () => {
    const lostOnce = await submitToStoreAlone();
    const lostThrice = await submitToStoreAlone();
    await markRunning(lostOnce);
    await markRunning(lostThrice, 2);
    await bench.redis.set("{test}:marker", "1");
    const seen = bench.record(lostThrice.job.id);
    const executor = new FakeExecutor();
    await bench.startWorker(executor, QUICK);
    expect((await bench.finished(lostOnce.job.id)).job).toMatchObject({ status: "succeeded", attempts: 1 });
    expect((await bench.finished(lostThrice.job.id)).job).toMatchObject({
      status: "failed",
      attempts: 3,
      failure: { class: "platform", code: "worker_lost" },
    });
    await until(() => seen.at(-1)?.status === "failed");
    expect(executor.calls.map(({ context }) => context.jobId)).toEqual([lostOnce.job.id]);
  });

  it("is put back although its id lies in the queue's failed set", async () => {
    await bench.redis.set("{test}:marker", "1");
    const { job } = await bench.submit();
    await bench.redis.zrem("{test}:executions:prioritized", job.id);
    await bench.redis.zadd("{test}:executions:failed", Date.now(), job.id);
    await bench.startWorker(new FakeExecutor(), QUICK);
    expect((await bench.finished(job.id)).job.status).toBe("succeeded");
  });
});

describe("a job whose entry is in the queue", () => {
  it("gets a new entry where the worker cannot read the one it has, which costs one attempt", async () => {
    await bench.redis.set("{test}:marker", "1");
    const { job } = await bench.submit();
    const entry = `{test}:executions:${job.id}`;
    const data = JSON.parse((await bench.redis.hget(entry, "data")) ?? "");
    await bench.redis.hset(entry, "data", JSON.stringify({ ...data, version: "of the future" }));
    const executor = new FakeExecutor();
    await bench.startWorker(executor, QUICK);
    expect((await bench.finished(job.id)).job).toMatchObject({ status: "succeeded", attempts: 1 });
    expect(executor.calls).toHaveLength(1);
  });

  it("is left alone, however long it waits or runs", async () => {
    const executor = new FakeExecutor();
    executor.behaviour = endless;
    await bench.startWorker(executor, { ...QUICK, WORKER_CONCURRENCY: "1" });
    const running = await bench.submit();
    await executor.called(1);
    const waiting = await bench.submit();
    await until(async () => (await bench.store.read(running.job.id))?.job.status === "running");
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect((await bench.store.read(running.job.id))?.job).toMatchObject({ version: 2, attempts: 0 });
    expect((await bench.store.read(waiting.job.id))?.job).toMatchObject({ status: "queued", version: 1 });
    expect(executor.calls).toHaveLength(1);
    await bench.cancel(waiting.job.id);
    await bench.cancel(running.job.id);
  });
});

describe("a job that its API left before its listeners saw it", () => {
  it("is shown, and what ended meanwhile is not put back", async () => {
    const [left, gone, ended] = [
      await submitToStoreAlone(),
      await submitToStoreAlone(),
      await submitToStoreAlone(),
    ];
    const shown: StoredJob[] = [];
    const asked: string[][] = [];
    const store = {
      ...pick(bench.store, "readRequest", "update", "deleteFinished"),
      listUnfinished: () => Promise.resolve({ jobs: [left, gone, ended], nextCursor: null }),
      show: async (stored: StoredJob) => {
        shown.push(stored);
        if (stored === gone) return undefined;
        return stored === left
          ? { ...left, fence: "shown" }
          : { job: { ...ended.job, status: "succeeded" as const }, fence: "ended" };
      },
    };
    const reconciler = new Reconciler(
      {
        store,
        events: { publish: () => Promise.resolve() },
        queue: {
          ...pick(bench.queue, "remove", "enqueue", "connected"),
          findMissing: async (ids) => {
            asked.push([...ids]);
            return [];
          },
        },
        lock: { hold: () => Promise.resolve(true), release: () => Promise.resolve() },
        held: () => Promise.resolve(new Set()),
        setMarker: () => Promise.resolve(),
        batches: { pass: () => Promise.resolve(), deleteFinished: () => Promise.resolve(0) },
        logger: createLogger("test", "silent"),
      },
      { intervalMs: 20, untouchedMs: 0, retentionDays: 1 },
    );
    await until(() => asked.length > 0);
    await reconciler.stop();
    expect(shown.slice(0, 3)).toEqual([left, gone, ended]);
    expect(asked[0]).toEqual([left.job.id]);
  });
});

describe("a Redis that loses everything", () => {
  it("loses no job: those that wait are put back, those that run are not run twice", async () => {
    const executor = new FakeExecutor();
    executor.slots = 1;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    executor.behaviour = async (request) => {
      await released;
      return succeeded(request);
    };
    await bench.startWorker(executor, { ...SELDOM, WORKER_CONCURRENCY: "3" });
    const jobs = await Promise.all(Array.from({ length: 30 }, () => bench.submit()));
    await executor.called(3);
    await until(() => bench.redis.exists("{test}:marker").then((there) => there === 1));
    await until(
      async () => (await bench.store.list("someone", { status: "running" }, { limit: 9 })).jobs.length === 3,
    );
    await bench.redis.flushall();
    await until(async () => (await bench.redis.zcard("{test}:executions:prioritized")) >= 27);
    // Longer than the full pass waits for workers to name the jobs they hold.
    setTimeout(release, 5_500);
    const ended = await Promise.all(jobs.map(({ job }) => bench.finished(job.id, 20_000)));
    for (const { job } of ended) expect(job).toMatchObject({ status: "succeeded", attempts: 0 });
    const ran = executor.calls.map(({ context }) => context.jobId);
    expect(new Set(ran).size).toBe(30);
    expect(ran).toHaveLength(30);
  });
});

describe("two workers", () => {
  it("reconcile one at a time, and the other one takes over", async () => {
    const first = await bench.startWorker(new FakeExecutor(), QUICK);
    await until(async () => (await bench.redis.get("{test}:reconciler")) !== null);
    const holder = await bench.redis.get("{test}:reconciler");
    await bench.startWorker(new FakeExecutor(), QUICK);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await bench.redis.get("{test}:reconciler")).toBe(holder);
    await first.stop();
    await until(async () => ![null, holder].includes(await bench.redis.get("{test}:reconciler")));
  });
});

describe("retention", () => {
  it("deletes jobs that ended long ago and keeps the others", async () => {
    const old = await bench.submit();
    const young = await bench.submit();
    const waiting = await submitToStoreAlone();
    const { RETENTION_DAYS } = readWorkerConfig({});
    const longAgo = Date.now() - (RETENTION_DAYS + 1) * 86_400_000;
    for (const [{ job, fence }, at] of [
      [old, longAgo],
      [young, Date.now()],
    ] as const) {
      const version = job.version + STORED_STEP;
      await bench.store.update(job.id, fence, {
        status: "cancelled",
        version,
        updatedAt: at,
        finishedAt: at,
      });
    }
    await bench.startWorker(new FakeExecutor(), QUICK);
    await until(async () => (await bench.store.read(old.job.id)) === undefined);
    expect(await bench.store.read(young.job.id)).toBeDefined();
    expect(await bench.store.read(waiting.job.id)).toBeDefined();
  });
});
