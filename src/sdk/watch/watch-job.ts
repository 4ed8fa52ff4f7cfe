/** The one sequence of states that every way gives: versions rise, and the last one is terminal. */
import { isTerminal, type Job } from "../../shared/contract/job.ts";
import { startDeadline } from "../deadline.ts";
import type { Ask } from "../requests.ts";
import { NoStreamsError, watchByEvents } from "./by-events.ts";
import { watchByPolling } from "./by-polling.ts";
import type { Way } from "./way.ts";

export interface WatchLimits {
  signal?: AbortSignal | undefined;
  deadlineMs: number;
  patienceMs: number;
}

/** Each snapshot once, up to the terminal one. Rejects with what the way fails with, or DeadlineError. */
export async function* watchJob(
  way: Way,
  jobId: string,
  { signal, deadlineMs, patienceMs }: WatchLimits,
): AsyncGenerator<Job, void, undefined> {
  const deadline = startDeadline(deadlineMs, `Watching job ${jobId}`, signal);
  let seen = 0;
  try {
    for await (const job of way({ jobId, seen: () => seen, signal: deadline.signal, patienceMs })) {
      if (job.version <= seen) continue;
      seen = job.version;
      yield job;
      if (isTerminal(job.status)) return;
    }
  } finally {
    deadline.clear();
  }
}

/** The event stream, or polling where streams cannot be read. */
export function watchOverHttp(ask: Ask): Way {
  const byEvents = watchByEvents(ask);
  const byPolling = watchByPolling(ask);
  return async function* follow(watching) {
    try {
      yield* byEvents(watching);
    } catch (error) {
      if (!(error instanceof NoStreamsError)) throw error;
      yield* byPolling(watching);
    }
  };
}
