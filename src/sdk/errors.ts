/** Everything that a call of the SDK rejects with, beside the reason of an AbortSignal of the caller's own. */
import type { Problem, ProblemCode } from "../shared/contract/problem.ts";

/** What all of them are. */
export class StrategizError extends Error {
  override name = "StrategizError";
}

/** The API answered with problem details: `code` is of a closed list, which docs/api.md explains. */
export class ApiError extends StrategizError {
  override name = "ApiError";
  readonly status: number;
  readonly code: ProblemCode;
  /** For whoever looks into the service's logs. */
  readonly requestId: string;
  /** One entry for each field of the request that is not valid. */
  readonly fields: readonly { path: string; message: string }[];
  /** How long to wait before asking again; undefined where that would not help. */
  readonly retryAfterMs: number | undefined;

  constructor(problem: Problem, retryAfterMs: number | undefined) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.requestId = problem.requestId;
    this.fields = problem.errors ?? [];
    this.retryAfterMs = retryAfterMs;
  }
}

/** Nobody answered, all repetitions included. `cause` is the last failure. */
export class UnreachableError extends StrategizError {
  override name = "UnreachableError";
}

/** The call took longer than its deadline. What it asked for may still happen. */
export class DeadlineError extends StrategizError {
  override name = "DeadlineError";
}

/** Something answered that is not this API, or is newer than this SDK. */
export class UnexpectedAnswerError extends StrategizError {
  override name = "UnexpectedAnswerError";
}

/** Firestore refuses to show the job: it is another owner's, there is none, or nobody is signed in there. */
export class AccessDeniedError extends StrategizError {
  override name = "AccessDeniedError";
}

/** The parts of a result are not those that were written. Reading them again may help, running the job again does. */
export class DamagedResultError extends StrategizError {
  override name = "DamagedResultError";
}

/** The job ended without a result, or has not ended. */
export class NoResultError extends StrategizError {
  override name = "NoResultError";
}
