/** Worker processes that are stopped and killed. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Child, startChild } from "../../src/local/processes/child.ts";
import { startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

let bench: WorkerBench;
const children: Child[] = [];

beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(async () => {
  for (const child of children) await child.stop(10_000);
  await bench.stop();
});

interface WorkerProcess extends Child {
  executed(): string[];
}

async function startWorkerProcess(
  environment: NodeJS.ProcessEnv = {},
  file = new URL("./worker-process.ts", import.meta.url),
): Promise<WorkerProcess> {
  const lines: string[] = [];
  const child = await startChild({
    name: "worker",
    command: process.execPath,
    args: [fileURLToPath(file)],
    environment: { ...process.env, ...bench.environment, LOG_LEVEL: "info", ...environment },
    onLine: (line) => lines.push(line),
  });
  children.push(child);
  return Object.assign(child, {
    executed: () =>
      lines.filter((line) => line.includes('"executing"')).map((line) => String(JSON.parse(line).jobId)),
  });
}

const MAIN = new URL("../../src/worker/main.ts", import.meta.url);
const ENDLESS = { strategy: { code: "endless", language: "python" as const } };

describe("a worker that is killed", () => {
  it("loses its job to another one within 15 s, and the lost attempt is counted", async () => {
    const first = await startWorkerProcess();
    const { job } = await bench.submit(ENDLESS);
    await until(() => first.executed().includes(job.id));
    const second = await startWorkerProcess();
    await until(() => second.recentLines().some((line) => line.includes("taking jobs")));
    const killedAt = performance.now();
    first.kill("SIGKILL");
    await until(() => second.executed().includes(job.id), 15_000);
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    await until(async () => (await bench.store.read(job.id))?.job.attempts === 1);
    await bench.cancel(job.id);
    await second.stop(10_000);
  });
});

describe("a worker that is told to stop", () => {
  it("puts a job that does not end in time back at the head, without using an attempt", async () => {
    const first = await startWorkerProcess({ DRAIN_GRACE_SECONDS: "0.3", WORKER_CONCURRENCY: "1" });
    const { job } = await bench.submit(ENDLESS);
    await until(() => first.executed().includes(job.id));
    const behind = await bench.submit();
    await until(async () => (await bench.store.read(job.id))?.job.status === "running");
    const seen = bench.record(job.id);
    expect(await first.stop(10_000)).toMatchObject({ code: 0 });
    expect((await bench.store.read(job.id))?.job).toMatchObject({ status: "queued", attempts: 0 });
    await until(() => seen.at(-1)?.status === "queued");
    const second = await startWorkerProcess({ WORKER_CONCURRENCY: "1" });
    await until(() => second.executed().length === 1);
    expect(second.executed()).toEqual([job.id]);
    await bench.cancel(job.id);
    expect((await bench.finished(behind.job.id)).job.status).toBe("succeeded");
    await second.stop(10_000);
  });

  it("takes no job any more", async () => {
    const worker = await startWorkerProcess({ DRAIN_GRACE_SECONDS: "2" });
    const { job } = await bench.submit(ENDLESS);
    await until(() => worker.executed().includes(job.id));
    worker.kill("SIGTERM");
    await until(() => worker.recentLines().some((line) => line.includes("draining")));
    const late = await bench.submit();
    await worker.ended;
    expect(worker.executed()).not.toContain(late.job.id);
    await bench.cancel(job.id);
    await bench.cancel(late.job.id);
  });

  it("stops at once at the second signal", async () => {
    const worker = await startWorkerProcess({ DRAIN_GRACE_SECONDS: "60" });
    const { job } = await bench.submit(ENDLESS);
    await until(() => worker.executed().includes(job.id));
    worker.kill("SIGINT");
    await until(() => worker.recentLines().some((line) => line.includes("draining")));
    worker.kill("SIGINT");
    expect(await worker.ended).toMatchObject({ code: 1 });
    await bench.cancel(job.id);
  });
});

it("a worker whose environment is wrong says which variable and ends", async () => {
  const worker = await startWorkerProcess({ QUEUE_PREFIX: "no braces" }, MAIN);
  expect(await worker.ended).toMatchObject({ code: 1 });
  expect(worker.recentLines().join("\n")).toContain("QUEUE_PREFIX: must be a name in braces");
});
