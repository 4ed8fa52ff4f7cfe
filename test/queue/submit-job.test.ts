import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JobRequest, jobRequestSchema } from "../../src/shared/contract/job-request.ts";
import { newId } from "../../src/shared/ids.ts";
import { queueEntrySchema } from "../../src/shared/queue/entry.ts";
import { submitJob } from "../../src/shared/submit-job.ts";
import { bars, startWorkerBench, until, type WorkerBench } from "../worker/worker-bench.ts";

let bench: WorkerBench;
beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(() => bench.stop());

const request = jobRequestSchema.parse({ strategy: { code: "1" }, symbol: "AAPL", labels: { run: "1" } });

function submit(more: { id?: string; request?: JobRequest } = {}) {
  const { store, queue } = bench;
  return submitJob({ store, queue }, { owner: "someone", request, requestId: "r1", ...more });
}

async function entryOf(id: string) {
  return queueEntrySchema.parse(
    JSON.parse((await bench.redis.hget(`{test}:executions:${id}`, "data")) ?? ""),
  );
}

describe("submitting a job", () => {
  it("writes it to the store and puts an entry in the queue that a worker can run alone", async () => {
    const { created, enqueued, stored } = await submit();
    expect({ created, enqueued }).toEqual({ created: true, enqueued: true });
    expect((await bench.store.read(stored.job.id))?.job).toMatchObject({ status: "queued", version: 1 });
    expect(await entryOf(stored.job.id)).toMatchObject({
      jobId: stored.job.id,
      owner: "someone",
      fence: stored.fence,
      version: 1,
      request: { symbol: "AAPL", labels: { run: "1" } },
      redelivered: false,
      requestId: "r1",
    });
  });

  it("makes one job of a hundred with one id, and tells whether the request was the same", async () => {
    const id = newId();
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => submit({ id })));
    expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
    expect(outcomes.every(({ sameRequest }) => sameRequest)).toBe(true);
    expect(outcomes.every(({ stored }) => stored.job.id === id)).toBe(true);
    const other = await submit({ id, request: { ...request, parameters: { fast: 3 } } });
    expect(other).toMatchObject({ created: false, sameRequest: false });
  });

  it("keeps bars of more than 16 KB out of Redis", async () => {
    const few = await submit({ request: { ...request, symbol: undefined, bars: bars(100) } });
    expect((await entryOf(few.stored.job.id)).request.bars).toHaveLength(100);
    for (const count of [230, 5_000]) {
      const many = await submit({ request: { ...request, symbol: undefined, bars: bars(count) } });
      const entry = await entryOf(many.stored.job.id);
      expect(entry.barsInStore).toBe(true);
      expect(entry.request.bars).toBeUndefined();
    }
  });
});

describe("the queue", () => {
  it("counts what waits, what was added since the last count included", async () => {
    await until(
      async () => bench.queue.backlog() === (await bench.redis.zcard("{test}:executions:prioritized")),
    );
    const before = bench.queue.backlog();
    for (let index = 0; index < 10; index++) await submit();
    expect(bench.queue.backlog()).toBeGreaterThanOrEqual(before + 10);
    await until(
      async () => bench.queue.backlog() === (await bench.redis.zcard("{test}:executions:prioritized")),
    );
  });

  it("removes an entry that no worker holds", async () => {
    const { stored } = await submit();
    expect(await bench.queue.has(stored.job.id)).toBe(true);
    expect(await bench.queue.remove(stored.job.id)).toBe(true);
    expect(await bench.queue.has(stored.job.id)).toBe(false);
    expect(await bench.queue.remove(stored.job.id)).toBe(true);
  });
});
