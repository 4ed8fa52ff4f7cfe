/** Waiting for what happens to a job. */
import type { ApiClient } from "../../src/local/api-client.ts";
import type { Job } from "../../src/shared/contract/job.ts";

/** The first snapshot with this status. Fails if the job ends without it. */
export async function reaches(client: ApiClient, id: string, status: Job["status"]): Promise<Job> {
  const seen: string[] = [];
  for await (const job of client.watchJob(id)) {
    if (job.status === status) return job;
    seen.push(job.status);
  }
  throw new Error(`Job ${id} was never ${status}, but ${seen.join(", ")}`);
}

/** The job once it has ended, asked for again where the API went away meanwhile. Fails after `deadlineMs`. */
export async function endsDespiteOutages(client: ApiClient, id: string, deadlineMs: number): Promise<Job> {
  const deadline = Date.now() + deadlineMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      return await client.waitForEnd(id);
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Job ${id} did not end within ${deadlineMs} ms`, { cause: last });
}
