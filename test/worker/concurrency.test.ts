import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OwnersLately } from "../../src/worker/batches/owners-lately.ts";
import { Concurrency } from "../../src/worker/concurrency.ts";
import { endless, FakeExecutor } from "./fake-executor.ts";
import { startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

describe("jobs at once", () => {
  /** With executions too long for the worker to run ahead. */
  function settled(slots: number, workers: number, max?: number): Concurrency {
    const concurrency = new Concurrency(() => undefined, { max });
    concurrency.slotsSeen(slots);
    concurrency.workersSeen(workers);
    for (let index = 0; index < 50; index++) concurrency.executed(5_000);
    return concurrency;
  }

  it("are this worker's share of the executors' slots, rounded up", () => {
    expect(settled(8, 3).current).toBe(3);
    expect(settled(1, 4).current).toBe(1);
    expect(settled(8, 3, 2).current).toBe(2);
  });

  it("are two more while executions are short, so that no slot waits for the worker", () => {
    const concurrency = settled(4, 1);
    expect(concurrency.current).toBe(4);
    for (let index = 0; index < 100; index++) concurrency.executed(5);
    expect(concurrency.current).toBe(6);
  });

  it("are one less after each call that found no slot, down to one, and come back with calls that did", () => {
    const concurrency = settled(3, 1);
    for (let index = 0; index < 9; index++) concurrency.busy();
    expect(concurrency.current).toBe(1);
    concurrency.executed(5_000);
    expect(concurrency.current).toBe(2);
    concurrency.executed(5_000);
    concurrency.executed(5_000);
    expect(concurrency.current).toBe(3);
  });

  it("are none beyond the slots where it says so, however short they are", () => {
    const concurrency = new Concurrency(() => undefined, { ahead: 1, shortMs: Number.POSITIVE_INFINITY });
    concurrency.executed(5_000);
    expect(concurrency.current).toBe(2);
    concurrency.runAhead(false);
    expect(concurrency.current).toBe(1);
    concurrency.runAhead(true);
    expect(concurrency.current).toBe(2);
  });

  it("of batches run ahead again a second after another owner's last chunk", () => {
    const owners = new OwnersLately();
    expect(owners.seen("ann", 0)).toBe(1);
    expect(owners.seen("bob", 500)).toBe(2);
    expect(owners.seen("ann", 600)).toBe(2);
    expect(owners.seen("ann", 1_501)).toBe(1);
  });

  it("stay when the executor is away, and follow when a worker goes", () => {
    const concurrency = settled(4, 2);
    concurrency.slotsSeen(0);
    expect(concurrency.current).toBe(2);
    concurrency.workersSeen(1);
    expect(concurrency.current).toBe(4);
  });
});

describe("two workers", () => {
  let bench: WorkerBench;
  beforeAll(async () => {
    bench = await startWorkerBench();
  });
  afterAll(() => bench.stop());

  it("share the slots, and one takes all once the other has stopped", async () => {
    const executor = new FakeExecutor();
    executor.slots = 8;
    executor.behaviour = endless;
    const first = await bench.startWorker(executor, { DRAIN_GRACE_SECONDS: "0" });
    const second = await bench.startWorker(executor, { DRAIN_GRACE_SECONDS: "0" });
    await until(async () => (await bench.redis.zcard("{test}:workers")) === 2);
    await second.stop();
    // Its next heartbeat tells the first one that it is alone; what runs by then keeps it from taking more.
    const stoppedAt = Date.now();
    await until(async () => {
      const [, beat] = await bench.redis.zrange("{test}:workers", "0", "-1", "WITHSCORES");
      return Number(beat) > stoppedAt && (await bench.redis.zcard("{test}:workers")) === 1;
    });
    const jobs = await Promise.all(Array.from({ length: 12 }, () => bench.submit()));
    await until(() => executor.running >= 8);
    for (const { job } of jobs) await bench.cancel(job.id);
    await first.stop();
  });
});
