/** Files that hold secrets or who may do what: readable by their owner alone, replaced as a whole. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const LOCK_WAIT_MS = 5_000;
/** What is done under a lock takes milliseconds: an older lock is that of a process that died. */
const LOCK_STALE_MS = 10_000;

/** undefined if there is no such file. */
export async function readPrivateFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Mode 0600. A reader sees the old text or the new one, and never a part, whatever happens to this process. */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Runs `change` while no other process does so for the same path. Rejects if the lock is held for 5 s. */
export async function whileLocked<Answer>(path: string, change: () => Promise<Answer>): Promise<Answer> {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const giveUpAt = performance.now() + LOCK_WAIT_MS;
  while (!(await takeLock(lock))) {
    if (performance.now() > giveUpAt) {
      throw new Error(
        `${path} is being changed by another process: try again, or remove ${lock} if none runs`,
      );
    }
    await sleep(10 + Math.random() * 20);
  }
  try {
    return await change();
  } finally {
    await rm(lock, { force: true });
  }
}

async function takeLock(lock: string): Promise<boolean> {
  try {
    await (await open(lock, "wx", 0o600)).close();
    return true;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    await removeStaleLock(lock);
    return false;
  }
}

async function removeStaleLock(lock: string): Promise<void> {
  try {
    const { mtimeMs } = await stat(lock);
    if (Date.now() - mtimeMs > LOCK_STALE_MS) await rm(lock, { force: true });
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
