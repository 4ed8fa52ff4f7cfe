import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type JobRequest, jobRequestSchema } from "../../src/shared/contract/job-request.ts";
import { presentJob } from "../../src/shared/job-store/job-record.ts";
import type { StoredJob } from "../../src/shared/job-store/port.ts";
import { decodeResult } from "../../src/shared/job-store/result-encoding.ts";
import { seriesFromBars } from "../../src/shared/market-data/inline-bars.ts";
import { submitJob } from "../../src/shared/submit-job.ts";
import { contentOf } from "../../src/worker/content.ts";
import { temporaryDirectory } from "../support/part.ts";
import { endless, FakeExecutor, failed, PLATFORM_FAILURE, succeeded, USER_FAILURE } from "./fake-executor.ts";
import { bars, startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

let bench: WorkerBench;
let executor: FakeExecutor;
beforeEach(async () => {
  bench = await startWorkerBench();
  executor = new FakeExecutor();
});
afterEach(() => bench.stop());

const startWorker = (more: Record<string, string> = {}) =>
  bench.startWorker(executor, { REUSE_RESULTS: "true", ...more });

async function ended({ job }: StoredJob) {
  return presentJob((await bench.finished(job.id)).job);
}

function submitAs(owner: string) {
  const request = jobRequestSchema.parse({ strategy: { code: "signal('buy', '')" }, bars: bars(5) });
  return submitJob({ store: bench.store, queue: bench.queue }, { owner, request, requestId: "test" });
}

/** The key under which Redis names who did the usual work of these tests. */
function nameOfWork(): string {
  const request = jobRequestSchema.parse({ strategy: { code: "signal('buy', '')" }, bars: bars(5) });
  const series = seriesFromBars(bars(5) ?? [], "1D");
  return `{test}:fair:same:${contentOf({ owner: "someone", request }, series, "")}`;
}

describe("a job identical to one that has ended", () => {
  it("takes over its end, under its own id and for as long as it is kept itself", async () => {
    await startWorker();
    const first = await bench.submit();
    expect(await ended(first)).toMatchObject({ status: "succeeded", source: "executed" });
    const second = await bench.submit({ labels: { run: "2" } });
    const job = await ended(second);
    expect(job).toMatchObject({ status: "succeeded", source: "reused", ofJob: first.job.id });
    expect(job.labels).toEqual({ run: "2" });
    expect(job.summary).toEqual((await ended(first)).summary);
    expect(executor.calls).toHaveLength(1);

    const record = (await bench.finished(second.job.id)).job;
    await bench.store.deleteFinished(record.finishedAt ?? 0, 1);
    expect(await bench.store.read(first.job.id)).toBeUndefined();
    const stream = await bench.store.readResult(record);
    const result = await decodeResult(stream ?? new Uint8Array());
    expect(result).toMatchObject({ jobId: second.job.id, ofJob: first.job.id });
    expect(result.timestamps).toHaveLength(5);
  });

  it("is run again once that one is deleted", async () => {
    await startWorker();
    const first = await bench.submit();
    await ended(first);
    await bench.store.deleteFinished(Number.MAX_SAFE_INTEGER, 10);
    expect(await ended(await bench.submit())).toMatchObject({ source: "executed" });
    expect(await ended(await bench.submit())).toMatchObject({ source: "reused" });
  });

  it("is found in the job store once Redis has lost or forgotten it, and is named there again", async () => {
    await startWorker();
    const first = await bench.submit();
    await ended(first);
    for (const lose of [() => bench.redis.flushall(), () => bench.redis.del(nameOfWork())]) {
      await lose();
      const again = await ended(await bench.submit());
      expect(again).toMatchObject({ source: "reused", ofJob: first.job.id });
      expect(await bench.redis.get(nameOfWork())).toBe(`done:${first.job.id}`);
    }
    executor.behaviour = async () => failed(USER_FAILURE);
    const mistaken = await bench.submit({ parameters: { a: 1 } });
    await ended(mistaken);
    await bench.redis.flushall();
    const again = await ended(await bench.submit({ parameters: { a: 1 } }));
    expect(again).toMatchObject({ status: "failed", source: "reused", ofJob: mistaken.job.id });
    expect(executor.calls).toHaveLength(2);
  });

  it("is not looked for in a job store that has none, and is once one has ended", async () => {
    await startWorker();
    await ended(await bench.submit());
    const [from] = await bench.redis.keys("{test}:fair:seen:*:from");
    expect(await bench.redis.get(from ?? "")).toBe("1");
    await bench.redis.flushall();
    await ended(await bench.submit({ parameters: { a: 1 } }));
    expect(Date.now() - Number(await bench.redis.get(from ?? ""))).toBeLessThan(10_000);
  });

  it("takes over the author's mistake, but neither a fault of ours nor a limit", async () => {
    await startWorker();
    executor.behaviour = async () => failed(USER_FAILURE);
    const first = await bench.submit();
    await ended(first);
    const second = await ended(await bench.submit());
    expect(second).toMatchObject({ status: "failed", source: "reused", ofJob: first.job.id });
    expect(second.failure).toMatchObject(USER_FAILURE);
    expect(executor.calls).toHaveLength(1);

    executor.behaviour = async () => failed({ class: "limit", code: "timeout", message: "too long" });
    for (const calls of [2, 3]) {
      expect(await ended(await bench.submit({ parameters: { a: 1 } }))).toMatchObject({ source: "executed" });
      expect(executor.calls).toHaveLength(calls);
    }
    executor.behaviour = async (request) =>
      executor.calls.length < 5 ? failed(PLATFORM_FAILURE) : succeeded(request);
    const retried = await ended(await bench.submit({ parameters: { a: 2 } }));
    expect(retried).toMatchObject({ status: "succeeded", source: "executed" });
  });

  it("is run when it asks for it, and when it belongs to another owner", async () => {
    await startWorker();
    await ended(await bench.submit());
    expect(await ended(await bench.submit({ cache: "no" }))).toMatchObject({ source: "executed" });
    const { stored } = await submitAs("somebody else");
    expect(await ended(stored)).toMatchObject({ source: "executed" });
    expect(executor.calls).toHaveLength(3);
  });

  it("is run when the bars in the file were edited meanwhile", async () => {
    const directory = temporaryDirectory();
    const write = (close: number): void =>
      writeFileSync(
        join(directory.path, "TEST.csv"),
        `Date,Open,High,Low,Close,Volume\n2024-01-02,10,12,9,${close},100\n2024-01-03,10,12,9,11,100\n`,
      );
    try {
      write(11);
      await startWorker({ MARKET_DATA_DIR: directory.path });
      const request: Partial<JobRequest> = { symbol: "TEST", bars: undefined };
      expect(await ended(await bench.submit(request))).toMatchObject({ status: "succeeded" });
      expect(await ended(await bench.submit(request))).toMatchObject({ source: "reused" });
      write(11.5);
      await until(async () => (await ended(await bench.submit(request))).source === "executed");
      expect(executor.calls).toHaveLength(2);
    } finally {
      directory.remove();
    }
  });
});

describe("identical jobs at once", () => {
  it("share one execution", async () => {
    const gate = Promise.withResolvers<void>();
    executor.slots = 8;
    executor.behaviour = async (request) => {
      await gate.promise;
      return succeeded(request);
    };
    await startWorker();
    const jobs = await Promise.all(Array.from({ length: 6 }, () => bench.submit()));
    await executor.called(1);
    await until(async () => (await bench.redis.zcard("{test}:executions:delayed")) === 5);
    gate.resolve();
    const sources = (await Promise.all(jobs.map(ended))).map(({ source }) => source);
    expect(sources.filter((source) => source === "executed")).toHaveLength(1);
    expect(sources.filter((source) => source === "reused")).toHaveLength(5);
    expect(executor.calls).toHaveLength(1);
  });

  it("go on without the one that is cancelled", async () => {
    executor.behaviour = endless;
    await startWorker();
    const first = await bench.submit();
    await executor.called(1);
    const second = await bench.submit();
    await until(async () => (await bench.redis.zcard("{test}:executions:delayed")) === 1);
    executor.behaviour = async (request) => succeeded(request);
    await bench.cancel(first.job.id);
    expect(await ended(second)).toMatchObject({ status: "succeeded", source: "executed" });
    expect((await ended(first)).source).toBeUndefined();
  });

  it("do not wait for a job whose worker was lost", async () => {
    await startWorker();
    await bench.redis.set(nameOfWork(), `run:${"0".repeat(26)}`, "PX", 700);
    expect(await ended(await bench.submit())).toMatchObject({ source: "executed" });
  });
});

describe("what makes work identical", () => {
  const content = (request: Partial<JobRequest> = {}, versions = "executor 1", count = 5) =>
    contentOf(
      { owner: "a", request: jobRequestSchema.parse({ strategy: { code: "1" }, symbol: "A", ...request }) },
      seriesFromBars(bars(count) ?? [], "1D"),
      versions,
    );

  it("is its content, and not the order or the names in which it was sent", () => {
    expect(content({ parameters: { a: 1, b: 2 } })).toBe(content({ parameters: { b: 2, a: 1 } }));
    expect(content({ labels: { x: "1" } })).toBe(content());
  });

  it("is code, parameters with their types, bars, options, limits and the executors' versions", () => {
    const others = [
      content({ strategy: { code: "2", language: "python" } }),
      content({ parameters: { a: 1 } }),
      content({ parameters: { a: "1" } }),
      content({ options: { fill: "close" } }),
      content({ limits: { timeoutSeconds: 5 } }),
      content({}, "executor 2"),
      content({}, "executor 1", 6),
    ];
    expect(new Set([content(), ...others]).size).toBe(others.length + 1);
  });
});
