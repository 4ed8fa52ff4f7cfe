import { Queue } from "bullmq";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { jobAcceptedSchema, jobSchema } from "../../src/shared/contract/job.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { createJobQueue } from "../../src/shared/queue/job-queue.ts";
import { QUEUE_NAME } from "../../src/shared/queue/names.ts";
import { closeRedis, connectRedis } from "../../src/shared/redis.ts";
import { type Room, SMALL_JOB, startRoom, until } from "./support/room.ts";

describe("with Redis up", () => {
  let room: Room;
  beforeAll(async () => {
    room = await startRoom();
  });
  afterAll(() => room.stop());

  test("a job is taken with its address, and is in the store and in the queue when the answer comes", async () => {
    const answer = await room.ask("/v1/jobs", { body: { ...SMALL_JOB, labels: { team: "a" } } });
    const accepted = jobAcceptedSchema.parse(answer.json());
    expect([answer.status, accepted.status]).toEqual([202, "queued"]);
    expect(answer.headers.location).toBe(`/v1/jobs/${accepted.id}`);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    const stored = await room.store.read(accepted.id);
    expect(stored?.job).toMatchObject({ owner: "local", status: "queued", labels: { team: "a" } });
    const queue = createJobQueue({
      redisUrl: room.environment["REDIS_URL"] ?? "",
      prefix: "{strategiz}",
      logger: createLogger("test", "silent"),
    });
    try {
      await until("the queue is connected", () => queue.connected());
      expect(await queue.has(accepted.id)).toBe(true);
    } finally {
      await queue.close();
    }
  });

  test("request id and trace go with the job to the worker", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const id = await room.submit(SMALL_JOB, { "X-Request-Id": "from-client", traceparent });
    const malformed = await room.submit(SMALL_JOB, { traceparent: "00-0-0-01" });
    const connection = connectRedis(
      room.environment["REDIS_URL"] ?? "",
      "worker",
      createLogger("test", "silent"),
    );
    const queue = new Queue(QUEUE_NAME, { connection, prefix: "{strategiz}" });
    try {
      expect((await queue.getJob(id))?.data).toMatchObject({
        requestId: "from-client",
        traceparent,
        owner: "local",
      });
      expect((await queue.getJob(malformed))?.data.traceparent).toBeUndefined();
    } finally {
      await queue.close();
      await closeRedis(connection);
    }
  });

  test("the same routes answer without /v1", async () => {
    const answer = await room.ask("/jobs", { body: SMALL_JOB });
    const { id } = jobAcceptedSchema.parse(answer.json());
    expect(jobSchema.parse((await room.ask(`/jobs/${id}`)).json()).id).toBe(id);
  });

  test("Prefer: wait answers 200 with the finished job as soon as it has ended", async () => {
    const label = "waits";
    const asked = room.ask("/v1/jobs", {
      body: { ...SMALL_JOB, strategy: { ...SMALL_JOB.strategy, id: label } },
      headers: { Prefer: "respond-async, wait=20" },
    });
    const id = await idOfStrategy(room, label);
    await room.worker.succeed(id);
    const answer = await asked;
    expect([answer.status, answer.headers["preference-applied"]]).toEqual([200, "wait=20"]);
    const job = jobSchema.parse(answer.json());
    expect(job).toMatchObject({ id, status: "succeeded" });
    expect(answer.headers.etag).toBe(`W/"${job.version}"`);
  });

  test("Prefer: wait answers 202 when the job takes longer", async () => {
    const answer = await room.ask("/v1/jobs", { body: SMALL_JOB, headers: { Prefer: "wait=1" } });
    expect([answer.status, answer.headers["preference-applied"]]).toEqual([202, "wait=1"]);
    expect(jobAcceptedSchema.parse(answer.json()).status).toBe("queued");
  });

  test("a Prefer that is not understood is passed over", async () => {
    const answer = await room.ask("/v1/jobs", {
      body: SMALL_JOB,
      headers: { Prefer: "wait=long, handling=x" },
    });
    expect([answer.status, answer.headers["preference-applied"]]).toEqual([202, undefined]);
  });

  test("twenty thousand bars are taken", async () => {
    const start = Date.UTC(1960, 0, 1);
    const bars = Array.from({ length: 20_000 }, (_, day) => ({
      timestamp: new Date(start + day * 86_400_000).toISOString().slice(0, 10),
      open: 1,
      high: 2,
      low: 1,
      close: 1.5,
    }));
    const id = await room.submit({ strategy: SMALL_JOB.strategy, bars });
    const request = await room.store.readRequest(id);
    expect(request?.bars).toHaveLength(20_000);
    expect(request?.bars?.[19_999]).toEqual({ ...bars[19_999], volume: 0 });
  });
});

test("a job is taken, and can be waited for, while Redis is down", async () => {
  const room = await startRoom();
  try {
    await room.valkey?.kill();
    const id = await room.submit();
    expect((await room.read(id)).status).toBe("queued");
    const waited = room.ask("/v1/jobs", {
      body: { ...SMALL_JOB, strategy: { code: "x", id: "w" } },
      headers: { Prefer: "wait=20" },
    });
    await room.worker.succeed(await idOfStrategy(room, "w"));
    expect((await waited).status).toBe(200);
  } finally {
    await room.stop();
  }
});

describe("the cap on the backlog", () => {
  let room: Room;
  beforeEach(async () => {
    room = await startRoom({ environment: { QUEUE_CAP: "3" } });
  });
  afterEach(() => room.stop());

  test("a full queue answers 429 with Retry-After, and still replays what it took", async () => {
    const key = { "Idempotency-Key": "first" };
    const id = await room.submit(SMALL_JOB, key);
    await room.submit();
    await room.submit();
    const refused = await room.ask("/v1/jobs", { body: SMALL_JOB });
    expect([refused.status, refused.problem().code]).toEqual([429, "backlog_full"]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    const other = await room.ask("/v1/jobs", { body: SMALL_JOB, headers: { "Idempotency-Key": "second" } });
    expect(other.status).toBe(429);
    expect(await room.submit(SMALL_JOB, key)).toBe(id);
    const seed = await room.ask("/v1/strategies/execute-code", { body: { code: "x", symbol: "AAPL" } });
    expect(seed.status).toBe(429);
  });
});

/** The id of the one job with this strategy, once it is in the store. */
async function idOfStrategy(room: Room, strategyId: string): Promise<string> {
  let id: string | undefined;
  await until("the job is stored", async () => {
    const { jobs } = await room.store.list("local", { strategyId }, { limit: 1 });
    id = jobs[0]?.job.id;
    return id !== undefined;
  });
  return id ?? "";
}
