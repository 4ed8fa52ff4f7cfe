import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningWorker } from "../../src/worker/start-worker.ts";
import { FakeExecutor, failed, succeeded, USER_FAILURE } from "./fake-executor.ts";
import { startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

let bench: WorkerBench;
let worker: RunningWorker;
const executor = new FakeExecutor();

beforeAll(async () => {
  bench = await startWorkerBench();
  executor.serving = false;
  worker = await bench.startWorker(executor);
});
afterAll(() => bench.stop());

const ask = (path: string) => fetch(`http://127.0.0.1:${worker.adminPort}${path}`);
const isServed = (readiness: unknown): boolean =>
  (readiness as { parts: { executor: boolean } }).parts.executor;

describe("a worker's admin port", () => {
  it("is alive at once and ready when store, queue and executor were each up", async () => {
    expect((await ask("/healthz")).status).toBe(200);
    const early = await ask("/readyz");
    expect(early.status).toBe(503);
    expect(await early.json()).toMatchObject({ ready: false, parts: { store: true, executor: false } });
    executor.serving = true;
    await until(async () => (await ask("/readyz")).status === 200);
    executor.serving = false;
    let later = early;
    await until(async () => {
      later = await ask("/readyz");
      return !isServed(await later.clone().json());
    });
    expect(later.status).toBe(200);
    executor.serving = true;
    await until(async () => isServed(await (await ask("/readyz")).json()));
  });

  it("shows the metrics that existing boards read, under exactly their names", async () => {
    const succeeds = await bench.submit();
    await bench.finished(succeeds.job.id);
    executor.behaviour = async () => failed(USER_FAILURE);
    const fails = await bench.submit();
    await bench.finished(fails.job.id);
    const text = await (await ask("/metrics")).text();
    const names = new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
    for (const name of [
      "strategy_requests_total",
      "strategy_execution_time",
      "strategy_compilation_time",
      "strategy_cache_hits",
      "strategy_cache_misses",
      "strategy_executions_active",
      "strategy_errors_total",
      "strategy_market_data_size",
      "strategy_guard_differences_total",
    ]) {
      expect(names).toContain(name);
    }
    expect(text).toMatch(/^strategy_executions_active 0$/m);
    expect(text).toMatch(/^strategy_execution_time_bucket\{le="\+Inf"\} \d+$/m);
  });

  it("counts executions in which the guard saw a fast way go wrong", async () => {
    executor.behaviour = async (request) => {
      const outcome = succeeded(request);
      return outcome.succeeded
        ? { ...outcome, execution: { ...outcome.execution, guardDiffered: true } }
        : outcome;
    };
    const { job } = await bench.submit();
    await bench.finished(job.id);
    expect(await (await ask("/metrics")).text()).toMatch(/^strategy_guard_differences_total 1$/m);
  });

  it("answers nothing else", async () => {
    expect((await ask("/")).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${worker.adminPort}/healthz`, { method: "POST" })).status).toBe(
      405,
    );
  });
});
