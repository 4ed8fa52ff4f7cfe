import type { Request } from "express";
import { z } from "zod";
import { JOB_ID_PATTERN } from "../shared/contract/values.ts";
import type { JobStore, StoredJob } from "../shared/job-store/port.ts";
import { notFound } from "./problem-details.ts";

export const jobIdParams = { id: z.string().regex(JOB_ID_PATTERN).describe("The job's id") };

/** The job that a request names. 404 if there is none, or if it is another owner's: the two look alike. */
export async function readOwnJob(store: JobStore, owner: string, request: Request): Promise<StoredJob> {
  const id = request.params["id"];
  const stored = typeof id === "string" && JOB_ID_PATTERN.test(id) ? await store.read(id) : undefined;
  if (stored === undefined || stored.job.owner !== owner) {
    throw notFound("You have no job with this id. Finished jobs are deleted after the retention time.");
  }
  return stored;
}
