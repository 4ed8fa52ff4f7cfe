/** Two writers for one job: whatever goes wrong between worker, queue and store, it ends once. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StoreUnavailableError } from "../../src/shared/errors.ts";
import { STORED_STEP } from "../../src/shared/job-store/job-record.ts";
import type { JobStore, StoredJob } from "../../src/shared/job-store/port.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { createMetrics, createStrategyMetrics } from "../../src/shared/metrics.ts";
import { buildEntry } from "../../src/shared/queue/build-entry.ts";
import type { Attempt } from "../../src/worker/attempt.ts";
import type { Delivery } from "../../src/worker/delivery.ts";
import { type JobParts, processJob } from "../../src/worker/process-job.ts";
import { reuseNothing } from "../../src/worker/reuse.ts";
import { endless, FakeExecutor, failed, PLATFORM_FAILURE, succeeded } from "./fake-executor.ts";
import { startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

let bench: WorkerBench;
beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(() => bench.stop());

interface Setting {
  parts: JobParts;
  executor: FakeExecutor;
  attempts: Attempt[];
  events: string[];
}

/** A worker without a queue around it: the test hands over the deliveries. */
function setting(store: JobParts["store"] = bench.store): Setting {
  const executor = new FakeExecutor();
  const attempts: Attempt[] = [];
  const events: string[] = [];
  const ignore = (): void => undefined;
  const parts: JobParts = {
    store,
    events: { publish: async ({ status, version }) => void events.push(`${status} ${version}`) },
    executor,
    marketData: { loadSeries: () => Promise.reject(new Error("Not asked in these tests")) },
    metrics: createStrategyMetrics(createMetrics("test").meter),
    watch: (attempt) => {
      attempts.push(attempt);
      return ignore;
    },
    reuse: reuseNothing,
    turns: { begin: async () => ({ spent: ignore, end: ignore }) },
    observe: { executed: ignore, busy: ignore, failedPlatform: ignore, storeUnavailable: ignore },
    logger: createLogger("test", "silent"),
  };
  return { parts, executor, attempts, events };
}

async function deliver(stored: StoredJob, more: Partial<Delivery> = {}): Promise<Delivery> {
  const request = await bench.store.readRequest(stored.job.id);
  if (request === undefined) throw new Error("The job has no request");
  const entry = buildEntry(stored, request, { requestId: "test", redelivered: false });
  return { entry, isFirst: true, attemptsUsed: 0, ...more };
}

async function statusOf({ job }: StoredJob): Promise<unknown> {
  return (await bench.store.read(job.id))?.job;
}

describe("a job that two attempts run", () => {
  it("keeps the result of the first to finish; the other one's is discarded", async () => {
    const job = await bench.submit();
    const { parts, executor, attempts } = setting();
    let release = (): void => undefined;
    executor.behaviour = async (request) => {
      if (executor.calls.length === 1) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      return succeeded(request);
    };
    const slow = processJob(parts, await deliver(job));
    await executor.called(1);
    await processJob(parts, await deliver(job));
    release();
    expect(await slow).toEqual({ kind: "ended" });
    expect(await statusOf(job)).toMatchObject({ status: "succeeded", attemptId: attempts[1]?.id });
  });

  it("is left by the slower one as soon as that one learns of the other", async () => {
    const job = await bench.submit();
    const slow = setting();
    slow.executor.behaviour = endless;
    const running = processJob(slow.parts, await deliver(job));
    await slow.executor.called(1);
    await processJob(setting().parts, await deliver(job));
    expect(await running).toEqual({ kind: "ended" });
    expect(slow.attempts[0]?.stopReason).toBe("superseded");
  });

  it("is taken over from a lost attempt, whose late result is then discarded", async () => {
    const job = await bench.submit();
    const lost = setting();
    let release = (): void => undefined;
    lost.executor.behaviour = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return succeeded(request);
    };
    const late = processJob(lost.parts, await deliver(job));
    await until(async () => (await bench.store.read(job.job.id))?.job.status === "running");
    const next = setting();
    await processJob(next.parts, await deliver(job, { isFirst: false, attemptsUsed: 1 }));
    release();
    await late;
    expect(await statusOf(job)).toMatchObject({
      status: "succeeded",
      attempts: 1,
      attemptId: next.attempts[0]?.id,
    });
  });
});

describe("an entry that comes again", () => {
  it("runs nothing once the job has ended", async () => {
    const job = await bench.submit();
    await processJob(setting().parts, await deliver(job));
    const again = setting();
    const verdict = await processJob(again.parts, await deliver(job, { isFirst: false, attemptsUsed: 1 }));
    expect(verdict).toEqual({ kind: "ended" });
    expect(again.executor.calls).toHaveLength(0);
    expect(again.events).toEqual([]);
  });

  it("fails the job with worker_lost when three attempts were lost", async () => {
    const job = await bench.submit();
    const { parts, executor, events } = setting();
    await processJob(parts, await deliver(job, { isFirst: false, attemptsUsed: 3 }));
    expect(executor.calls).toHaveLength(0);
    expect(await statusOf(job)).toMatchObject({
      status: "failed",
      attempts: 3,
      failure: { class: "platform", code: "worker_lost" },
    });
    expect(events).toEqual(["failed 3"]);
  });

  it("counts attempts that the store does not know of yet", async () => {
    const job = await bench.submit();
    const { parts, executor } = setting();
    executor.behaviour = async () => failed(PLATFORM_FAILURE);
    await processJob(parts, await deliver(job, { isFirst: false, attemptsUsed: 2 }));
    expect(await statusOf(job)).toMatchObject({ status: "failed", attempts: 3, failure: PLATFORM_FAILURE });
  });
});

describe("a job store that fails", () => {
  /** The real store, which makes a write and loses its answer as many times as asked. */
  function losingAnswers(method: "finish" | "update", times: number): JobStore {
    let left = times;
    return new Proxy(bench.store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) => {
          const answer: unknown = await value.apply(target, args);
          if (name === method && left > 0) {
            left -= 1;
            throw new StoreUnavailableError("The answer was lost");
          }
          return answer;
        };
      },
    });
  }

  it("does not lose a result whose write was made but not answered", async () => {
    const job = await bench.submit();
    const { parts, events } = setting(losingAnswers("finish", 1));
    expect(await processJob(parts, await deliver(job))).toEqual({ kind: "ended" });
    const stored = await bench.store.read(job.job.id);
    expect(stored?.job).toMatchObject({ status: "succeeded", version: 3 });
    expect(await bench.store.readResult(stored?.job ?? job.job)).toBeInstanceOf(Uint8Array);
    expect(events.at(-1)).toBe("succeeded 3");
  });

  it("does not take its own unanswered `running` for another attempt's", async () => {
    const job = await bench.submit();
    const { parts, executor } = setting(losingAnswers("update", 1));
    executor.behaviour = async (request) => {
      await until(async () => (await bench.store.read(job.job.id))?.job.status === "running");
      return succeeded(request);
    };
    await processJob(parts, await deliver(job));
    expect(await statusOf(job)).toMatchObject({ status: "succeeded", version: 4 });
  });

  it("does not take a cancel for its own end, although the cancel kept the attempt's id", async () => {
    const job = await bench.submit();
    const { parts, executor, events } = setting();
    executor.behaviour = async (request) => {
      await until(async () => (await bench.store.read(job.job.id))?.job.status === "running");
      await bench.cancel(job.job.id);
      return succeeded(request);
    };
    await processJob(parts, await deliver(job));
    expect(await statusOf(job)).toMatchObject({ status: "cancelled", version: 2 + STORED_STEP });
    expect(events).toEqual(["running 2"]);
  });

  it("leaves the attempt to the queue when it stays away", async () => {
    const job = await bench.submit();
    const away: JobParts["store"] = {
      read: () => Promise.reject(new StoreUnavailableError("away")),
      readRequest: () => Promise.reject(new StoreUnavailableError("away")),
      update: () => Promise.reject(new StoreUnavailableError("away")),
      finish: () => Promise.reject(new StoreUnavailableError("away")),
      check: () => Promise.reject(new StoreUnavailableError("away")),
    };
    const { parts, executor } = setting(away);
    const verdict = await processJob(parts, await deliver(job, { isFirst: false }));
    expect(verdict.kind).toBe("delay");
    expect(executor.calls).toHaveLength(0);
    expect(await statusOf(job)).toMatchObject({ status: "queued", attempts: 0 });
  });
});
