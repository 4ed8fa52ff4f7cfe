/** The bars of a chunk's cells: one series for each symbol and window, cut as the sweep says. */
import type { CellColumns } from "../../shared/batch/cell-columns.ts";
import { foldBars, type Sweep } from "../../shared/batch/sweep.ts";
import type { Failure } from "../../shared/contract/job.ts";
import type { Parameters } from "../../shared/contract/values.ts";
import { ExecutionFailure } from "../../shared/errors.ts";
import type { BatchExecutionRequest } from "../../shared/executor/batch-port.ts";
import { userFailure } from "../../shared/failure-codes.ts";
import type { MarketDataSource, Series } from "../../shared/market-data/series.ts";
import { selectWindow, sliceSeries } from "../../shared/market-data/window.ts";
import type { KnownBatch } from "./known-batches.ts";

/** Bars (six columns of 8 bytes each) and parameters of one call: the executor takes messages of 50 MB. */
const CALL_MAX_BYTES = 24 * 1024 * 1024;
const BYTES_PER_BAR = 48;

export interface LoadedCells {
  series: Series[];
  /** Which symbol and window each series is. */
  places: { symbol: number; window: number }[];
  cells: BatchExecutionRequest["cells"][number][];
  /** The row of each cell in the chunk. */
  rows: number[];
}

/**
 * Those of the rows whose bars fit into one call, in order. Rows whose bars there are not fail in `columns`, for their
 * author's fault. Rejects with ExecutionFailure of class platform where data cannot be read.
 */
export async function loadCells(
  marketData: Pick<MarketDataSource, "loadSeries">,
  { sweep, grid }: KnownBatch,
  first: number,
  rows: readonly number[],
  columns: CellColumns,
): Promise<LoadedCells> {
  const loaded: LoadedCells = { series: [], places: [], cells: [], rows: [] };
  const numbers = new Map<string, number | Failure>();
  let bytes = 0;
  for (const row of rows) {
    const { symbol, window, set } = grid.placeOf(first + row);
    const key = `${symbol}/${window}`;
    let number = numbers.get(key);
    if (number === undefined) {
      const series = await loadWindow(marketData, sweep, symbol, window);
      if ("class" in series) number = series;
      else {
        bytes += series.length * BYTES_PER_BAR;
        if (bytes > CALL_MAX_BYTES && loaded.cells.length > 0) break;
        number = loaded.series.push(series) - 1;
        loaded.places.push({ symbol, window });
      }
      numbers.set(key, number);
    }
    if (typeof number === "number") {
      const parameters = grid.parametersOf(set);
      bytes += bytesOf(parameters);
      if (bytes > CALL_MAX_BYTES && loaded.cells.length > 0) break;
      loaded.cells.push({ series: number, parameters });
      loaded.rows.push(row);
    } else columns.fail(row, number);
  }
  return loaded;
}

async function loadWindow(
  marketData: Pick<MarketDataSource, "loadSeries">,
  sweep: Sweep,
  symbol: number,
  window: number,
): Promise<Series | Failure> {
  try {
    const whole = await marketData.loadSeries(sweep.symbols[symbol] ?? "", sweep.timeframe);
    if (sweep.walkForward === undefined) return selectWindow(whole, sweep.windows[window] ?? {});
    const bars = selectWindow(whole, sweep.windows[0] ?? {});
    const fold = foldBars(sweep.walkForward, Math.floor(window / 2));
    const [from, to] = window % 2 === 0 ? fold.train : fold.test;
    if (to <= bars.length) return sliceSeries(bars, from, to);
    throw userFailure("no_bars_in_window", `The fold ends at bar ${to}, and there are ${bars.length} now.`);
  } catch (error) {
    if (error instanceof ExecutionFailure && error.failure.class === "user") return error.failure;
    throw error;
  }
}

/** At most, as JSON in UTF-8: a parameter may be a text of 1,000 characters. */
function bytesOf(parameters: Parameters): number {
  let bytes = 2;
  for (const [name, value] of Object.entries(parameters)) {
    bytes += 6 * name.length + (typeof value === "string" ? 6 * value.length : 24);
  }
  return bytes;
}
