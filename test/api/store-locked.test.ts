import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

let room: Room;
let other: DatabaseSync;
beforeEach(async () => {
  room = await startRoom({ withoutRedis: true, environment: { STORE_DEADLINE_MS: "2000" } });
  other = new DatabaseSync(room.environment["SQLITE_PATH"] ?? "");
});
afterEach(async () => {
  other.close();
  await room.stop();
});

test("while another process holds the store's write lock for a second, the API answers and loses nothing", async () => {
  other.exec("BEGIN IMMEDIATE");
  const submitted = Promise.all(Array.from({ length: 20 }, () => room.submit()));
  let answered = 0;
  const until = performance.now() + 1_000;
  while (performance.now() < until) {
    expect((await room.ask("/healthz")).status).toBe(200);
    expect((await room.ask("/v1/jobs")).status).toBe(200);
    answered += 1;
  }
  other.exec("ROLLBACK");
  const ids = await submitted;
  expect(new Set(ids).size).toBe(20);
  for (const id of ids) expect((await room.read(id)).status).toBe("queued");
  // An API that stands still for as long as the lock is held answers the first and no more.
  expect(answered).toBeGreaterThan(2);
});

test("a store that cannot be written in time is 503 with Retry-After, and then nothing was taken", async () => {
  other.exec("BEGIN IMMEDIATE");
  const answer = await room.ask("/v1/jobs", { body: SMALL_JOB });
  expect([answer.status, answer.problem().code]).toEqual([503, "unavailable"]);
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  other.exec("ROLLBACK");
  expect((await room.ask("/v1/jobs")).json()).toEqual({ items: [], nextCursor: null });
});
