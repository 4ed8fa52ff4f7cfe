/** Two processes on one SQLite file: nothing is lost, and nobody's event loop waits for the other's lock. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JobRecord } from "../../src/shared/job-store/job-record.ts";
import { retryWhileLocked } from "../../src/shared/job-store/sqlite/lock-retry.ts";
import { temporaryDirectory } from "../support/part.ts";
import { queuedJob, sampleRequest } from "./sample-jobs.ts";
import { openSqlite, withDatabase } from "./sqlite-under-test.ts";
import { startStoreProcess } from "./start-store-process.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, "jobs.sqlite");
});

afterEach(() => directory.remove());

function countJobs(owner: string): number {
  const sql = "SELECT count(*) AS n FROM jobs WHERE owner = ?";
  return withDatabase(path, (db) => Number(db.prepare(sql).get(owner)?.["n"]));
}

/** The longest time between two turns of the event loop while `work` is under way, milliseconds. */
async function longestSilence(work: Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const witness = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 5);
  await work.finally(() => clearInterval(witness));
  return longest;
}

/** The write lock, held by another connection until `release`. */
function holdWriteLock(): { release: () => void } {
  const db = new DatabaseSync(path, { timeout: 1_000 });
  db.exec("BEGIN IMMEDIATE");
  return {
    release: () => {
      db.exec("COMMIT");
      db.close();
    },
  };
}

test("200 writes under another process's lock of 1 s are all made afterwards, and the event loop goes on", async () => {
  const store = await openSqlite(path);
  const other = startStoreProcess(path, "lock", "1000");
  expect(await other.line()).toBe("locked");
  let released = false;
  let madeWhileLocked = 0;
  let readsWhileLocked = 0;
  const jobs = Array.from({ length: 200 }, () => queuedJob());

  const writes = Promise.all(
    jobs.map(async (job) => {
      const { created } = await store.create(job, sampleRequest());
      if (!released) madeWhileLocked += 1;
      return created;
    }),
  );
  const reads = (async () => {
    while (!released) {
      expect(await store.read(jobs[0]?.id ?? "")).toBeUndefined();
      if (!released) readsWhileLocked += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  const releasing = other.line().then((line) => {
    released = true;
    return line;
  });
  const silence = await longestSilence(Promise.all([releasing, reads, writes]));

  expect(await releasing).toBe("released");
  // The other process commits just before it says so: what was made in that moment was made after the release.
  expect(madeWhileLocked === 0 || madeWhileLocked === jobs.length).toBe(true);
  expect(await writes).toEqual(jobs.map(() => true));
  expect(readsWhileLocked).toBeGreaterThan(10);
  expect(silence).toBeLessThan(250);
  for (const job of jobs) expect((await store.read(job.id))?.job).toEqual(job);
  await store.close();
});

test("two processes that create 2,500 jobs each at once lose none", async () => {
  const other = startStoreProcess(path, "create", "2500");
  expect(await other.line()).toBe("ready");
  const store = await openSqlite(path);
  const jobs: JobRecord[] = [];
  const createSome = async (): Promise<void> => {
    while (jobs.length < 2_500) {
      const job = queuedJob({ owner: "ours" });
      jobs.push(job);
      expect((await store.create(job, sampleRequest())).created).toBe(true);
    }
  };
  other.begin();
  await Promise.all(Array.from({ length: 50 }, createSome));
  expect(await other.line()).toBe("created");
  expect([countJobs("ours"), countJobs("other")]).toEqual([2_500, 2_500]);
  await store.close();
});

test("every job that a killed process was told is stored is there afterwards", async () => {
  const other = startStoreProcess(path, "endless");
  const told = [await other.line()];
  while (told.length < 300) told.push(await other.line());
  told.push(...(await other.kill()).filter((line) => line.length === 26));
  const store = await openSqlite(path);
  for (const id of told) expect((await store.read(id))?.job.owner).toBe("other");
  expect(countJobs("other")).toBeGreaterThanOrEqual(told.length);
  await store.create(queuedJob(), sampleRequest());
  await store.close();
});

test("a lock that outlives the deadline: the write rejects as unavailable and is never made", async () => {
  const store = await openSqlite(path, 100);
  const job = queuedJob();
  const lock = holdWriteLock();
  const unavailable = { name: "StoreUnavailableError", message: expect.stringContaining("100 ms") };
  await expect(store.create(job, sampleRequest())).rejects.toMatchObject(unavailable);
  await expect(store.check()).rejects.toMatchObject(unavailable);
  lock.release();
  await store.check();
  expect(await store.read(job.id)).toBeUndefined();
  expect((await store.create(job, sampleRequest())).created).toBe(true);
  await store.close();
});

test("writes that come while the line is full are refused at once; those in it are made", async () => {
  const store = await openSqlite(path, 20_000);
  const lock = holdWriteLock();
  const writes = Promise.allSettled(
    Array.from({ length: 10_020 }, () => store.create(queuedJob(), sampleRequest("x"))),
  );
  const refused = store.create(queuedJob(), sampleRequest("x"));
  await expect(refused).rejects.toMatchObject({
    name: "StoreUnavailableError",
    message: expect.stringContaining("10000 writes are waiting"),
  });
  lock.release();
  const outcomes = await writes;
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(10_000);
  expect(countJobs("alice")).toBe(10_000);
  await store.close();
});

test("closing waits for the writes that wait for a lock", async () => {
  const store = await openSqlite(path);
  const lock = holdWriteLock();
  const write = store.create(queuedJob(), sampleRequest());
  const closing = store.close();
  lock.release();
  expect((await write).created).toBe(true);
  await closing;
  expect(countJobs("alice")).toBe(1);
});

test("a write that the database refuses fails alone; those of the same moment are made", async () => {
  const store = await openSqlite(path);
  const good = [queuedJob(), queuedJob(), queuedJob()];
  const bad: JobRecord = { ...queuedJob(), createdAt: "yesterday" as unknown as number };
  const outcomes = await Promise.allSettled(
    [good[0], bad, good[1], bad, good[2]].map((job) => store.create(job ?? bad, sampleRequest())),
  );
  expect(outcomes.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringContaining("created_at") } });
  for (const { id } of good) expect(await store.read(id)).toBeDefined();
  expect(await store.read(bad.id)).toBeUndefined();
  await store.close();
});

test("a read that meets a lock waits for it without stopping the event loop, up to its deadline", async () => {
  const rollbackJournal = new DatabaseSync(path, { timeout: 0 });
  rollbackJournal.exec("CREATE TABLE t (x); INSERT INTO t VALUES (7); BEGIN EXCLUSIVE");
  const reader = new DatabaseSync(path, { timeout: 0 });
  const read = (): unknown => reader.prepare("SELECT x FROM t").get()?.["x"];
  await expect(retryWhileLocked(read, 50)).rejects.toMatchObject({ name: "StoreUnavailableError" });
  const waiting = retryWhileLocked(read, 10_000);
  rollbackJournal.exec("COMMIT");
  expect(await waiting).toBe(7);
  reader.close();
  rollbackJournal.close();
});

test("processes that start at once on a new file all open it and lose no write", async () => {
  const others = Array.from({ length: 3 }, () => startStoreProcess(path, "create", "50"));
  for (const other of others) other.begin();
  for (const other of others) expect(await other.line()).toBe("ready");
  for (const other of others) expect(await other.line()).toBe("created");
  expect(countJobs("other")).toBe(150);
});
