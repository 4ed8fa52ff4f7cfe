import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  batchAcceptedSchema,
  batchEstimateSchema,
  batchListSchema,
  batchSchema,
} from "../../src/shared/contract/batch.ts";
import { jobAcceptedSchema } from "../../src/shared/contract/job.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { closeRedis, connectRedis } from "../../src/shared/redis.ts";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

const SWEEP = {
  ...SMALL_JOB,
  symbol: undefined,
  symbols: ["AAPL"],
  parameters: { fast: { from: 1, to: 100, step: 1 } },
};

describe("a job that waits", () => {
  let room: Room;
  let ids: string[];
  beforeAll(async () => {
    room = await startRoom({ environment: { OWNER_QUEUED_MAX: "7" } });
    ids = [];
    for (let index = 0; index < 7; index += 1) {
      const answer = await room.ask("/v1/jobs", { body: SMALL_JOB });
      const { id, waiting } = jobAcceptedSchema.parse(answer.json());
      expect(waiting).toEqual({ position: index + 1, reason: "no_worker" });
      ids.push(id);
    }
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

describe("a batch that waits", () => {
  let room: Room;
  let ids: string[];
  const submitted = async () =>
    batchAcceptedSchema.parse((await room.ask("/v1/batches", { body: SWEEP })).json());
  const dryRun = async (of: object = {}) => {
    const answer = await room.ask("/v1/batches", { body: { ...SWEEP, ...of, dryRun: true } });
    return batchEstimateSchema.parse(answer.json());
  };
  beforeAll(async () => {
    room = await startRoom();
  });
  afterAll(() => room.stop());

  test("tells in the answer and whenever it is looked at where its first chunk stands", async () => {
    const first = await submitted();
    expect(first.waiting).toEqual({ position: 1, reason: "no_worker" });
    const second = await submitted();
    expect(second.waiting?.position).toBe(3);
    ids = [first.id, second.id];
    const waiting = async (id: string) =>
      batchSchema.parse((await room.ask(`/v1/batches/${id}`)).json()).waiting;
    expect(await Promise.all(ids.map(waiting))).toEqual([first.waiting, second.waiting]);
  });

  test("a dry run tells where the batch would stand, and when it would start and end beside those who wait", async () => {
    expect(await dryRun()).toMatchObject({ waiting: { position: 5, reason: "no_worker" }, sharedBy: 1 });
    expect((await dryRun()).estimatedEnd).toBeUndefined();
    const redis = connectRedis(room.valkey?.url ?? "", "worker", createLogger("test", "silent"));
    await redis.zadd("{strategiz}:workers", Date.now(), "a-worker");
    await redis.hset("{strategiz}:fair:chunks", "gapMs", "30000", "gaps", "10");
    await redis.sadd("{strategiz}:fair:chunks:owners", "another");
    await closeRedis(redis);
    const told = await dryRun({ parameters: { fast: { from: 1, to: 20_000, step: 1 } } });
    const now = Date.now();
    expect(told).toMatchObject({ waiting: { position: 5, reason: "behind_own_work" }, sharedBy: 2 });
    const startsIn = Date.parse(told.waiting?.estimatedStart ?? "") - now;
    expect(Math.abs(startsIn - 15_000)).toBeLessThan(2_000);
    const takes = Date.parse(told.estimatedEnd ?? "") - now - startsIn;
    expect(Math.abs(takes - told.estimatedSeconds * 2_000)).toBeLessThan(100);
  });

  test("the dry run stored nothing and took no place", async () => {
    expect((await dryRun()).waiting?.position).toBe(5);
    expect(batchListSchema.parse((await room.ask("/v1/batches")).json()).items).toHaveLength(2);
  });
});

test("a job that is in the store alone says so", async () => {
  const room = await startRoom({ withoutRedis: true });
  try {
    const accepted = jobAcceptedSchema.parse((await room.ask("/v1/jobs", { body: SMALL_JOB })).json());
    expect(accepted.waiting).toEqual({ reason: "not_in_queue" });
    expect((await room.read(accepted.id)).waiting).toEqual({ reason: "not_in_queue" });
    const batch = batchAcceptedSchema.parse((await room.ask("/v1/batches", { body: SWEEP })).json());
    expect(batch.waiting).toEqual({ reason: "not_in_queue" });
    const dry = await room.ask("/v1/batches", { body: { ...SWEEP, dryRun: true } });
    expect(batchEstimateSchema.parse(dry.json())).not.toHaveProperty("waiting");
  } finally {
    await room.stop();
  }
});
