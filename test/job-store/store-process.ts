/**
 * Another process with the same job store. Arguments: path of the database, then
 *
 * lock MS      takes the write lock, says `locked`, gives it back after MS and says `released`
 * create N     waits for a line on its input, creates N jobs of owner `other` 50 at a time, says `created`
 * endless      creates jobs of owner `other` until it is killed; says each id once it was told that it is stored
 */
import { once } from "node:events";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { queuedJob, sampleRequest } from "./sample-jobs.ts";
import { openSqlite } from "./sqlite-under-test.ts";

async function holdLock(path: string, ms: number): Promise<void> {
  const db = new DatabaseSync(path, { timeout: 1_000 });
  db.exec("BEGIN IMMEDIATE");
  console.log("locked");
  await sleep(ms);
  db.exec("COMMIT");
  console.log("released");
  db.close();
}

async function createOnSignal(path: string, count: number): Promise<void> {
  const store = await openSqlite(path);
  console.log("ready");
  await once(createInterface(process.stdin), "line");
  process.stdin.destroy();
  let started = 0;
  const createSome = async (): Promise<void> => {
    while (started < count) {
      started += 1;
      await store.create(queuedJob({ owner: "other" }), sampleRequest());
    }
  };
  await Promise.all(Array.from({ length: 50 }, createSome));
  await store.close();
  console.log("created");
}

async function createForEver(path: string): Promise<never> {
  const store = await openSqlite(path);
  const createSome = async (): Promise<never> => {
    for (;;) {
      const { stored } = await store.create(queuedJob({ owner: "other" }), sampleRequest());
      console.log(stored.job.id);
    }
  };
  return Promise.race(Array.from({ length: 20 }, createSome));
}

const [path = "", command, amount] = process.argv.slice(2);
if (command === "lock") await holdLock(path, Number(amount));
else if (command === "create") await createOnSignal(path, Number(amount));
else await createForEver(path);
