import type { Failure } from "../../src/shared/contract/job.ts";
import { ExecutionFailure } from "../../src/shared/errors.ts";

/** The failure that the promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ExecutionFailure) return error.failure;
    throw error;
  }
  throw new Error("it did not fail");
}
