/** The cells of a batch as clients see them, from the columns of all its parts. */
import type { Cell, CellMetrics, CellWindow } from "../contract/batch.ts";
import { type CellColumns, type FigureColumn, type SeriesBasis, UNANSWERED } from "./cell-columns.ts";
import type { CellGrid, CellPlace } from "./cell-grid.ts";
import type { Sweep } from "./sweep.ts";

export class CellReader {
  readonly sweep: Sweep;
  readonly grid: CellGrid;
  /** One row a cell of the batch. */
  readonly columns: CellColumns;
  readonly #bases = new Map<string, SeriesBasis>();
  #basesSeen = 0;

  constructor(sweep: Sweep, grid: CellGrid, columns: CellColumns) {
    this.sweep = sweep;
    this.grid = grid;
    this.columns = columns;
  }

  /** undefined while the cell has no answer. */
  read(cell: number): Cell | undefined {
    const { columns } = this;
    if ((columns.failureOf[cell] ?? UNANSWERED) === UNANSWERED) return undefined;
    const where = { cell, ...this.identify(cell) };
    const failure = columns.failureAt(cell);
    if (failure !== undefined) return { ...where, status: "failed", failure };
    const notes = columns.notesAt(cell);
    return {
      ...where,
      status: "succeeded",
      metrics: this.metricsOf(cell),
      returns: {
        n: columns.figure("returns", cell),
        mean: this.#orNull("returnMean", cell),
        sd: this.#orNull("returnSd", cell),
        skewness: this.#orNull("returnSkewness", cell),
        kurtosis: this.#orNull("returnKurtosis", cell),
      },
      liveSignal: liveSignalOf(columns.live[cell] ?? 0),
      ...(hasEntries(notes?.unavailable) && { unavailable: notes?.unavailable }),
      ...(hasEntries(notes?.warnings) && { warnings: notes?.warnings }),
    };
  }

  /** Which symbol, window and parameters a cell has. */
  identify(cell: number): Pick<Cell, "symbol" | "window" | "parameters"> {
    const place = this.grid.placeOf(cell);
    return {
      symbol: this.sweep.symbols[place.symbol] ?? "",
      window: this.#windowOf(place),
      parameters: this.grid.parametersOf(place.set),
    };
  }

  metricsOf(cell: number): CellMetrics {
    const number = (name: FigureColumn): number => this.columns.figure(name, cell);
    const orNull = (name: FigureColumn): number | null => this.#orNull(name, cell);
    return {
      totalReturnPct: number("totalReturnPct"),
      totalPnl: number("totalPnl"),
      cagrPct: orNull("cagrPct"),
      volatilityPct: orNull("volatilityPct"),
      sharpe: orNull("sharpe"),
      sortino: orNull("sortino"),
      maxDrawdownPct: number("maxDrawdownPct"),
      longestDrawdownBars: number("longestDrawdownBars"),
      calmar: orNull("calmar"),
      winRatePct: orNull("winRatePct"),
      avgWin: orNull("avgWin"),
      avgLoss: orNull("avgLoss"),
      expectancy: orNull("expectancy"),
      profitFactor: orNull("profitFactor"),
      sqn: orNull("sqn"),
      exposurePct: number("exposurePct"),
      buyAndHoldPct: orNull("buyAndHoldPct"),
      buyAndHoldPnl: orNull("buyAndHoldPnl"),
      outperformancePct: orNull("outperformancePct"),
      totalTrades: number("totalTrades"),
      profitableTrades: number("profitableTrades"),
      buyCount: number("buyCount"),
      sellCount: number("sellCount"),
      ignoredSignals: number("ignoredSignals"),
      pendingSignals: number("pendingSignals"),
      finalEquity: number("finalEquity"),
      openPosition: number("openPosition") === 1,
    };
  }

  /** Whether the cell is one that parameters are picked by: with walk-forward, a training cell. */
  isTrial(cell: number): boolean {
    return this.sweep.walkForward === undefined || this.grid.placeOf(cell).window % 2 === 0;
  }

  /** undefined before a cell with that symbol and window succeeded. */
  basisOf({ symbol, window }: Pick<CellPlace, "symbol" | "window">): SeriesBasis | undefined {
    const { bases } = this.columns;
    for (; this.#basesSeen < bases.length; this.#basesSeen += 1) {
      const basis = bases[this.#basesSeen];
      if (basis !== undefined) this.#bases.set(`${basis.symbol}/${basis.window}`, basis);
    }
    return this.#bases.get(`${symbol}/${window}`);
  }

  #windowOf(place: CellPlace): CellWindow {
    if (this.sweep.walkForward === undefined) return this.sweep.windows[place.window] ?? {};
    const basis = this.basisOf(place);
    return {
      fold: Math.floor(place.window / 2),
      span: place.window % 2 === 0 ? "train" : "test",
      ...(basis && { start: basis.firstBar, end: basis.lastBar }),
    };
  }

  #orNull(name: FigureColumn, cell: number): number | null {
    const value = this.columns.figure(name, cell);
    return Number.isNaN(value) ? null : value;
  }
}

function liveSignalOf(answer: number): Cell["liveSignal"] {
  if (answer === 0) return "HOLD";
  return answer > 0 ? "BUY" : "SELL";
}

function hasEntries(texts: Record<string, string> | undefined): boolean {
  return texts !== undefined && Object.keys(texts).length > 0;
}
