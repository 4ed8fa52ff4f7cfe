import { afterAll, beforeAll, expect, test } from "vitest";
import { jobSchema } from "../../src/shared/contract/job.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { createCancelPublisher, createCancelSubscriber } from "../../src/shared/queue/cancel-channel.ts";
import { createJobQueue } from "../../src/shared/queue/job-queue.ts";
import { closeRedis, connectRedis } from "../../src/shared/redis.ts";
import { readEvents } from "./support/events.ts";
import { type Room, startRoom, until } from "./support/room.ts";

let room: Room;
beforeAll(async () => {
  room = await startRoom();
});
afterAll(() => room.stop());

const logger = createLogger("test", "silent");
const prefix = "{strategiz}";

test("a queued job is cancelled at once: in the store, in the queue, and for those who watch it", async () => {
  const redisUrl = room.environment["REDIS_URL"] ?? "";
  const queue = createJobQueue({ redisUrl, prefix, logger });
  const connection = connectRedis(redisUrl, "producer", logger);
  try {
    await until("the queue is connected", () => queue.connected());
    const id = await room.submit();
    expect(await queue.has(id)).toBe(true);
    const stream = await readEvents(`${room.url}/v1/jobs/${id}/events`);
    await stream.next();
    const answer = await room.ask(`/v1/jobs/${id}/cancel`, { method: "POST" });
    const job = jobSchema.parse(answer.json());
    expect([answer.status, job.status, answer.headers.etag]).toEqual([
      202,
      "cancelled",
      `W/"${job.version}"`,
    ]);
    expect(await stream.rest()).toMatchObject([{ job: { status: "cancelled" } }]);
    expect((await room.read(id)).status).toBe("cancelled");
    expect(await queue.has(id)).toBe(false);
    expect(await createCancelPublisher({ connection, prefix }).isCancelled(id)).toBe(true);
  } finally {
    await queue.close();
    await closeRedis(connection);
  }
});

test("a running job is cancelled although the store does not know that it runs, and its worker is told", async () => {
  const cancels = createCancelSubscriber({ redisUrl: room.environment["REDIS_URL"] ?? "", prefix, logger });
  try {
    await new Promise<void>((resolve) => cancels.onReconnect(resolve));
    const id = await room.submit();
    await room.worker.announceRunning(id);
    const told = new Promise<void>((resolve) => cancels.onCancel(id, resolve));
    const answer = await room.ask(`/v1/jobs/${id}/cancel`, { method: "POST" });
    expect(answer.status).toBe(202);
    await told;
    const job = jobSchema.parse(answer.json());
    expect(job.version).toBeGreaterThan(2);
    expect((await room.read(id)).status).toBe("cancelled");
  } finally {
    await cancels.close();
  }
});

test("a job that has ended cannot be cancelled, nor one that was cancelled before", async () => {
  const finished = await room.submit();
  await room.worker.succeed(finished);
  const late = await room.ask(`/v1/jobs/${finished}/cancel`, { method: "POST" });
  expect([late.status, late.problem().code]).toEqual([409, "job_finished"]);
  expect((await room.read(finished)).status).toBe("succeeded");
  const twice = await room.submit();
  await room.ask(`/v1/jobs/${twice}/cancel`, { method: "POST" });
  expect((await room.ask(`/v1/jobs/${twice}/cancel`, { method: "POST" })).status).toBe(409);
});

test("of many cancellations at once one wins; beside a worker that writes, cancelled or succeeded holds, never both", async () => {
  const id = await room.submit();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => room.ask(`/v1/jobs/${id}/cancel`, { method: "POST" })),
  );
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([
    202,
    ...Array.from({ length: 19 }, () => 409),
  ]);

  for (let round = 0; round < 20; round += 1) {
    const raced = await room.submit();
    const [cancelled, succeeded] = await Promise.all([
      room.ask(`/v1/jobs/${raced}/cancel`, { method: "POST" }),
      room.worker.succeed(raced).then(
        () => true,
        () => false,
      ),
    ]);
    const { status } = await room.read(raced);
    expect([cancelled.status, status]).toEqual(succeeded ? [409, "succeeded"] : [202, "cancelled"]);
  }
});

test("a job is cancelled while Redis is down", async () => {
  const alone = await startRoom({ withoutRedis: true });
  try {
    const id = await alone.submit();
    expect((await alone.ask(`/v1/jobs/${id}/cancel`, { method: "POST" })).status).toBe(202);
    expect((await alone.read(id)).status).toBe("cancelled");
  } finally {
    await alone.stop();
  }
});
