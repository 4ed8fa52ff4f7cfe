/** Parts that go away under a running worker, by really taking them away. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { platformFailure } from "../../src/shared/failure-codes.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { createJobQueue } from "../../src/shared/queue/job-queue.ts";
import { COMMAND_TIMEOUT_MS } from "../../src/shared/redis.ts";
import { layCable } from "../support/cable.ts";
import { endless, FakeExecutor, succeeded } from "./fake-executor.ts";
import { startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

let bench: WorkerBench;
beforeEach(async () => {
  bench = await startWorkerBench();
});
afterEach(() => bench.stop());

async function restartValkey(): Promise<void> {
  bench.valkey = await bench.valkey.startAgain();
  await until(() => bench.queue.connected() && bench.redis.status === "ready");
}

describe("Redis", () => {
  it("killed and started again from its file: every job ends once", async () => {
    const executor = new FakeExecutor();
    executor.behaviour = async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return succeeded(request);
    };
    await bench.startWorker(executor);
    const jobs = await Promise.all(Array.from({ length: 100 }, () => bench.submit()));
    await executor.called(5);
    await bench.valkey.kill();
    await until(() => !bench.queue.connected());
    const unqueued = await bench.submit();
    await restartValkey();
    for (const { job } of [...jobs, unqueued]) {
      expect((await bench.finished(job.id, 25_000)).job.status).toBe("succeeded");
    }
  });

  it("started after the worker: jobs run as soon as it is there", async () => {
    await bench.valkey.kill();
    const executor = new FakeExecutor();
    const worker = await bench.startWorker(executor);
    const { job } = await bench.submit();
    const answer = await fetch(`http://127.0.0.1:${worker.adminPort}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ parts: { store: true, queue: false } });
    await restartValkey();
    expect((await bench.finished(job.id)).job.status).toBe("succeeded");
    expect((await fetch(`http://127.0.0.1:${worker.adminPort}/readyz`)).status).toBe(200);
  });

  it("out of memory: the worker pauses without a flood of log lines, and goes on once there is room", async () => {
    const lines: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (chunk: string | Uint8Array) => {
      lines.push(String(chunk));
      return true;
    };
    try {
      const jobs = await Promise.all(Array.from({ length: 5 }, () => bench.submit()));
      await bench.redis.config("SET", "maxmemory", "1");
      const worker = await bench.startWorker(new FakeExecutor(), { LOG_LEVEL: "info" });
      await until(() => lines.some((line) => line.includes('"reason":"Redis memory"')));
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect(lines.length).toBeLessThan(30);
      await bench.redis.config("SET", "maxmemory", "0");
      for (const { job } of jobs) expect((await bench.finished(job.id)).job.status).toBe("succeeded");
      await worker.stop();
    } finally {
      process.stdout.write = write;
    }
  });
});

it("a job whose lock is lost while its worker lives is not run by it a second time", async () => {
  const executor = new FakeExecutor();
  let release = (): void => undefined;
  executor.behaviour = async (request) => {
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return succeeded(request);
  };
  await bench.startWorker(executor);
  const { job } = await bench.submit();
  await executor.called(1);
  const entry = `{test}:executions:${job.id}`;
  await bench.redis.del(`${entry}:lock`);
  await until(async () => (await bench.redis.hget(entry, "stc")) === "1");
  await until(async () => (await bench.redis.zcard("{test}:executions:delayed")) === 1);
  release();
  expect((await bench.finished(job.id)).job).toMatchObject({ status: "succeeded", attempts: 0 });
  await until(async () => !(await bench.queue.has(job.id)));
  expect(executor.calls).toHaveLength(1);
});

describe("the executor", () => {
  it("gone: jobs wait for it instead of using up their attempts", async () => {
    const executor = new FakeExecutor();
    executor.behaviour = async (request) => {
      if (!executor.serving) throw platformFailure("executor_unavailable");
      return succeeded(request);
    };
    await bench.startWorker(executor, { WORKER_CONCURRENCY: "2" });
    const before = await bench.submit();
    await bench.finished(before.job.id);
    executor.serving = false;
    const jobs = await Promise.all(Array.from({ length: 20 }, () => bench.submit()));
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    executor.serving = true;
    const ended = await Promise.all(jobs.map(({ job }) => bench.finished(job.id)));
    expect(ended.every(({ job }) => job.status === "succeeded")).toBe(true);
    const hit = ended.filter(({ job }) => job.attempts > 0);
    expect(hit.length).toBeLessThanOrEqual(2);
    expect(hit.every(({ job }) => job.attempts === 1)).toBe(true);
  });

  it("gone, and its health unanswered for seconds: no second attempt is used up meanwhile", async () => {
    const executor = new FakeExecutor();
    const health = executor.health.bind(executor);
    await bench.startWorker(executor);
    await bench.finished((await bench.submit()).job.id);
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    executor.health = () => answered.then(health);
    executor.behaviour = () => Promise.reject(platformFailure("executor_lost"));
    const { job } = await bench.submit();
    await until(async () => (await bench.store.read(job.id))?.job.attempts === 1);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await bench.store.read(job.id))?.job).toMatchObject({ status: "queued", attempts: 1 });
    executor.behaviour = async (request) => succeeded(request);
    answer();
    expect((await bench.finished(job.id)).job).toMatchObject({ status: "succeeded", attempts: 1 });
  });
});

/** What a command that Redis does not answer takes: a refusal at once is sooner, however busy the machine. */
const UNANSWERED_MS = COMMAND_TIMEOUT_MS;

describe("a producer", () => {
  const logger = createLogger("test", "silent");

  it("is refused at once while Redis is down from the start, and gets through later", async () => {
    await bench.valkey.kill();
    const queue = createJobQueue({ redisUrl: bench.valkey.url, prefix: "{test}", logger });
    try {
      const startedAt = performance.now();
      const { job } = await bench.submit();
      expect(performance.now() - startedAt).toBeLessThan(UNANSWERED_MS);
      expect(queue.connected()).toBe(false);
      await expect(queue.has(job.id)).rejects.toThrow("Redis");
      await restartValkey();
      await until(() => queue.connected());
      expect(await queue.has(job.id)).toBe(false);
    } finally {
      await queue.close();
    }
  });

  it("waits at most a second for a Redis that hangs, and then not at all", async () => {
    bench.valkey.signal("SIGSTOP");
    try {
      const startedAt = performance.now();
      await bench.submit();
      expect(performance.now() - startedAt).toBeLessThan(1_500);
      const again = performance.now();
      await bench.submit();
      expect(performance.now() - again).toBeLessThan(UNANSWERED_MS);
      expect(bench.queue.connected()).toBe(false);
    } finally {
      bench.valkey.signal("SIGCONT");
    }
    await until(() => bench.queue.connected());
  });

  it("asks for a full pass once it reaches Redis again, so that what it could not add runs at once", async () => {
    const cable = await layCable(bench.valkey.url);
    const cutOff = createJobQueue({ redisUrl: cable.url, prefix: "{test}", logger });
    try {
      // With the marker in place the worker has no reason of its own for a full pass.
      await bench.redis.set("{test}:marker", "1");
      await bench.startWorker(new FakeExecutor(), { RECONCILE_INTERVAL_SECONDS: "600" });
      await until(() => cutOff.connected());
      await cable.cut();
      const { job } = await bench.submit({}, cutOff);
      expect(await bench.queue.has(job.id)).toBe(false);
      await cable.mend();
      expect((await bench.finished(job.id, 15_000)).job).toMatchObject({ status: "succeeded", attempts: 0 });
    } finally {
      await cutOff.close();
      await cable.close();
    }
  });
});

it("a job that never ends is cancelled also when the cancel came while the worker was cut off", async () => {
  const executor = new FakeExecutor();
  executor.behaviour = endless;
  await bench.startWorker(executor);
  const { job } = await bench.submit();
  await executor.called(1);
  await bench.redis.set(`{test}:cancel:${job.id}`, "1");
  await bench.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
  await until(() => executor.running === 0);
});
