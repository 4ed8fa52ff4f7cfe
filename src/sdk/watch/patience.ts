/** Failures in a row: how long to wait after each, and when it is enough. */
import { ApiError, DeadlineError, UnreachableError } from "../errors.ts";
import { backOffMs, pause } from "../pause.ts";
import type { Watching } from "./way.ts";

export interface Patience {
  /** The service was heard. */
  heard(): void;
  /** Waits before the next try. Rethrows what time does not heal, and anything once nothing was heard for too long. */
  afterFailure(error: unknown): Promise<void>;
}

/** Failures closer together than this are of one row, even if something was heard between. */
const ONE_ROW_MS = 5_000;

export function createPatience({ signal, patienceMs }: Pick<Watching, "signal" | "patienceMs">): Patience {
  let failures = 0;
  let failedAt = 0;
  let heardAt = Date.now();
  return {
    heard() {
      heardAt = Date.now();
    },
    async afterFailure(error) {
      signal.throwIfAborted();
      if (!isPassing(error) || Date.now() - heardAt > patienceMs) throw error;
      if (heardAt - failedAt > ONE_ROW_MS) failures = 0;
      const retryAfterMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
      await pause(retryAfterMs + backOffMs(failures), signal);
      failures += 1;
      failedAt = Date.now();
    },
  };
}

/** What time may heal: nobody there, or told to come back. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500 || error.status === 429;
  return error instanceof UnreachableError || error instanceof DeadlineError;
}
