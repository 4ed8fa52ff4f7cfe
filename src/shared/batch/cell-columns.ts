/**
 * What cells came to, as columns: one row a cell. A chunk's answer, a stored part and the whole batch in memory have
 * this one form. 100,000 cells take 27 MB.
 */

import type { Failure } from "../contract/job.ts";
import type { JobResult } from "../contract/job-result.ts";
import { DistinctValues } from "./distinct-values.ts";

/** The executor's metrics in the order of CellMetrics in the proto; those that may be null are NaN then. */
export const METRIC_COLUMNS = [
  ["totalReturnPct", "number"],
  ["totalPnl", "number"],
  ["cagrPct", "or null"],
  ["volatilityPct", "or null"],
  ["sharpe", "or null"],
  ["sortino", "or null"],
  ["maxDrawdownPct", "number"],
  ["longestDrawdownBars", "number"],
  ["calmar", "or null"],
  ["winRatePct", "or null"],
  ["avgWin", "or null"],
  ["avgLoss", "or null"],
  ["expectancy", "or null"],
  ["profitFactor", "or null"],
  ["sqn", "or null"],
  ["exposurePct", "number"],
  ["buyAndHoldPct", "or null"],
  ["buyAndHoldPnl", "or null"],
  ["outperformancePct", "or null"],
  ["totalTrades", "number"],
  ["profitableTrades", "number"],
  ["buyCount", "number"],
  ["sellCount", "number"],
  ["ignoredSignals", "number"],
  ["pendingSignals", "number"],
  ["finalEquity", "number"],
  ["openPosition", "number"],
] as const;

/** Over the returns from bar to bar: how many, mean, standard deviation (ddof 1), skewness, kurtosis (normal: 3). */
export const MOMENT_COLUMNS = [
  "returns",
  "returnMean",
  "returnSd",
  "returnSkewness",
  "returnKurtosis",
] as const;

export const FIGURE_COLUMNS = [...METRIC_COLUMNS.map(([name]) => name), ...MOMENT_COLUMNS] as const;
export type FigureColumn = (typeof FIGURE_COLUMNS)[number];
const COLUMN_NUMBERS = new Map<FigureColumn, number>(FIGURE_COLUMNS.map((name, number) => [name, number]));

/** In `failureOf`: the cell succeeded; nothing is known of it yet. */
export const SUCCEEDED = -1;
export const UNANSWERED = -2;
/** In `noteOf`. */
export const NO_NOTES = -1;

/** Warnings by code, and reasons of missing metrics by name. */
export interface CellNotes {
  warnings: Record<string, string>;
  unavailable: Record<string, string>;
  whyNotFaster: string;
}

/** What the cells of one symbol and window rest on. */
export interface SeriesBasis {
  symbol: number;
  window: number;
  firstBar: string;
  lastBar: string;
  assumptions: JobResult["assumptions"];
}

/** Different failures and notes that are kept: hostile code could give each cell its own. */
const DISTINCT_MAX = 200;
const ONE_OF_MANY = "One of too many different failures to keep: ask for the cell's result to read it.";

export class CellColumns {
  readonly rows: number;
  /** Column after column, `rows` values each, in the order of FIGURE_COLUMNS. */
  readonly figures: Float64Array;
  /** Index in `failures`, SUCCEEDED or UNANSWERED. */
  readonly failureOf: Int32Array;
  /** Index in `notes`, or NO_NOTES. */
  readonly noteOf: Int32Array;
  /** The last bar's own answer: 1 BUY, -1 SELL, 0 HOLD. */
  readonly live: Int8Array;
  readonly #failures = new DistinctValues<Failure>();
  readonly #notes = new DistinctValues<CellNotes>();
  readonly #bases = new DistinctValues<SeriesBasis>();

  constructor(rows: number) {
    this.rows = rows;
    this.figures = new Float64Array(rows * FIGURE_COLUMNS.length).fill(Number.NaN);
    this.failureOf = new Int32Array(rows).fill(UNANSWERED);
    this.noteOf = new Int32Array(rows).fill(NO_NOTES);
    this.live = new Int8Array(rows);
  }

  /** A view: what is written to it is written here. */
  column(name: FigureColumn): Float64Array {
    const number = COLUMN_NUMBERS.get(name) ?? 0;
    return this.figures.subarray(number * this.rows, (number + 1) * this.rows);
  }

  /** NaN where it could not be computed, or the cell has not succeeded. */
  figure(name: FigureColumn, row: number): number {
    return this.figures[(COLUMN_NUMBERS.get(name) ?? 0) * this.rows + row] ?? Number.NaN;
  }

  hasSucceeded(row: number): boolean {
    return this.failureOf[row] === SUCCEEDED;
  }

  get failures(): readonly Failure[] {
    return this.#failures.values;
  }

  get notes(): readonly CellNotes[] {
    return this.#notes.values;
  }

  get bases(): readonly SeriesBasis[] {
    return this.#bases.values;
  }

  failureAt(row: number): Failure | undefined {
    return this.failures[this.failureOf[row] ?? UNANSWERED];
  }

  notesAt(row: number): CellNotes | undefined {
    return this.notes[this.noteOf[row] ?? NO_NOTES];
  }

  /** The number under which `failureOf` names it. */
  addFailure(failure: Failure): number {
    if (this.failures.length < DISTINCT_MAX) return this.#failures.numberOf(failure);
    const known = this.#failures.find(failure);
    if (known !== undefined) return known;
    const { class: failureClass, code } = failure;
    return this.#failures.numberOf({ class: failureClass, code, message: ONE_OF_MANY });
  }

  /** The number under which `noteOf` names them; NO_NOTES where there are too many different ones to keep. */
  addNotes(notes: CellNotes): number {
    if (this.notes.length < DISTINCT_MAX) return this.#notes.numberOf(notes);
    return this.#notes.find(notes) ?? NO_NOTES;
  }

  addBasis(basis: SeriesBasis): void {
    this.#bases.numberOf(basis);
  }

  /** Takes the rows of `from` that have an answer, each as the row here that `rowFor` names; undefined leaves it. */
  take(from: CellColumns, rowFor: (row: number) => number | undefined): void {
    const failureNumbers = from.failures.map((failure) => this.addFailure(failure));
    const noteNumbers = from.notes.map((notes) => this.addNotes(notes));
    for (const basis of from.bases) this.addBasis(basis);
    for (let row = 0; row < from.rows; row += 1) {
      const failure = from.failureOf[row] ?? UNANSWERED;
      const to = failure === UNANSWERED ? undefined : rowFor(row);
      if (to === undefined) continue;
      this.failureOf[to] = failure === SUCCEEDED ? SUCCEEDED : (failureNumbers[failure] ?? SUCCEEDED);
      this.noteOf[to] = noteNumbers[from.noteOf[row] ?? NO_NOTES] ?? NO_NOTES;
      this.live[to] = from.live[row] ?? 0;
      for (let column = 0; column < FIGURE_COLUMNS.length; column += 1) {
        this.figures[column * this.rows + to] = from.figures[column * from.rows + row] ?? Number.NaN;
      }
    }
  }

  /** In order. */
  unanswered(): number[] {
    return Array.from(this.failureOf.keys()).filter((row) => this.failureOf[row] === UNANSWERED);
  }

  fail(row: number, failure: Failure): void {
    this.failureOf[row] = this.addFailure(failure);
  }

  /** Every cell that has no answer yet fails so; answers how many. */
  failUnanswered(failure: Failure): number {
    const number = this.addFailure(failure);
    let failed = 0;
    for (let row = 0; row < this.rows; row += 1) {
      if (this.failureOf[row] !== UNANSWERED) continue;
      this.failureOf[row] = number;
      failed += 1;
    }
    return failed;
  }

  counts(): CellCounts {
    const counts: CellCounts = { succeeded: 0, failedUser: 0, failedLimit: 0, failedPlatform: 0 };
    const classes = this.failures.map((failure) => COUNT_OF_CLASS[failure.class]);
    for (const failure of this.failureOf) {
      const count = failure === SUCCEEDED ? "succeeded" : classes[failure];
      if (count !== undefined) counts[count] += 1;
    }
    return counts;
  }
}

export interface CellCounts {
  succeeded: number;
  failedUser: number;
  failedLimit: number;
  failedPlatform: number;
}
const COUNT_OF_CLASS = { user: "failedUser", limit: "failedLimit", platform: "failedPlatform" } as const;
