import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ExecutorBusyError } from "../../src/shared/errors.ts";
import { platformFailure } from "../../src/shared/failure-codes.ts";
import { decodeResult } from "../../src/shared/job-store/result-encoding.ts";
import { endless, FakeExecutor, failed, PLATFORM_FAILURE, succeeded, USER_FAILURE } from "./fake-executor.ts";
import { bars, startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

let bench: WorkerBench;
const executor = new FakeExecutor();

beforeAll(async () => {
  bench = await startWorkerBench();
  await bench.startWorker(executor);
});
afterAll(() => bench.stop());
beforeEach(() => {
  executor.calls.length = 0;
  executor.behaviour = async (request) => succeeded(request);
});

describe("a job that succeeds", () => {
  it("carries result, summary and timings, and leaves nothing in the queue", async () => {
    const { job } = await bench.submit({ bars: bars(10), start: "2024-01-03" });
    const ended = await bench.finished(job.id);
    expect(ended.job).toMatchObject({ status: "succeeded", version: 3, attempts: 0 });
    expect(ended.job.summary).toMatchObject({ bars: 8, firstBar: "2024-01-03T00:00:00Z" });
    for (const phase of ["queuedMs", "marketDataMs", "compileMs", "executeMs", "storeMs", "totalMs"]) {
      expect(ended.job.timings).toHaveProperty(phase, expect.any(Number));
    }
    const stream = await bench.store.readResult(ended.job);
    const result = await decodeResult(stream ?? new Uint8Array());
    expect(result).toMatchObject({ jobId: job.id, timeframe: "1D" });
    expect(result.timestamps).toHaveLength(8);
    await until(async () => (await bench.redis.exists(`{test}:executions:${job.id}`)) === 0);
  });

  it("is told as running while it runs and as succeeded once it is stored, with rising versions", async () => {
    let release = (): void => undefined;
    executor.behaviour = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return succeeded(request);
    };
    const { job } = await bench.submit();
    const seen = bench.record(job.id);
    await until(() => seen.some(({ status }) => status === "running"));
    expect((await bench.store.read(job.id))?.job.status).toBe("queued");
    release();
    await until(() => seen.some(({ status }) => status === "succeeded"));
    expect(seen.at(-1)).toMatchObject({ status: "succeeded", version: 3 });
    const versions = seen.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
  });

  it("is written as running only when it runs for a while", async () => {
    let release = (): void => undefined;
    executor.behaviour = async (request) => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return succeeded(request);
    };
    const { job } = await bench.submit();
    await until(async () => (await bench.store.read(job.id))?.job.status === "running");
    release();
    expect((await bench.finished(job.id)).job).toMatchObject({ status: "succeeded", version: 4 });
  });

  it("gets bars from the job store that are too large for the queue", async () => {
    const { job } = await bench.submit({ bars: bars(1_000) });
    expect((await bench.finished(job.id)).job.summary?.bars).toBe(1_000);
    expect(executor.calls[0]?.request.series.length).toBe(1_000);
  });

  it("gets bars of a symbol from the market data", async () => {
    const { job } = await bench.submit({ bars: undefined, symbol: "AAPL", period: "1y" });
    expect((await bench.finished(job.id)).job).toMatchObject({ status: "succeeded", symbol: "AAPL" });
  });
});

describe("a job that fails", () => {
  it("fails at once and is never retried where the strategy is wrong", async () => {
    executor.behaviour = async () => failed(USER_FAILURE);
    const { job } = await bench.submit();
    const ended = await bench.finished(job.id);
    expect(ended.job).toMatchObject({ status: "failed", failure: USER_FAILURE, attempts: 0 });
    expect(executor.calls).toHaveLength(1);
  });

  it("fails without an execution where the symbol is unknown", async () => {
    const { job } = await bench.submit({ bars: undefined, symbol: "NOSUCH" });
    expect((await bench.finished(job.id)).job.failure).toMatchObject({
      class: "user",
      code: "unknown_symbol",
    });
    expect(executor.calls).toHaveLength(0);
  });

  it("is tried three times where the platform fails, and carries the last failure", async () => {
    executor.behaviour = async () => failed(PLATFORM_FAILURE);
    const { job } = await bench.submit();
    const seen = bench.record(job.id);
    const ended = await bench.finished(job.id);
    expect(ended.job).toMatchObject({ status: "failed", failure: PLATFORM_FAILURE, attempts: 3 });
    expect(executor.calls).toHaveLength(3);
    expect(new Set(executor.calls.map(({ context }) => context.attemptId)).size).toBe(3);
    await until(() => seen.at(-1)?.status === "failed");
    expect(seen.filter(({ status }) => status === "queued").map(({ attempts }) => attempts)).toEqual([1, 2]);
  });

  it("succeeds after a platform failure that goes away", async () => {
    executor.behaviour = async (request) => {
      if (executor.calls.length === 1) throw platformFailure("executor_lost");
      return succeeded(request);
    };
    const { job } = await bench.submit();
    expect((await bench.finished(job.id)).job).toMatchObject({ status: "succeeded", attempts: 1 });
  });

  it("comes back without using an attempt while the executor has no slot", async () => {
    executor.behaviour = async (request) => {
      if (executor.calls.length <= 5) throw new ExecutorBusyError("The executor has no free slot.");
      return succeeded(request);
    };
    const { job } = await bench.submit();
    expect((await bench.finished(job.id)).job).toMatchObject({ status: "succeeded", attempts: 0 });
    expect(executor.calls).toHaveLength(6);
  });
});

describe("a job that is cancelled", () => {
  it("ends its execution and stays cancelled while it runs", async () => {
    executor.behaviour = endless;
    const { job } = await bench.submit();
    await until(() => executor.calls.length === 1);
    const cancelledAt = performance.now();
    expect((await bench.cancel(job.id)).written).toBe(true);
    await until(() => executor.running === 0);
    expect(performance.now() - cancelledAt).toBeLessThan(1_000);
    expect((await bench.finished(job.id)).job.status).toBe("cancelled");
    await until(async () => (await bench.redis.exists(`{test}:executions:${job.id}`)) === 0);
    expect(executor.calls).toHaveLength(1);
  });

  it("is stopped also where the worker took it before it could hear of the cancel", async () => {
    executor.behaviour = endless;
    await bench.cancels.cancel("00000000000000000000000000");
    const { job } = await bench.submit();
    await bench.redis.set(`{test}:cancel:${job.id}`, "1");
    await until(async () => !(await bench.queue.has(job.id)));
    expect(executor.running).toBe(0);
  });

  it("ends once, whoever comes first, when cancel and completion meet", async () => {
    executor.behaviour = async (request) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      return succeeded(request);
    };
    const races = Array.from({ length: 60 }, async () => {
      const { job } = await bench.submit();
      const seen = bench.record(job.id);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
      const { written } = await bench.cancel(job.id);
      const { status } = (await bench.finished(job.id)).job;
      expect(status).toBe(written ? "cancelled" : "succeeded");
      await until(async () => !(await bench.queue.has(job.id)));
      expect((await bench.store.read(job.id))?.job.status).toBe(status);
      if (!written) await until(() => seen.some((event) => event.status === "succeeded"));
      expect(seen.filter((event) => event.status === "succeeded")).toHaveLength(written ? 0 : 1);
      return status;
    });
    const statuses = await Promise.all(races);
    expect(new Set(statuses)).toEqual(new Set(["cancelled", "succeeded"]));
  });
});
