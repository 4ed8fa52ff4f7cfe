import { z } from "zod";
import { FIGURE_COLUMNS } from "../../shared/batch/cell-columns.ts";
import { batchLinks } from "../../shared/batch/present-batch.ts";
import { batchListSchema, batchSchema } from "../../shared/contract/batch.ts";
import { formatTime } from "../../shared/contract/values.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";
import type { BatchRecord } from "../../shared/job-store/batch-record.ts";
import { chunkId } from "../../shared/queue/chunk-entry.ts";
import type { ChunkQueue } from "../../shared/queue/job-queue.ts";
import { batchIdParams, readOwnBatch } from "../batches/own-batch.ts";
import { type PresentParts, presentNow } from "../batches/present-now.ts";
import { clientHolds, jobETag } from "../etag.ts";
import { limitSchema, readQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";
import { withWaiting } from "../waiting.ts";

export const figureSchema = z.enum(FIGURE_COLUMNS);

const querySchema = z.strictObject({
  metric: figureSchema
    .optional()
    .describe("What the leaderboard is ordered by, better cells first; sharpe if absent"),
});

/** GET /batches/:id: counts, rate, leaderboard and what they are worth, also while it runs. */
export function getBatchRoute(
  parts: PresentParts & { batches: BatchStore; chunks: Pick<ChunkQueue, "placeOf"> },
): Route {
  return {
    method: "get",
    path: "/batches/:id",
    access: "owner",
    tag: "Batches",
    summary: "Look at a batch",
    params: batchIdParams,
    query: querySchema,
    headers: { "If-None-Match": "The ETag that you hold" },
    answers: {
      200: {
        description: "The batch, as far as it has come",
        content: { "application/json": batchSchema },
        headers: { ETag: "Changes with every change of the batch" },
      },
      304: { description: "It is still as you hold it" },
    },
    problems: ["not_found"],
    compress: true,
    async handle({ request, response, owner }) {
      const { metric } = readQuery(querySchema, request);
      const { batch } = await readOwnBatch(parts.batches, owner, request);
      const shown = await presentNow(parts, batch, metric);
      const etag = jobETag(shown.version);
      response.setHeader("ETag", etag);
      if (clientHolds(request, etag)) response.status(304).end();
      else sendJson(response, 200, await withWaiting(parts.chunks, owner, firstChunkId(batch), shown));
    },
  };
}

function firstChunkId({ id, generation }: BatchRecord): string {
  return chunkId({ batchId: id, first: 0, generation });
}

const listQuerySchema = z.strictObject({
  limit: limitSchema(50, 200),
  cursor: z.string().min(1).max(512).optional().describe("nextCursor of the answer before"),
});

/** GET /batches: the owner's batches, newest first. */
export function listBatchesRoute({ batches }: { batches: BatchStore }): Route {
  return {
    method: "get",
    path: "/batches",
    access: "owner",
    tag: "Batches",
    summary: "List your batches, newest first",
    query: listQuerySchema,
    answers: {
      200: {
        description: "One page; nextCursor is null on the last",
        content: { "application/json": batchListSchema },
      },
    },
    compress: true,
    async handle({ request, response, owner }) {
      const page = await batches.list(owner, readQuery(listQuerySchema, request));
      const items = page.batches.map(({ batch }) => ({
        id: batch.id,
        status: batch.status,
        createdAt: formatTime(batch.createdAt),
        finishedAt: batch.finishedAt === undefined ? undefined : formatTime(batch.finishedAt),
        timeframe: batch.timeframe,
        strategyId: batch.strategyId,
        labels: batch.labels,
        links: batchLinks(batch.id),
      }));
      sendJson(response, 200, { items, nextCursor: page.nextCursor });
    },
  };
}
