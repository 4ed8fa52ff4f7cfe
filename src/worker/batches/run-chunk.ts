/** Runs the cells of a chunk that have no answer yet, in as many calls of the executor as that takes. */
import type { CellColumns } from "../../shared/batch/cell-columns.ts";
import { ExecutorBusyError } from "../../shared/errors.ts";
import { barTimes } from "../../shared/executor/bar-times.ts";
import type { BatchExecution, BatchExecutionRequest } from "../../shared/executor/batch-port.ts";
import type { CallContext, ExecutorClient } from "../../shared/executor/port.ts";
import { platformFailure } from "../../shared/failure-codes.ts";
import type { MarketDataSource } from "../../shared/market-data/series.ts";
import type { ChunkEntry } from "../../shared/queue/chunk-entry.ts";
import type { KnownBatch } from "./known-batches.ts";
import { type LoadedCells, loadCells } from "./load-cells.ts";

export interface RunParts {
  executor: Pick<ExecutorClient, "executeBatch">;
  marketData: Pick<MarketDataSource, "loadSeries">;
  /** Of each call as it ends, one that failed too: CPU time measured by the executor's server, and how long it took. */
  spent: (cpuMs: number, wallMs: number) => void;
}

/** Afterwards every row has its answer. Rejects like ExecutorClient.executeBatch. */
export async function runChunk(
  parts: RunParts,
  known: KnownBatch,
  { first, owner }: ChunkEntry,
  columns: CellColumns,
  context: CallContext,
): Promise<void> {
  const { strategy, options, limits } = known.sweep;
  for (let rows = columns.unanswered(); rows.length > 0; ) {
    const loaded = await loadCells(parts.marketData, known, first, rows, columns);
    context.signal?.throwIfAborted();
    if (loaded.cells.length > 0) {
      const { series, cells } = loaded;
      const request = { owner, strategyId: strategy.id, code: strategy.code, options, series, cells };
      takeAnswers(columns, loaded, await measured(parts, { ...request, ...limits }, context));
    }
    const left = columns.unanswered();
    // A call that runs out of time has run one cell at least: without that this would go on for ever.
    if (left.length === rows.length) throw platformFailure("executor_failed");
    rows = left;
  }
}

async function measured(
  { executor, spent }: RunParts,
  request: BatchExecutionRequest,
  context: CallContext,
): Promise<BatchExecution> {
  const startedAt = performance.now();
  try {
    const execution = await executor.executeBatch(request, context);
    spent(execution.cpuMs, performance.now() - startedAt);
    return execution;
  } catch (error) {
    // What a call cost that was lost nobody has told: no more than the time that it took.
    const wallMs = performance.now() - startedAt;
    if (!(error instanceof ExecutorBusyError)) spent(wallMs, wallMs);
    throw error;
  }
}

function takeAnswers(columns: CellColumns, loaded: LoadedCells, execution: BatchExecution): void {
  columns.take(execution.columns, (row) => loaded.rows[row]);
  for (const [number, assumptions] of execution.assumptions) {
    const place = loaded.places[number];
    const series = loaded.series[number];
    if (place === undefined || series === undefined) continue;
    const times = barTimes(series);
    columns.addBasis({ ...place, firstBar: times[0] ?? "", lastBar: times.at(-1) ?? "", assumptions });
  }
}
