import { hash } from "node:crypto";
import { z } from "zod";
import { CellGrid } from "../../shared/batch/cell-grid.ts";
import { foldBars, type Sweep } from "../../shared/batch/sweep.ts";
import { isTerminal, jobSchema } from "../../shared/contract/job.ts";
import { type JobRequest, jobRequestSchema } from "../../shared/contract/job-request.ts";
import { formatTime } from "../../shared/contract/values.ts";
import { ExecutionFailure } from "../../shared/errors.ts";
import { encodeId } from "../../shared/ids.ts";
import { presentJob } from "../../shared/job-store/job-record.ts";
import type { JobStore } from "../../shared/job-store/port.ts";
import type { MarketDataSource } from "../../shared/market-data/series.ts";
import { selectWindow, sliceSeries } from "../../shared/market-data/window.ts";
import type { JobQueue } from "../../shared/queue/job-queue.ts";
import { type Showing, submitJob } from "../../shared/submit-job.ts";
import { batchIdParams, readOwnBatch } from "../batches/own-batch.ts";
import { invalidRequest, notFound } from "../problem-details.ts";
import { refuseQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";

interface RunCellParts {
  store: JobStore;
  queue: JobQueue;
  showing: Showing | undefined;
  marketData: Pick<MarketDataSource, "loadSeries">;
}

const cellPattern = /^\d{1,6}$/;

/** POST /batches/:id/cells/:cell/result: the cell's whole result, by running it again as a job of its own. */
export function runCellRoute(parts: RunCellParts): Route {
  return {
    method: "post",
    path: "/batches/:id/cells/:cell/result",
    access: "owner",
    tag: "Batches",
    summary: "Run one cell again, for its whole result",
    description:
      "A batch keeps figures, not trades and curves. This makes a job of the very same request (once: asked again, it " +
      "answers with the same job), whose result has everything. No body is needed.",
    params: { ...batchIdParams, cell: z.string().regex(cellPattern).describe("The cell's number") },
    answers: {
      200: { description: "The job, which has ended", content: { "application/json": jobSchema } },
      202: {
        description: "The job, on its way",
        content: { "application/json": jobSchema },
        headers: { Location: "Of the job" },
      },
    },
    problems: ["not_found"],
    async handle(call) {
      refuseQuery(call.request);
      const { batch } = await readOwnBatch(parts.store.batches, call.owner, call.request);
      const sweep = await parts.store.batches.readSweep(batch.id);
      const cell = Number(call.request.params["cell"]);
      if (sweep === undefined || !(cell < batch.cells))
        throw notFound(`The batch has no such cell: it has 0 to ${batch.cells - 1}.`);
      const request = await requestOf(parts.marketData, sweep, cell, batch.labels);
      const { owner, requestId, traceparent } = call;
      const id = encodeId(hash("sha256", `${batch.id} ${cell}`, "buffer").subarray(0, 16));
      const { stored } = await submitJob(parts, {
        owner,
        request,
        requestId,
        traceparent,
        id,
        batchId: batch.id,
      });
      call.response.setHeader("Location", `/v1/jobs/${id}`);
      sendJson(call.response, isTerminal(stored.job.status) ? 200 : 202, presentJob(stored.job));
    },
  };
}

async function requestOf(
  marketData: Pick<MarketDataSource, "loadSeries">,
  sweep: Sweep,
  cell: number,
  labels: JobRequest["labels"],
): Promise<JobRequest> {
  const grid = new CellGrid(sweep);
  const { symbol, window, set } = grid.placeOf(cell);
  const { strategy, timeframe, options, limits } = sweep;
  const name = sweep.symbols[symbol] ?? "";
  const where =
    sweep.walkForward === undefined
      ? sweep.windows[window]
      : await foldRange(marketData, sweep, sweep.walkForward, name, window);
  const parameters = grid.parametersOf(set);
  return jobRequestSchema.parse({
    strategy,
    symbol: name,
    timeframe,
    ...where,
    parameters,
    options,
    limits,
    labels,
  });
}

/** A fold's span by its first and last bar, as a job can name it. */
async function foldRange(
  marketData: Pick<MarketDataSource, "loadSeries">,
  sweep: Sweep,
  walkForward: NonNullable<Sweep["walkForward"]>,
  symbol: string,
  window: number,
): Promise<{ start: string; end: string }> {
  try {
    const bars = selectWindow(await marketData.loadSeries(symbol, sweep.timeframe), sweep.windows[0] ?? {});
    const fold = foldBars(walkForward, Math.floor(window / 2));
    const { timestampMs } = sliceSeries(bars, ...(window % 2 === 0 ? fold.train : fold.test));
    return { start: formatTime(Number(timestampMs[0])), end: formatTime(Number(timestampMs.at(-1))) };
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    throw invalidRequest([{ path: "cell", message: `has no bars any more: ${error.failure.message}` }]);
  }
}
