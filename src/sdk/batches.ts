/** The calls about batches: one strategy over symbols, windows and parameters. docs/batches.md explains them. */
import type { z } from "zod";
import {
  type Batch,
  batchAcceptedSchema,
  batchEstimateSchema,
  batchListSchema,
  batchSchema,
  cellListSchema,
} from "../shared/contract/batch.ts";
import type { batchRequestSchema } from "../shared/contract/batch-request.ts";
import { type Job, jobSchema } from "../shared/contract/job.ts";
import {
  asked,
  askedToSubmit,
  type CallOptions,
  lastOf,
  limitsOf,
  type Page,
  type PatientOptions,
  queryOf,
  type SubmitOptions,
} from "./calls.ts";
import { ApiError, StrategizError } from "./errors.ts";
import type { FirestoreAccess } from "./firestore/access.ts";
import { listenedBatch } from "./firestore/batch-document.ts";
import { type Ask, asJson } from "./requests.ts";
import { watchByEvents } from "./watch/by-events.ts";
import { watchByListener } from "./watch/by-listener.ts";
import { watchByPolling } from "./watch/by-polling.ts";
import { eventsElsePolling, follow } from "./watch/follow.ts";
import type { Way } from "./watch/way.ts";

/** What POST /batches takes; everything with a default may be left out. */
export type BatchRequest = Omit<z.input<typeof batchRequestSchema>, "dryRun">;
export type BatchAccepted = z.infer<typeof batchAcceptedSchema>;
export type BatchEstimate = z.infer<typeof batchEstimateSchema>;
export type BatchList = z.infer<typeof batchListSchema>;
export type CellList = z.infer<typeof cellListSchema>;

export interface CellFilter extends Page {
  status?: "succeeded" | "failed";
  symbol?: string;
  fold?: number;
  span?: "train" | "test";
  /** A figure, such as sharpe: cells that succeeded, better ones first. */
  sort?: string;
  order?: "asc" | "desc";
  /** Of the figure that is sorted by. */
  min?: number;
  max?: number;
}

export interface BatchWatchOptions extends PatientOptions {
  /** Default: Firestore where the client has one, else events, else polling where streams cannot be read. */
  via?: "firestore" | "events" | "polling";
}

export interface BatchCalls {
  submitBatch(request: BatchRequest, options?: SubmitOptions): Promise<BatchAccepted>;
  /** What a batch would come to; nothing is run. */
  estimateBatch(request: BatchRequest, options?: CallOptions): Promise<BatchEstimate>;
  getBatch(id: string, options?: CallOptions): Promise<Batch>;
  /** Newest first. */
  listBatches(page?: Page, options?: CallOptions): Promise<BatchList>;
  /** Cells that have an answer, also while the batch runs. */
  listCells(id: string, filter?: CellFilter, options?: CallOptions): Promise<CellList>;
  /** The job that runs the cell again, exactly: its whole result is read as any other's. */
  runCell(id: string, cell: number, options?: CallOptions): Promise<Job>;
  /** The batch, cancelled, also if it was before. Rejects with ApiError `batch_finished` if it ended otherwise. */
  cancelBatch(id: string, options?: CallOptions): Promise<Batch>;
  /** Runs again what failed for the platform's fault. */
  retryBatch(id: string, options?: CallOptions): Promise<Batch>;
  /** The batch as it is, then as it comes on, at most twice a second, up to its end. Leaving the loop ends the watch. */
  watchBatch(id: string, options?: BatchWatchOptions): AsyncIterable<Batch>;
  finishedBatch(id: string, options?: BatchWatchOptions): Promise<Batch>;
}

/** As with a job: polling alone could tell why it waits. */
const watchedBatchSchema = batchSchema.omit({ waiting: true });

const POLL_EVERY_MS = 1_000;

/** `ask` repeats, `askOnce` does not: a watch has patience of its own. */
export function createBatchCalls(ask: Ask, askOnce: Ask, firestore: FirestoreAccess | undefined): BatchCalls {
  function wayOf(id: string, via: BatchWatchOptions["via"]): Way<Batch> {
    if (firestore !== undefined && (via === undefined || via === "firestore"))
      return watchByListener(firestore, listenedBatch(id));
    if (via === "firestore")
      throw new StrategizError("This client was given no Firestore to watch batches through");
    const events = watchByEvents<Batch>(askOnce, `${pathOf(id)}/events`, watchedBatchSchema);
    const polled = { path: pathOf(id), schema: watchedBatchSchema, everyMs: POLL_EVERY_MS };
    const polling = watchByPolling<Batch>(askOnce, polled);
    if (via === undefined) return eventsElsePolling(events, polling);
    return via === "events" ? events : polling;
  }

  const calls: BatchCalls = {
    submitBatch: (request, options) =>
      ask("/v1/batches", askedToSubmit(request, options), asJson(batchAcceptedSchema)),
    estimateBatch: (request, options) =>
      ask(
        "/v1/batches",
        { ...asked(options), method: "POST", body: { ...request, dryRun: true } },
        asJson(batchEstimateSchema),
      ),
    getBatch: (id, options) => ask(pathOf(id), asked(options), asJson(batchSchema)),
    listBatches: (page = {}, options) =>
      ask(`/v1/batches${queryOf(page)}`, asked(options), asJson(batchListSchema)),
    listCells: (id, filter = {}, options) =>
      ask(`${pathOf(id)}/cells${queryOf(filter)}`, asked(options), asJson(cellListSchema)),
    runCell: (id, cell, options) =>
      ask(`${pathOf(id)}/cells/${cell}/result`, { ...asked(options), method: "POST" }, asJson(jobSchema)),
    async cancelBatch(id, options) {
      try {
        return await ask(`${pathOf(id)}/cancel`, { ...asked(options), method: "POST" }, asJson(batchSchema));
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "batch_finished") throw error;
        const batch = await calls.getBatch(id, options);
        if (batch.status !== "cancelled") throw error;
        return batch;
      }
    },
    retryBatch: (id, options) =>
      ask(`${pathOf(id)}/retry`, { ...asked(options), method: "POST" }, asJson(batchSchema)),
    watchBatch: (id, options = {}) => follow(wayOf(id, options.via), `batch ${id}`, limitsOf(options)),
    finishedBatch: (id, options) => lastOf(calls.watchBatch(id, options)),
  };
  return calls;
}

function pathOf(id: string): string {
  return `/v1/batches/${encodeURIComponent(id)}`;
}
