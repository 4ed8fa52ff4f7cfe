import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openJobStore } from "../../src/shared/job-store/open-job-store.ts";
import type { JobStore } from "../../src/shared/job-store/port.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { temporaryDirectory } from "../support/part.ts";
import type { StoreUnderTest } from "./conformance.ts";

export function openSqlite(path: string, deadlineMs = 5_000): Promise<JobStore> {
  const config = { JOB_STORE: "sqlite" as const, SQLITE_PATH: path, STORE_DEADLINE_MS: deadlineMs };
  return openJobStore(config, createLogger("test", "silent"));
}

/** Runs `work` on a connection of its own, as an outsider with the file would. */
export function withDatabase<Answer>(path: string, work: (db: DatabaseSync) => Answer): Answer {
  const db = new DatabaseSync(path, { timeout: 1_000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

export async function sqliteUnderTest(): Promise<StoreUnderTest> {
  const directory = temporaryDirectory();
  const path = join(directory.path, "state", "jobs.sqlite");
  const store = await openSqlite(path);
  const change = (sql: string): Promise<void> => Promise.resolve(withDatabase(path, (db) => db.exec(sql)));
  return {
    store,
    openAnother: () => openSqlite(path),
    damageResult: ({ id }) => Promise.resolve(withDatabase(path, (db) => flipOneBit(db, id))),
    removeLastPart: ({ id }) =>
      change(
        `DELETE FROM result_parts WHERE rowid = (SELECT max(rowid) FROM result_parts
         WHERE job_seq = (SELECT seq FROM jobs WHERE id = '${id}'))`,
      ),
    countParts: () =>
      Promise.resolve(
        withDatabase(path, (db) => Number(db.prepare("SELECT count(*) AS n FROM result_parts").get()?.["n"])),
      ),
    dispose: async () => {
      await store.close();
      directory.remove();
    },
  };
}

function flipOneBit(db: DatabaseSync, jobId: string): void {
  const ofJob = "part = 1 AND job_seq = (SELECT seq FROM jobs WHERE id = ?)";
  const bytes = db.prepare(`SELECT bytes FROM result_parts WHERE ${ofJob}`).get(jobId)?.["bytes"];
  if (!(bytes instanceof Uint8Array)) throw new Error(`Job ${jobId} has no second part`);
  const damaged = bytes.map((byte, at) => (at === 1_000 ? byte ^ 1 : byte));
  db.prepare(`UPDATE result_parts SET bytes = ? WHERE ${ofJob}`).run(damaged, jobId);
}
