/** What a batch would come to: its cells, what they would take, and what stands before them now. */
import { TYPICAL_MS_PER_CELL } from "../../shared/batch/chunk-plan.ts";
import type { BatchEstimate } from "../../shared/contract/batch.ts";
import type { BatchRequest } from "../../shared/contract/batch-request.ts";
import { formatTime } from "../../shared/contract/values.ts";
import { QueueUnavailableError } from "../../shared/errors.ts";
import type { ExecutorClient } from "../../shared/executor/port.ts";
import { slotsForBatches } from "../../shared/executor/slots-for-batches.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";
import type { ChunkQueue } from "../../shared/queue/job-queue.ts";
import { waitingAt } from "../waiting.ts";
import type { PlannedSweep } from "./plan-sweep.ts";
import { codeHashOf } from "./submit-batch.ts";

/** Among so many of an owner's newest batches the cost of the same code is looked for. */
const LOOK_BACK = 50;

export interface EstimateParts {
  batches: Pick<BatchStore, "list">;
  chunks: Pick<ChunkQueue, "nextPlaceOf">;
  executor: Pick<ExecutorClient, "health">;
}

/** Rejects like the job store and the executor's health; without Redis it says nothing of the line. */
export async function estimateBatch(
  parts: EstimateParts,
  owner: string,
  request: BatchRequest,
  { grid, sweep, gridSize }: PlannedSweep,
): Promise<BatchEstimate> {
  const measured = await measuredCost(parts, owner, request);
  const cpuMs = grid.cells * (measured ?? TYPICAL_MS_PER_CELL);
  const slots = Math.max(1, slotsForBatches(await parts.executor.health()));
  const seconds = Number((cpuMs / 1_000 / slots).toPrecision(3));
  return {
    cells: grid.cells,
    symbols: sweep.symbols.length,
    windows: Math.max(...sweep.symbols.map((_, symbol) => grid.windowsOf(symbol))),
    parameterSets: grid.sets,
    gridSize,
    estimatedSeconds: seconds,
    estimateBasis: measured === undefined ? "typical" : "measured",
    ...(await standing(parts, owner, seconds)),
  };
}

/** CPU milliseconds of a cell of the owner's last batch of the same code. */
async function measuredCost(
  { batches }: EstimateParts,
  owner: string,
  request: BatchRequest,
): Promise<number | undefined> {
  const codeHash = codeHashOf(request);
  const { batches: newest } = await batches.list(owner, { limit: LOOK_BACK });
  const same = newest.find(({ batch }) => batch.codeHash === codeHash && batch.msPerCell !== undefined);
  return same?.batch.msPerCell;
}

async function standing(
  { chunks }: EstimateParts,
  owner: string,
  seconds: number,
): Promise<Pick<BatchEstimate, "waiting" | "sharedBy" | "estimatedEnd">> {
  try {
    const place = await chunks.nextPlaceOf(owner);
    const { estimatedStart, owners, workers } = place;
    const start = estimatedStart ?? (workers > 0 ? Date.now() : undefined);
    const end = start === undefined ? undefined : start + seconds * 1_000 * owners;
    return {
      waiting: waitingAt(place, "next"),
      sharedBy: owners,
      estimatedEnd: end === undefined ? undefined : formatTime(Math.round(end)),
    };
  } catch (error) {
    if (error instanceof QueueUnavailableError) return {};
    throw error;
  }
}
