/** One stack a state directory: its job store and its queue's file belong to one set of processes. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/** Another stack runs on the directory; the message names its process and address. */
export class StateInUseError extends Error {
  override name = "StateInUseError";
}

const holderSchema = z.object({ pid: z.number().int(), url: z.string().optional() });
type Holder = z.infer<typeof holderSchema>;

export interface StateDirectory {
  path: string;
  file(name: string): string;
  /** Tells a later stack on the same directory who holds it. */
  announce(url: string): void;
  release(): void;
}

/**
 * Holds the directory until `release()` or the end of this process, however it ends: the lock is SQLite's, on a
 * file of its own, which the kernel lets go with the process.
 */
export function holdState(path: string): StateDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const holderFile = join(path, "stack.json");
  const lock = new DatabaseSync(join(path, "stack.lock"));
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (error instanceof Error && error.message.includes("locked")) throw inUse(path, holderFile);
    throw error;
  }
  const write = (holder: Holder): void =>
    writeFileSync(holderFile, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  write({ pid: process.pid });
  return {
    path,
    file: (name) => join(path, name),
    announce: (url) => write({ pid: process.pid, url }),
    release: () => {
      rmSync(holderFile, { force: true });
      lock.close();
    },
  };
}

function inUse(path: string, holderFile: string): StateInUseError {
  // The holder may not have written its file yet.
  const holder = existsSync(holderFile)
    ? holderSchema.safeParse(JSON.parse(readFileSync(holderFile, "utf8")))
    : undefined;
  const who = holder?.data === undefined ? "another process" : `process ${holder.data.pid}`;
  const where = holder?.data?.url === undefined ? "is starting" : `answers at ${holder.data.url}`;
  return new StateInUseError(
    `${path} is in use: ${who} runs a stack there, which ${where}. Stop it, or choose another directory with --state`,
  );
}
