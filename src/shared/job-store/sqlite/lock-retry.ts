/**
 * Waiting for a lock of another process without stopping the event loop: SQLite's own busy timeout sleeps inside
 * the call, so it is off, and we try again between turns of the event loop.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { StoreUnavailableError } from "../../errors.ts";
import { isLockedByAnother, mapSqliteError } from "./sqlite-errors.ts";

const LONGEST_DELAY_MS = 5;

/** Exponential from 1 ms with jitter, so that two processes do not keep meeting. Milliseconds. */
export function retryDelay(attempt: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, 2 ** Math.min(attempt, 10));
  return ceiling * (0.5 + Math.random() / 2);
}

/** Answers at once unless another process holds the lock. Rejects with StoreUnavailableError after `deadlineMs`. */
export async function retryWhileLocked<Answer>(query: () => Answer, deadlineMs: number): Promise<Answer> {
  const giveUpAt = performance.now() + deadlineMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return query();
    } catch (error) {
      if (!isLockedByAnother(error)) throw mapSqliteError(error);
      if (performance.now() >= giveUpAt) throw lockedTooLong(deadlineMs, error);
    }
    await sleep(retryDelay(attempt));
  }
}

export function lockedTooLong(deadlineMs: number, cause: unknown): StoreUnavailableError {
  return new StoreUnavailableError(
    `Another process held the job store's lock for more than ${deadlineMs} ms: try again`,
    { cause },
  );
}
