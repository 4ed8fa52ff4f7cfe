import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLogger } from "../../src/shared/logging.ts";
import { createCancelSubscriber } from "../../src/shared/queue/cancel-channel.ts";
import { createEventPublisher } from "../../src/shared/queue/event-channel.ts";
import { queueNames } from "../../src/shared/queue/names.ts";
import { startWorkerBench, until, type WorkerBench } from "../worker/worker-bench.ts";

const logger = createLogger("test", "silent");
let bench: WorkerBench;
beforeAll(async () => {
  bench = await startWorkerBench();
});
afterAll(() => bench.stop());

describe("job events", () => {
  it("reach those who wait for the job, and nobody else", async () => {
    const mine = await bench.submit();
    const other = await bench.submit();
    const seen = bench.record(mine.job.id);
    const events = createEventPublisher({ connection: bench.redis, prefix: "{test}", logger });
    await events.publish({ ...other.job, version: 7 });
    await events.publish({ ...mine.job, version: 8 });
    await until(() => seen.length > 0);
    expect(seen).toMatchObject([{ id: mine.job.id, version: 8, status: "queued" }]);
  });

  it("are not given to listeners that stopped", async () => {
    const { job } = await bench.submit();
    let heard = 0;
    const stop = bench.events.onJob(job.id, () => {
      heard += 1;
    });
    const seen = bench.record(job.id);
    stop();
    const events = createEventPublisher({ connection: bench.redis, prefix: "{test}", logger });
    await events.publish(job);
    await until(() => seen.length === 1);
    expect(heard).toBe(0);
  });

  it("are ignored where they are not ours to read", async () => {
    const { job } = await bench.submit();
    const seen = bench.record(job.id);
    const { eventsChannel } = queueNames("{test}");
    await bench.redis.publish(eventsChannel, `${job.id} nonsense`);
    await bench.redis.publish(eventsChannel, "");
    await bench.redis.publish(eventsChannel, `${job.id} 9 {"id":"${job.id}"}`);
    await until(() => seen.length > 0);
    expect(seen).toHaveLength(1);
  });

  it("that may have been missed are announced: listeners learn of every reconnect", async () => {
    let reconnects = 0;
    bench.events.onReconnect(() => {
      reconnects += 1;
    });
    await bench.redis.call("CLIENT", "KILL", "TYPE", "pubsub");
    await until(() => reconnects === 1 && bench.events.connected());
  });

  it("do not disturb a publisher while Redis is gone", async () => {
    const { job } = await bench.submit();
    const events = createEventPublisher({ connection: bench.redis, prefix: "{test}", logger });
    bench.valkey.signal("SIGSTOP");
    const startedAt = performance.now();
    await events.publish(job);
    bench.valkey.signal("SIGCONT");
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    await until(() => bench.queue.connected());
  });
});

describe("a cancel", () => {
  it("reaches the worker that listens, and is found by one that comes later", async () => {
    const { job } = await bench.submit();
    const subscriber = createCancelSubscriber({ redisUrl: bench.valkey.url, prefix: "{test}", logger });
    try {
      let ready = false;
      let heard = false;
      subscriber.onReconnect(() => {
        ready = true;
      });
      await until(() => ready);
      subscriber.onCancel(job.id, () => {
        heard = true;
      });
      expect(await bench.cancels.isCancelled(job.id)).toBe(false);
      await bench.cancels.cancel(job.id);
      await until(() => heard);
      expect(await bench.cancels.isCancelled(job.id)).toBe(true);
      expect(await bench.redis.ttl(queueNames("{test}").cancelKey(job.id))).toBeGreaterThan(60);
    } finally {
      await subscriber.close();
    }
  });
});
