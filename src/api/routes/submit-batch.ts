import { batchAcceptedSchema, batchEstimateSchema } from "../../shared/contract/batch.ts";
import { batchRequestSchema } from "../../shared/contract/batch-request.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";
import type { Plans } from "../../shared/plans.ts";
import type { ChunkQueue } from "../../shared/queue/job-queue.ts";
import { type EstimateParts, estimateBatch } from "../batches/estimate-batch.ts";
import { parseBatchRequest } from "../batches/parse-batch-request.ts";
import { type PlanParts, planSweep } from "../batches/plan-sweep.ts";
import { batchLinks } from "../batches/present-batch.ts";
import { type SubmitBatchParts, submitBatch } from "../batches/submit-batch.ts";
import { idempotencyKey } from "../idempotency.ts";
import { HttpProblem } from "../problem-details.ts";
import { refuseQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";

const BODY_MAX_BYTES = 1024 * 1024;
const ASK_AGAIN_SECONDS = "1";
const BACKLOG_RETRY_SECONDS = "5";

interface SubmitBatchRouteParts extends PlanParts, EstimateParts, SubmitBatchParts {
  batches: BatchStore;
  chunks: ChunkQueue;
  queueCap: number;
  plans: Plans;
}

/** POST /batches: one strategy over many cells is taken in; with dryRun only counted. */
export function submitBatchRoute(parts: SubmitBatchRouteParts): Route {
  return {
    method: "post",
    path: "/batches",
    access: "owner",
    tag: "Batches",
    summary: "Submit one strategy over symbols x windows x parameters",
    description:
      "The batch is in the job store when the answer comes. Its cells run in chunks; partial results can be read " +
      "while it runs. With dryRun nothing runs, and the answer says what it would come to.",
    headers: { "Idempotency-Key": "The same key and body make one batch and replay its first answer" },
    body: { schema: batchRequestSchema, maxBytes: BODY_MAX_BYTES },
    answers: {
      200: {
        description: "With dryRun: what it would come to",
        content: { "application/json": batchEstimateSchema },
      },
      202: {
        description: "Taken; ask at Location for what became of it",
        content: { "application/json": batchAcceptedSchema },
        headers: {
          Location: "Of the batch",
          "Retry-After": "Seconds",
          "Idempotency-Replayed": "true where an earlier answer was replayed",
        },
      },
    },
    problems: [
      "malformed_json",
      "payload_too_large",
      "code_too_large",
      "unsupported_media_type",
      "backlog_full",
      "own_backlog_full",
    ],
    async handle(call) {
      refuseQuery(call.request);
      const key = idempotencyKey(call.request);
      const request = parseBatchRequest(call.body);
      const planned = await planSweep(parts, request);
      if (request.dryRun) {
        sendJson(call.response, 200, await estimateBatch(parts, call.owner, request, planned));
        return;
      }
      refuseOverCap(parts);
      await refuseTooManyCells(parts, call.owner, planned.grid.cells);
      const { created, stored, waiting } = await submitBatch(parts, call, request, planned, key);
      const { id, cells } = stored.batch;
      call.response.setHeader("Location", `/v1/batches/${id}`);
      call.response.setHeader("Retry-After", ASK_AGAIN_SECONDS);
      if (!created) call.response.setHeader("Idempotency-Replayed", "true");
      // A replay says what the first answer said, whatever became of the batch since: neither tells its place.
      const told = key === undefined ? waiting : undefined;
      sendJson(call.response, 202, { id, status: "queued", cells, waiting: told, links: batchLinks(id) });
    },
  };
}

function refuseOverCap({ chunks, queueCap }: SubmitBatchRouteParts): void {
  const backlog = chunks.backlog();
  if (backlog < queueCap) return;
  throw new HttpProblem("backlog_full", `${backlog} chunks wait already, and no more are taken now.`, {
    headers: { "Retry-After": BACKLOG_RETRY_SECONDS },
  });
}

/** Two that come at the same moment are both counted without the other. */
async function refuseTooManyCells(
  { batches, plans }: SubmitBatchRouteParts,
  owner: string,
  more: number,
): Promise<void> {
  const { cells: most } = plans.planOf(owner);
  if (!Number.isFinite(most)) return;
  const cells = await batches.countOpenCells(owner);
  if (cells + more <= most) return;
  throw new HttpProblem(
    "own_backlog_full",
    `${cells} cells of your batches have not ended, these are ${more} more, and ${most} may be: wait, or send fewer.`,
    { headers: { "Retry-After": BACKLOG_RETRY_SECONDS } },
  );
}
