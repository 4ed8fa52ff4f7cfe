/** What the queue does with an entry once a worker is through with it. */
import type { Failure } from "../shared/contract/job.ts";

/**
 * ended    the job is terminal, or another attempt's: the entry goes
 * retry    a platform failure: the queue starts the next attempt after its back-off
 * delay    nothing was tried, no attempt is used: the entry comes back after a short while
 * put-back the worker is draining: the entry goes to the head of the queue, no attempt is used
 */
export type Verdict =
  | { kind: "ended" }
  | { kind: "retry"; failure: Failure }
  | { kind: "delay"; delayMs: number }
  | { kind: "put-back" };

export const ENDED: Verdict = { kind: "ended" };
/** Its owner runs as many as it may. The end of one of them calls it back earlier; this is if that call gets lost. */
export const ASIDE: Verdict = { kind: "delay", delayMs: 5_000 };

/** Another job does the same work. Its end calls the entry back earlier; this is if that call gets lost. */
export const WAIT_FOR_SAME: Verdict = { kind: "delay", delayMs: 1_000 };

/** 50 to 250 ms, at random so that delayed entries do not come back together. */
export function busyDelay(): Verdict {
  return { kind: "delay", delayMs: 50 + Math.floor(Math.random() * 201) };
}

/** 1 to 2 s: something that every execution needs is down. */
export function outageDelay(): Verdict {
  return { kind: "delay", delayMs: 1_000 + Math.floor(Math.random() * 1_001) };
}
