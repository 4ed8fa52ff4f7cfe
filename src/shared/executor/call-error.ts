/** What became of a call that has no answer, in words that the worker acts on. */
import { type ServiceError, status } from "@grpc/grpc-js";
import { ExecutionAbortedError, ExecutionFailure, ExecutorBusyError } from "../errors.ts";
import { type PlatformFailureCode, platformFailure } from "../failure-codes.ts";
import { InvalidAnswer } from "./answer-columns.ts";

const CODES: Partial<Record<status, PlatformFailureCode>> = {
  [status.UNAVAILABLE]: "executor_lost",
  [status.CANCELLED]: "executor_lost",
  [status.ABORTED]: "executor_lost",
  [status.DEADLINE_EXCEEDED]: "executor_timeout",
  [status.INVALID_ARGUMENT]: "executor_refused",
  [status.UNAUTHENTICATED]: "executor_refused",
  [status.PERMISSION_DENIED]: "executor_refused",
  [status.UNIMPLEMENTED]: "executor_refused",
  [status.OUT_OF_RANGE]: "executor_refused",
};

/**
 * ExecutorBusyError, ExecutionAbortedError, or ExecutionFailure of class platform, whose message tells nothing of the
 * machines inside: the caller logs `error`.
 */
export function callError(error: unknown, signal: AbortSignal | undefined): Error {
  if (signal?.aborted) return new ExecutionAbortedError("The execution was ended.", { cause: error });
  if (error instanceof ExecutionFailure) return error;
  if (error instanceof InvalidAnswer) return platformFailure("executor_invalid_answer");
  if (!isServiceError(error)) return platformFailure("executor_failed");
  if (error.code === status.RESOURCE_EXHAUSTED) return exhaustedError(error);
  return platformFailure(CODES[error.code] ?? "executor_failed");
}

/**
 * RESOURCE_EXHAUSTED has three senders: the executor without a slot, either side meeting a message above its limit,
 * and grpc-js for a stream that the server reset with ENHANCE_YOUR_CALM.
 */
function exhaustedError(error: ServiceError): Error {
  if (/larger than|max message|message length/i.test(error.details))
    return platformFailure("executor_refused");
  if (/bandwidth exhausted/i.test(error.details)) return platformFailure("executor_lost");
  return new ExecutorBusyError("The executor has no free slot.", { cause: error });
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;
}
