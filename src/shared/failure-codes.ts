/**
 * The failures that API and worker state themselves. A message tells a user what happened and what to do, and nothing
 * about the machines inside: details go to the log.
 */
import type { PLATFORM_FAILURE_CODES, REQUEST_FAILURE_CODES } from "./contract/failure-code.ts";
import type { Failure } from "./contract/job.ts";
import { ExecutionFailure } from "./errors.ts";

export type PlatformFailureCode = (typeof PLATFORM_FAILURE_CODES)[number];

/** `bad_market_data` is the executor's code too: inline bars are looked at before it is asked. */
export type UserFailureCode = (typeof REQUEST_FAILURE_CODES)[number] | "bad_market_data";

/** The sentence that a job's owner reads. */
const PLATFORM_FAILURES: Record<PlatformFailureCode, string> = {
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
};

/** `message` only where it says more than the code's own sentence, and only what the job's owner may read. */
export function platformFailure(code: PlatformFailureCode, message?: string): ExecutionFailure {
  const failure: Failure = { class: "platform", code, message: message ?? PLATFORM_FAILURES[code] };
  return new ExecutionFailure(failure);
}

export function userFailure(code: UserFailureCode, message: string, hint?: string): ExecutionFailure {
  const failure: Failure = { class: "user", code, message };
  return new ExecutionFailure(hint === undefined ? failure : { ...failure, hint });
}
