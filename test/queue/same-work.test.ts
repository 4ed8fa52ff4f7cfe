import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLogger } from "../../src/shared/logging.ts";
import { SameWork } from "../../src/shared/queue/fair/same-work.ts";
import { closeRedis, connectRedis } from "../../src/shared/redis.ts";
import { startValkey, type ValkeyPart } from "../support/start-valkey.ts";

const DAY_MS = 86_400_000;
const LONGEST_MS = 30_000;

let valkey: ValkeyPart;
let redis: Redis;
beforeAll(async () => {
  valkey = await startValkey();
  redis = connectRedis(valkey.url, "worker", createLogger("test", "silent"));
});
afterAll(async () => {
  await closeRedis(redis);
  await valkey.stop();
});

const SPAN_MS = 7.5 * DAY_MS;

/** The index of jobs that are kept for 30 days, which reaches so many days back. */
async function indexOf(days: number): Promise<SameWork> {
  await redis.flushall();
  await redis.set(`{test}:fair:seen:${SPAN_MS}:from`, Date.now() - days * DAY_MS);
  return new SameWork(redis, "{test}", "executions", 30);
}

it("work that nobody did costs no question to the job store, once the index reaches back to the oldest job", async () => {
  expect(await (await indexOf(31)).claim("w", "A", LONGEST_MS)).toEqual({ kind: "run", stored: "new" });
  expect(await (await indexOf(29)).claim("w", "A", LONGEST_MS)).toEqual({
    kind: "run",
    stored: "may be stored",
  });
});

it("an index that was wiped has to be told what the job store has, and that once", async () => {
  for (const [hasWork, stored] of [
    [true, "may be stored"],
    [false, "new"],
  ] as const) {
    await redis.flushall();
    const wiped = new SameWork(redis, "{test}", "executions", 30);
    expect(await wiped.claim("w", "A", LONGEST_MS)).toEqual({ kind: "run", stored: "unknown" });
    await wiped.begin(hasWork);
    await wiped.begin(!hasWork);
    expect(await wiped.claim("x", "A", LONGEST_MS)).toEqual({ kind: "run", stored });
  }
});

it("work that was done is asked for in the job store when its name has run out, until no such job is kept", async () => {
  const index = await indexOf(100);
  await index.claim("w", "A", LONGEST_MS);
  await index.release("w", "A", true);
  expect(await index.claim("w", "B", LONGEST_MS)).toEqual({ kind: "done", jobId: "A" });
  await redis.del("{test}:fair:same:w");
  expect(await index.claim("w", "C", LONGEST_MS)).toEqual({ kind: "run", stored: "may be stored" });
  expect(await index.claim("x", "C", LONGEST_MS)).toEqual({ kind: "run", stored: "new" });

  const bits = await redis.keys("{test}:fair:seen:*:[0-9]*");
  expect(bits).toHaveLength(1);
  const left = await redis.pttl(bits[0] ?? "");
  expect(left).toBeGreaterThan(30 * DAY_MS);
  expect(left).toBeLessThanOrEqual(45 * DAY_MS);
  expect(await redis.strlen(bits[0] ?? "")).toBeLessThanOrEqual(1_048_576);
});

it("what ended without use leaves nothing to ask for", async () => {
  const index = await indexOf(31);
  await index.claim("w", "A", LONGEST_MS);
  await index.release("w", "A", false);
  expect(await index.claim("w", "B", LONGEST_MS)).toEqual({ kind: "run", stored: "new" });
});
