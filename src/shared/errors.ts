/** The errors that cross rooms. Each says to its reader what to do; edges map them once. */
import type { Failure } from "./contract/job.ts";

/** The job store did not answer in time. The API says 503 with Retry-After; a worker retries the attempt. */
export class StoreUnavailableError extends Error {
  override name = "StoreUnavailableError";
}

/** The job store holds something other than what was written to it. Trying again does not help; the log says what. */
export class StoreCorruptedError extends Error {
  override name = "StoreCorruptedError";
}

/** A cursor that no answer of ours gave. */
export class InvalidCursorError extends Error {
  override name = "InvalidCursorError";
}

/** Redis does not answer. Nothing is lost: the reconciler enqueues what the job store holds. */
export class QueueUnavailableError extends Error {
  override name = "QueueUnavailableError";
}

/** An execution ended with a failure that its job will carry. */
export class ExecutionFailure extends Error {
  override name = "ExecutionFailure";
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The executor had no slot and its short line was full: try again soon, no attempt is used. */
export class ExecutorBusyError extends Error {
  override name = "ExecutorBusyError";
}

/** The execution was ended because its signal was aborted (job cancelled, worker draining). */
export class ExecutionAbortedError extends Error {
  override name = "ExecutionAbortedError";
}
