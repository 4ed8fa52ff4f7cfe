import { setTimeout as sleep } from "node:timers/promises";
import { StoreUnavailableError } from "../shared/errors.ts";

/** How long a good result is held for a job store that does not answer. */
export const WRITE_DEADLINE_MS = 15_000;

/** Repeats a write while the job store does not answer; the last StoreUnavailableError after the deadline. */
export async function withinDeadline<Answer>(
  write: () => Promise<Answer>,
  deadlineMs = WRITE_DEADLINE_MS,
): Promise<Answer> {
  const giveUpAt = performance.now() + deadlineMs;
  for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 1_000)) {
    try {
      return await write();
    } catch (error) {
      const waitMs = delayMs * (0.5 + Math.random() / 2);
      if (!(error instanceof StoreUnavailableError) || performance.now() + waitMs > giveUpAt) throw error;
      await sleep(waitMs);
    }
  }
}
