/** The SQLite file: who may read it, its schema over releases, what reading costs. */
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { MIGRATIONS, migrate } from "../../src/shared/job-store/sqlite/migrate.ts";
import { prepareStatements } from "../../src/shared/job-store/sqlite/statements.ts";
import { temporaryDirectory } from "../support/part.ts";
import { queuedJob, sampleRequest } from "./sample-jobs.ts";
import { openSqlite, withDatabase } from "./sqlite-under-test.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, "state", "jobs.sqlite");
});

afterEach(() => directory.remove());

const mode = (file: string): number => statSync(file).mode & 0o777;

test("others can read neither the database nor the files beside it", async () => {
  const store = await openSqlite(path);
  await store.create(queuedJob(), sampleRequest());
  const files = readdirSync(join(directory.path, "state"));
  expect(files.sort()).toEqual(["jobs.sqlite", "jobs.sqlite-shm", "jobs.sqlite-wal"]);
  for (const file of files) expect(mode(join(directory.path, "state", file))).toBe(0o600);
  expect(mode(join(directory.path, "state"))).toBe(0o700);
  await store.close();
});

test("a database that others could read is closed to them", async () => {
  mkdirSync(join(directory.path, "state"));
  writeFileSync(path, "");
  chmodSync(path, 0o644);
  const store = await openSqlite(path);
  expect(mode(path)).toBe(0o600);
  await store.close();
});

test("a file that is no database is refused, and left as it is", async () => {
  mkdirSync(join(directory.path, "state"));
  writeFileSync(path, "this is somebody's diary, not a database".repeat(100));
  await expect(openSqlite(path)).rejects.toMatchObject({
    name: "StoreUnavailableError",
    message: expect.stringContaining("not a database"),
  });
  expect(statSync(path).size).toBe(4_000);
});

test("a database of a later release is refused with what to do, and left as it is", async () => {
  await (await openSqlite(path)).close();
  withDatabase(path, (db) => db.exec("PRAGMA user_version = 99"));
  await expect(openSqlite(path)).rejects.toMatchObject({
    name: "DatabaseTooNewError",
    message: expect.stringMatching(/schema version 99 .* knows \d+: run the release that wrote it/),
  });
  expect(withDatabase(path, (db) => db.prepare("PRAGMA user_version").get()?.["user_version"])).toBe(99);
});

test("a database of an earlier release gets what it lacks and keeps what it has", () => {
  const first = "CREATE TABLE t (x INTEGER) STRICT; INSERT INTO t VALUES (1)";
  const second = "ALTER TABLE t ADD COLUMN y TEXT NOT NULL DEFAULT 'new'";
  const db = new DatabaseSync(":memory:");
  migrate(db, [first]);
  migrate(db, [first, second]);
  migrate(db, [first, second]);
  expect(db.prepare("SELECT * FROM t").all()).toEqual([{ x: 1, y: "new" }]);
  expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: 2 });
  db.close();
});

test("a migration that fails leaves the database at its old version", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db, MIGRATIONS);
  const broken = [...MIGRATIONS, "CREATE TABLE extra (x); INSERT INTO nowhere VALUES (1)"];
  expect(() => migrate(db, broken)).toThrow("nowhere");
  expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: MIGRATIONS.length });
  expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'extra'").all()).toEqual([]);
  db.close();
});

test("no statement reads a whole table or sorts: an owner with a million jobs waits as long as one with ten", () => {
  const db = new DatabaseSync(":memory:");
  migrate(db);
  const statements: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = (sql) => {
    statements.push(sql);
    return prepare(sql);
  };
  const { listOfOwner } = prepareStatements(db);
  const values = { status: "failed", symbol: "AAPL", strategyId: "sma", batchId: "b" } as const;
  const names = ["status", "symbol", "strategyId", "batchId"] as const;
  for (let choice = 0; choice < 16; choice += 1) {
    const filter = Object.fromEntries(
      names.filter((_, n) => choice & (1 << n)).map((name) => [name, values[name]]),
    );
    listOfOwner("alice", filter, { time: 1, id: "" }, 1);
  }
  const reading = statements.filter((sql) => !/^\s*INSERT/.test(sql));
  expect(reading.length).toBeGreaterThan(20);
  for (const sql of reading) {
    const plan = prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    const details = plan.map((row) => String(row["detail"])).join("; ");
    expect(details, sql).not.toMatch(/SCAN|TEMP B-TREE/);
  }
  db.close();
});

test("a stored job that is not one is reported by its id", async () => {
  const store = await openSqlite(path);
  const [job, other] = [queuedJob(), queuedJob()];
  await store.create(job, sampleRequest());
  await store.create(other, sampleRequest());
  for (const change of ["labels = '{'", "status = 'sleeping'", "failure = '{}'"]) {
    withDatabase(path, (db) => db.exec(`UPDATE jobs SET ${change} WHERE id = '${job.id}'`));
    const corrupted = { name: "StoreCorruptedError", message: expect.stringContaining(job.id) };
    await expect(store.read(job.id)).rejects.toMatchObject(corrupted);
    await expect(store.create(job, sampleRequest())).rejects.toMatchObject(corrupted);
  }
  expect((await store.read(other.id))?.job).toEqual(other);
  withDatabase(path, (db) => db.exec("UPDATE requests SET request = '{}'"));
  await expect(store.readRequest(job.id)).rejects.toMatchObject({ name: "StoreCorruptedError" });
  await store.close();
});

test("what is written reaches the database file itself while the store stays open and idle", async () => {
  const store = await openSqlite(path);
  const request = sampleRequest("x".repeat(20_000));
  await Promise.all(Array.from({ length: 100 }, () => store.create(queuedJob(), request)));
  expect(statSync(path).size).toBeLessThan(1_000_000);
  await vi.waitUntil(() => statSync(path).size > 2_000_000, { timeout: 15_000 });
  await store.close();
});
