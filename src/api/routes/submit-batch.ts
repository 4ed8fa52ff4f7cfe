import { batchLinks } from "../../shared/batch/present-batch.ts";
import { batchAcceptedSchema, batchEstimateSchema } from "../../shared/contract/batch.ts";
import { batchRequestSchema } from "../../shared/contract/batch-request.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";
import type { Plans } from "../../shared/plans.ts";
import type { ChunkQueue } from "../../shared/queue/job-queue.ts";
import { type EstimateParts, estimateBatch } from "../batches/estimate-batch.ts";
import { parseBatchRequest } from "../batches/parse-batch-request.ts";
import { type PlanParts, planSweep } from "../batches/plan-sweep.ts";
import { isBatchReplay, type SubmitBatchParts, submitBatch } from "../batches/submit-batch.ts";
import { idempotencyKey } from "../idempotency.ts";
import type { HttpProblem } from "../problem-details.ts";
import { refuseQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";
import { askAgain, backlogFull, describeAccepted, nameAccepted, SUBMISSION_PROBLEMS } from "../submission.ts";

const BODY_MAX_BYTES = 1024 * 1024;

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
      202: describeAccepted("batch", batchAcceptedSchema),
    },
    problems: SUBMISSION_PROBLEMS,
    async handle(call) {
      refuseQuery(call.request);
      const key = idempotencyKey(call.request);
      const request = parseBatchRequest(call.body);
      const planned = await planSweep(parts, request);
      if (request.dryRun) {
        sendJson(call.response, 200, await estimateBatch(parts, call.owner, request, planned));
        return;
      }
      await refuseIfFull(parts, call.owner, planned.grid.cells, key);
      const { created, stored, waiting } = await submitBatch(parts, call, request, planned, key);
      const { id, cells } = stored.batch;
      nameAccepted(call.response, `/v1/batches/${id}`, created);
      askAgain(call.response);
      // A replay says what the first answer said, whatever became of the batch since: neither tells its place.
      const told = key === undefined ? waiting : undefined;
      sendJson(call.response, 202, { id, status: "queued", cells, waiting: told, links: batchLinks(id) });
    },
  };
}

/** A replay adds nothing and is answered even while the queue, or its owner, has as much as may be. */
async function refuseIfFull(
  parts: SubmitBatchRouteParts,
  owner: string,
  cells: number,
  key: string | undefined,
): Promise<void> {
  const refusal = overCap(parts) ?? (await tooManyCells(parts, owner, cells));
  if (refusal === undefined) return;
  if (key === undefined || !(await isBatchReplay(parts, owner, key))) throw refusal;
}

function overCap({ chunks, queueCap }: SubmitBatchRouteParts): HttpProblem | undefined {
  const backlog = chunks.backlog();
  if (backlog < queueCap) return undefined;
  return backlogFull("backlog_full", `${backlog} chunks wait already, and no more are taken now.`);
}

/** Two that come at the same moment are both counted without the other. */
async function tooManyCells(
  { batches, plans }: SubmitBatchRouteParts,
  owner: string,
  more: number,
): Promise<HttpProblem | undefined> {
  const { cells: most } = plans.planOf(owner);
  if (!Number.isFinite(most)) return undefined;
  const cells = await batches.countOpenCells(owner);
  if (cells + more <= most) return undefined;
  return backlogFull(
    "own_backlog_full",
    `${cells} cells of your batches have not ended, these are ${more} more, and ${most} may be: wait, or send fewer.`,
  );
}
