import { batchSchema } from "../../shared/contract/batch.ts";
import type { BatchRecord } from "../../shared/job-store/batch-record.ts";
import { type ChangeBatchParts, cancelBatch, retryBatch } from "../batches/change-batch.ts";
import { batchIdParams, readOwnBatch } from "../batches/own-batch.ts";
import { type PresentParts, presentNow } from "../batches/present-now.ts";
import { jobETag } from "../etag.ts";
import { refuseQuery } from "../read-query.ts";
import type { Call, Route } from "../route.ts";
import { sendJson } from "../send-json.ts";

type Parts = ChangeBatchParts & PresentParts;

/** POST /batches/:id/cancel */
export function cancelBatchRoute(parts: Parts): Route {
  return {
    method: "post",
    path: "/batches/:id/cancel",
    access: "owner",
    tag: "Batches",
    summary: "Cancel a batch that has not ended",
    description: "Running chunks are killed within a second; answers that there are stay. No body is needed.",
    params: batchIdParams,
    answers: { 202: { description: "The batch, cancelled", content: { "application/json": batchSchema } } },
    problems: ["not_found", "batch_finished"],
    async handle(call) {
      refuseQuery(call.request);
      const stored = await readOwnBatch(parts.batches, call.owner, call.request);
      await answer(parts, call, await cancelBatch(parts, stored));
    },
  };
}

/** POST /batches/:id/retry */
export function retryBatchRoute(parts: Parts): Route {
  return {
    method: "post",
    path: "/batches/:id/retry",
    access: "owner",
    tag: "Batches",
    summary: "Run again the cells that failed for the platform's fault",
    description:
      "The batch runs again until they have an answer; all other cells stay as they are. No body is needed.",
    params: batchIdParams,
    answers: { 202: { description: "The batch, running", content: { "application/json": batchSchema } } },
    problems: ["not_found", "nothing_to_retry"],
    async handle(call) {
      refuseQuery(call.request);
      const stored = await readOwnBatch(parts.batches, call.owner, call.request);
      await answer(parts, call, await retryBatch(parts, call, stored));
    },
  };
}

async function answer(parts: Parts, { response }: Call, batch: BatchRecord): Promise<void> {
  const shown = await presentNow(parts, batch);
  // With the parts that were stored while the batch was changed.
  await parts.batches.show?.(batch.id, shown);
  response.setHeader("ETag", jobETag(shown.version));
  sendJson(response, 202, shown);
}
