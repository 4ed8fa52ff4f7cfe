/** Why an attempt has no result, from whatever was thrown. */
import type { Failure } from "../shared/contract/job.ts";
import {
  ExecutionAbortedError,
  ExecutionFailure,
  ExecutorBusyError,
  StoreUnavailableError,
} from "../shared/errors.ts";
import { platformFailure } from "../shared/failure-codes.ts";
import type { StopReason } from "./attempt.ts";

/** unexpected: nothing that the code foresees, so its stack belongs in the log. */
export type Cause =
  | { kind: "busy" }
  | { kind: "stopped"; reason: StopReason }
  | { kind: "failure"; failure: Failure; unexpected: boolean };

/** A stopped attempt is stopped, whatever its abort made others throw. */
export function causeOf(error: unknown, stopReason: StopReason | undefined): Cause {
  if (stopReason !== undefined) return { kind: "stopped", reason: stopReason };
  if (error instanceof ExecutorBusyError) return { kind: "busy" };
  if (error instanceof ExecutionFailure) return failed(error.failure);
  if (error instanceof StoreUnavailableError) return failed(platformFailure("job_store_unavailable").failure);
  if (error instanceof ExecutionAbortedError) return failed(platformFailure("executor_lost").failure);
  return failed(platformFailure("worker_failed").failure, true);
}

function failed(failure: Failure, unexpected = false): Cause {
  return { kind: "failure", failure, unexpected };
}
