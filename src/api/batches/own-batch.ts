import type { Request } from "express";
import { z } from "zod";
import { JOB_ID_PATTERN } from "../../shared/contract/values.ts";
import type { BatchStore, StoredBatch } from "../../shared/job-store/batch-port.ts";
import { notFound } from "../problem-details.ts";

export const batchIdParams = { id: z.string().regex(JOB_ID_PATTERN).describe("The batch's id") };

/** The batch that a request names. 404 if there is none, or if it is another owner's: the two look alike. */
export async function readOwnBatch(
  batches: Pick<BatchStore, "read">,
  owner: string,
  request: Request,
): Promise<StoredBatch> {
  const id = request.params["id"];
  const stored = typeof id === "string" && JOB_ID_PATTERN.test(id) ? await batches.read(id) : undefined;
  if (stored === undefined || stored.batch.owner !== owner) {
    throw notFound("You have no batch with this id. Finished batches are deleted after the retention time.");
  }
  return stored;
}
