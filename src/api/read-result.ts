/** The result of a finished job: as the gzip bytes that the store keeps, or parsed. */
import type { JobResult } from "../shared/contract/job-result.ts";
import type { JobRecord } from "../shared/job-store/job-record.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import { decodeResult } from "../shared/job-store/result-encoding.ts";
import { HttpProblem } from "./problem-details.ts";

/** The gzip stream. Throws 409 while there is none, or where there will be none. */
export async function readResultBytes(store: JobStore, job: JobRecord): Promise<Uint8Array> {
  if (job.status === "queued" || job.status === "running") {
    throw new HttpProblem("job_unfinished", `The job is ${job.status}. Wait for it, then ask again.`, {
      headers: { "Retry-After": "1" },
    });
  }
  if (job.status !== "succeeded") {
    throw new HttpProblem(
      "no_result",
      job.failure === undefined ? "The job was cancelled." : `The job failed: ${job.failure.message}`,
    );
  }
  const bytes = await store.readResult(job);
  if (bytes === undefined)
    throw new HttpProblem("no_result", "The job's result is not in the store any more.");
  return bytes;
}

export async function readResult(store: JobStore, job: JobRecord): Promise<JobResult> {
  return await decodeResult(await readResultBytes(store, job));
}

/** A result never changes once it is there. undefined while it is not. */
export function resultETag(job: JobRecord): string | undefined {
  return job.result === undefined ? undefined : `W/"${job.result.sha256.slice(0, 32)}"`;
}
