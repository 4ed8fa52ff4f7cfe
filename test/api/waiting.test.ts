import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLogger } from "../../src/shared/logging.ts";
import { closeRedis, connectRedis } from "../../src/shared/redis.ts";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

describe("a job that waits", () => {
  let room: Room;
  let ids: string[];
  beforeAll(async () => {
    room = await startRoom({ environment: { OWNER_QUEUED_MAX: "7" } });
    ids = [];
    for (let index = 0; index < 7; index += 1) ids.push(await room.submit());
  });
  afterAll(() => room.stop());

  const read = (index: number) => room.read(ids[index] ?? "");

  test("tells its position, and that there is no worker", async () => {
    expect((await read(0)).waiting).toEqual({ position: 1, reason: "no_worker" });
    expect((await read(6)).waiting).toEqual({ position: 7, reason: "no_worker" });
  });

  test("tells when it will start and what stands before it, once workers are at work", async () => {
    const redis = connectRedis(room.valkey?.url ?? "", "worker", createLogger("test", "silent"));
    await redis.zadd("{strategiz}:workers", Date.now(), "a-worker");
    await redis.hset("{strategiz}:fair:executions", "wallMs", "4000", "atOnce", "2");
    await closeRedis(redis);
    expect((await read(0)).waiting).toMatchObject({ position: 1, reason: "slots_busy" });
    const { waiting } = await read(5);
    expect(waiting).toMatchObject({ position: 6, reason: "behind_own_work" });
    const inMs = Date.parse(waiting?.estimatedStart ?? "") - Date.now();
    expect(inMs).toBeGreaterThan(9_000);
    expect(inMs).toBeLessThanOrEqual(12_001);
  });

  test("counts against its owner's limit: one more gets 429 that says what to do", async () => {
    const refused = await room.ask("/v1/jobs", { body: SMALL_JOB });
    expect([refused.status, refused.problem().code]).toEqual([429, "own_backlog_full"]);
    expect(refused.problem().detail).toBe(
      "7 of your jobs wait already, and 7 may: send more as they end, or cancel some.",
    );
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    await room.ask(`/v1/jobs/${ids[6]}/cancel`, { method: "POST" });
    expect((await room.ask("/v1/jobs", { body: SMALL_JOB })).status).toBe(202);
  });

  test("says nothing of it once it runs or has ended", async () => {
    expect(await read(6)).not.toHaveProperty("waiting");
    await room.worker.storeRunning(ids[0] ?? "");
    expect(await read(0)).not.toHaveProperty("waiting");
  });
});

test("a job that is in the store alone says so", async () => {
  const room = await startRoom({ withoutRedis: true });
  try {
    const job = await room.read(await room.submit());
    expect(job.waiting).toEqual({ reason: "not_in_queue" });
  } finally {
    await room.stop();
  }
});
