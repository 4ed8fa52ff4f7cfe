/** The one sequence of states that every way gives: versions rise, and the last one is terminal. */
import { isTerminal } from "../../shared/contract/job.ts";
import { startDeadline } from "../deadline.ts";
import { NoStreamsError } from "./by-events.ts";
import type { Snapshot, Way } from "./way.ts";

export interface WatchLimits {
  signal?: AbortSignal | undefined;
  deadlineMs: number;
  patienceMs: number;
}

/**
 * Each snapshot once, up to the terminal one. Rejects with what the way fails with, or DeadlineError, which names
 * `what`.
 */
export async function* follow<Shown extends Snapshot>(
  way: Way<Shown>,
  what: string,
  { signal, deadlineMs, patienceMs }: WatchLimits,
): AsyncGenerator<Shown, void, undefined> {
  const deadline = startDeadline(deadlineMs, `Watching ${what}`, signal);
  let seen = 0;
  try {
    for await (const shown of way({ seen: () => seen, signal: deadline.signal, patienceMs })) {
      // The end is the last word, even of somebody who had not seen the newest part of a batch.
      if (shown.version <= seen && !isTerminal(shown.status)) continue;
      seen = shown.version;
      yield shown;
      if (isTerminal(shown.status)) return;
    }
  } finally {
    deadline.clear();
  }
}

/** The first way, or the second where streams cannot be read. */
export function eventsElsePolling<Shown extends Snapshot>(
  events: Way<Shown>,
  polling: Way<Shown>,
): Way<Shown> {
  return async function* either(watching) {
    try {
      yield* events(watching);
    } catch (error) {
      if (!(error instanceof NoStreamsError)) throw error;
      yield* polling(watching);
    }
  };
}
