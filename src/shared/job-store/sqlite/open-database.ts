import { chmod, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { retryWhileLocked } from "./lock-retry.ts";
import { migrate } from "./migrate.ts";

/**
 * WAL: readers never wait for a writer. synchronous=NORMAL: a commit survives the death of the process at once
 * (the kernel has it), and the loss of power from the next checkpoint on, without one fsync a commit on the event
 * loop. Automatic checkpoints (64 MB) are what remains if the thread of checkpoints.ts falls behind. The busy
 * timeout stays 0: see grouped-writes.ts.
 */
const SETTINGS = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -16000;
PRAGMA journal_size_limit = 67108864;
PRAGMA wal_autocheckpoint = 16384;
`;

/** Opens or makes the database, readable by its owner alone, with the schema of this release. */
export async function openDatabase(path: string, deadlineMs: number): Promise<DatabaseSync> {
  await makePrivateFile(path);
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    await retryWhileLocked(() => {
      db.exec(SETTINGS);
      migrate(db);
    }, deadlineMs);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite gives its -wal and -shm files the mode of the database itself. */
async function makePrivateFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a", 0o600);
  const { mode } = await file.stat();
  await file.close();
  if ((mode & 0o077) !== 0) await chmod(path, 0o600);
}
