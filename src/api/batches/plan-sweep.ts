/** From a request to a sweep: symbols named, folds counted, cells within the limit. */
import { CellGrid, gridSize } from "../../shared/batch/cell-grid.ts";
import { countFolds, type Sweep } from "../../shared/batch/sweep.ts";
import { type BatchRequest, CELLS_MAX, GRID_MAX } from "../../shared/contract/batch-request.ts";
import { ExecutionFailure } from "../../shared/errors.ts";
import type { MarketDataSource } from "../../shared/market-data/series.ts";
import { selectWindow } from "../../shared/market-data/window.ts";
import { invalidRequest, tryLater } from "../problem-details.ts";
import type { SymbolLists } from "../symbol-lists.ts";

export interface PlannedSweep {
  sweep: Sweep;
  grid: CellGrid;
  /** Parameter sets before a sample was drawn. */
  gridSize: number;
}

type Data = Pick<MarketDataSource, "listSymbols" | "loadSeries">;

export interface PlanParts {
  marketData: Data;
  symbolLists: Pick<SymbolLists, "find" | "describeMissing">;
}

/** Throws 422 for symbols that there are none of, folds that do not fit, and too many cells. */
export async function planSweep(parts: PlanParts, request: BatchRequest): Promise<PlannedSweep> {
  const { marketData } = parts;
  const { strategy, timeframe, walkForward, parameters, sample, options, limits } = request;
  const size = gridSize(parameters);
  if (!Number.isFinite(size)) refuse("parameters", `make a grid of more than ${GRID_MAX} sets`);
  const symbols = await symbolsOf(parts, request);
  const { period, start, end } = request;
  const windows = request.windows ?? [{ period, start, end }];
  const sweep: Sweep = {
    strategy,
    symbols,
    timeframe,
    windows,
    walkForward,
    parameters,
    sample,
    options,
    limits,
  };
  if (walkForward !== undefined) sweep.folds = await foldsOf(marketData, sweep, walkForward);
  const grid = new CellGrid(sweep);
  if (grid.cells > CELLS_MAX) {
    refuse(
      "parameters",
      `come to ${grid.cells} cells (${grid.sets} parameter sets, each for ${grid.cells / grid.sets} windows of symbols), ` +
        `and at most ${CELLS_MAX} are taken: send fewer values, or a sample`,
    );
  }
  return { sweep, grid, gridSize: size };
}

/** What was asked for, as it is now: a list that is changed later leaves the batch as it is. */
async function symbolsOf(
  { marketData, symbolLists }: PlanParts,
  { symbols, timeframe }: BatchRequest,
): Promise<string[]> {
  if (symbols === "*") return await symbolsWith(marketData, timeframe);
  if (Array.isArray(symbols)) return symbols;
  const named = symbolLists.find(symbols.list);
  return named?.symbols ?? refuse("symbols.list", symbolLists.describeMissing(symbols.list));
}

async function symbolsWith(marketData: Data, timeframe: Sweep["timeframe"]): Promise<string[]> {
  const all = await marketData.listSymbols();
  const symbols = all
    .filter(({ series }) => series.some((one) => one.timeframe === timeframe))
    .map(({ symbol }) => symbol);
  if (symbols.length === 0) refuse("symbols", `are none with the timeframe ${timeframe}`);
  return symbols;
}

/** One symbol after the other: what this loads is not kept. */
async function foldsOf(
  marketData: Data,
  { symbols, timeframe, windows }: Sweep,
  walkForward: NonNullable<Sweep["walkForward"]>,
): Promise<number[]> {
  const folds: number[] = [];
  for (const symbol of symbols) {
    const bars = await countBars(marketData, symbol, timeframe, windows[0] ?? {});
    const count = countFolds(walkForward, bars);
    const needed = walkForward.trainBars + walkForward.testBars;
    if (count === 0) refuse("walkForward", `needs ${needed} bars, and ${symbol} has ${bars} in the window`);
    folds.push(count);
  }
  return folds;
}

async function countBars(
  marketData: Data,
  symbol: string,
  timeframe: Sweep["timeframe"],
  window: Sweep["windows"][number],
): Promise<number> {
  try {
    return selectWindow(await marketData.loadSeries(symbol, timeframe), window).length;
  } catch (error) {
    if (!(error instanceof ExecutionFailure)) throw error;
    if (error.failure.class === "platform") throw tryLater(error.failure.message, 5);
    return refuse("symbols", `cannot be cut into folds: ${error.failure.message}`);
  }
}

function refuse(path: string, message: string): never {
  throw invalidRequest([{ path, message }]);
}
