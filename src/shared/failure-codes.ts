/**
 * The closed list of failure codes that API and worker state themselves; those of the executor pass through them
 * unchanged. `docs/strategies.md` lists both. A message tells a user what happened and what to do, and nothing
 * about the machines inside: details go to the log.
 */
import type { Failure } from "./contract/job.ts";
import { ExecutionFailure } from "./errors.ts";

/** Failures of ours, which the queue retries, each with the sentence that a job's owner reads. */
const PLATFORM_FAILURES = {
  executor_unavailable: "No executor could be reached.",
  executor_lost: "The connection to the executor was lost during the execution.",
  executor_timeout: "The executor did not answer in time.",
  executor_refused: "The executor did not accept the request, although it should have.",
  executor_failed: "The executor failed on its side.",
  executor_invalid_answer: "The executor gave an answer that makes no sense.",
  market_data_unavailable: "The market data could not be read.",
  market_data_invalid: "The stored market data is not valid.",
  job_store_unavailable: "The job store did not answer in time.",
  worker_failed: "The worker failed on its side.",
  worker_lost: "The workers that took this job were lost three times.",
} as const;
export type PlatformFailureCode = keyof typeof PLATFORM_FAILURES;

/** Failures that the author of a job can mend, found before the executor is asked. */
export type UserFailureCode =
  | "unknown_symbol"
  | "unknown_timeframe"
  | "no_bars_in_window"
  | "bad_market_data";

/** `message` only where it says more than the code's own sentence, and only what the job's owner may read. */
export function platformFailure(code: PlatformFailureCode, message?: string): ExecutionFailure {
  const failure: Failure = { class: "platform", code, message: message ?? PLATFORM_FAILURES[code] };
  return new ExecutionFailure(failure);
}

export function userFailure(code: UserFailureCode, message: string, hint?: string): ExecutionFailure {
  const failure: Failure = { class: "user", code, message };
  return new ExecutionFailure(hint === undefined ? failure : { ...failure, hint });
}
