import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FakeExecutor, succeeded } from "./fake-executor.ts";
import { startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

let bench: WorkerBench;
beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(() => bench.stop());

it("a result is kept while the job store is locked for longer than one write may wait", async () => {
  const executor = new FakeExecutor();
  let release = (): void => undefined;
  executor.behaviour = async (request) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return succeeded(request);
  };
  const worker = await bench.startWorker(executor, { STORE_DEADLINE_MS: "100" });
  const { job } = await bench.submit();
  await executor.called(1);
  await until(async () => (await bench.store.read(job.id))?.job.status === "running");
  const other = new DatabaseSync(bench.environment["SQLITE_PATH"] ?? "");
  other.exec("BEGIN IMMEDIATE");
  release();
  const alive = await fetch(`http://127.0.0.1:${worker.adminPort}/healthz`);
  expect(alive.status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  other.exec("ROLLBACK");
  other.close();
  expect((await bench.finished(job.id)).job).toMatchObject({ status: "succeeded", attempts: 0 });
  expect(executor.calls).toHaveLength(1);
});
