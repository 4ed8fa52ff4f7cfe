/** Cells per second of ExecuteBatch: one owner's strategy over a grid of parameters, all metrics of each cell. */
import type { Parameters } from "../src/shared/contract/values.ts";
import { createCsvMarketData } from "../src/shared/market-data/csv-market-data.ts";
import { type ExecutorPart, startExecutor } from "../test/support/start-executor.ts";
import { type BatchCaller, connectBatchCaller } from "./batch-call.ts";
import { timed, treeCpuSeconds } from "./measure.ts";
import type { Row, Table } from "./report.ts";
import { RSI_LEVELS, rsiGrid, SMA_EVERY_BAR, smaGrid } from "./strategies.ts";

interface Case {
  what: string;
  code: string;
  grid: Parameters[];
  noSharedExpressions: boolean;
  target?: number;
}

const CASES: Case[] = [
  {
    what: "SMA 100 x 100, expressions shared",
    code: SMA_EVERY_BAR,
    grid: smaGrid(100),
    noSharedExpressions: false,
    target: 2_000,
  },
  {
    what: "SMA 50 x 50, each cell on its own",
    code: SMA_EVERY_BAR,
    grid: smaGrid(50),
    noSharedExpressions: true,
    target: 1_000,
  },
  {
    what: "RSI 20 x 10 x 10, expressions shared",
    code: RSI_LEVELS,
    grid: rsiGrid(),
    noSharedExpressions: false,
  },
  {
    what: "RSI 20 x 10 x 10, each cell on its own",
    code: RSI_LEVELS,
    grid: rsiGrid(),
    noSharedExpressions: true,
  },
];

export interface BatchRun {
  returns: Float64Array;
  /** Cells per second on the clock, one call at a time. */
  perSecond: number;
  /** Cells per second of CPU time, the executor's server included. */
  perCore: number;
  stolen: number;
}

export async function benchBatch(): Promise<Table> {
  const executor = await startExecutor();
  const caller = connectBatchCaller(executor.target);
  try {
    await runGrid(executor, caller, { code: SMA_EVERY_BAR, grid: smaGrid(10), noSharedExpressions: false });
    const rows: Row[] = [];
    for (const each of CASES) rows.push(rowOf(each, await runGrid(executor, caller, each)));
    return {
      name: "batch",
      title: "Batch cells: AAPL, 3,270 daily bars, form 1, all metrics, one call with one sandbox",
      rows,
    };
  } finally {
    caller.close();
    await executor.stop();
  }
}

/** Runs a grid over AAPL's daily bars. */
export async function runGrid(
  executor: ExecutorPart,
  caller: BatchCaller,
  { code, grid, noSharedExpressions }: Pick<Case, "code" | "grid" | "noSharedExpressions">,
): Promise<BatchRun> {
  const series = [await createCsvMarketData("examples/market-data").loadSeries("AAPL", "1D")];
  const cells = grid.map((parameters) => ({ series: 0, parameters }));
  const cpuBefore = treeCpuSeconds(executor.pid);
  const { result, seconds, stolen } = await timed(() =>
    caller.run({ owner: "bench", code, options: {}, series, cells }, noSharedExpressions),
  );
  const cpuSeconds = treeCpuSeconds(executor.pid) - cpuBefore;
  return {
    returns: result,
    perSecond: cells.length / seconds,
    perCore: cells.length / cpuSeconds,
    stolen,
  };
}

function rowOf(
  { what, grid, noSharedExpressions, target }: Case,
  { perSecond, perCore, stolen }: BatchRun,
): Row {
  const row: Row = {
    what,
    figures: {
      cells: grid.length,
      "cells/s": perSecond,
      "per core": perCore,
      "CPU us each": 1e6 / perCore,
      "stolen s": stolen,
    },
  };
  if (target === undefined) return row;
  const headline = noSharedExpressions ? {} : { headline: ["per core", "cells/s"] };
  return {
    ...row,
    ...headline,
    target: `>= ${target.toLocaleString("en-US")} per core`,
    reached: perCore >= target,
  };
}
