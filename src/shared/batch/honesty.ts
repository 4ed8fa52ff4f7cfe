/** How much of the best cells' success is luck: the trials counted, and the Sharpe ratios deflated by them. */
import type { Honesty, Standings } from "../contract/batch.ts";
import { SUCCEEDED } from "./cell-columns.ts";
import type { CellReader } from "./cell-reader.ts";
import { deflatedSharpe, expectedBestSharpe } from "./deflated-sharpe.ts";

export interface Trials {
  count: number;
  /** Of the Sharpe ratios per bar over the trials, ddof 1. */
  variance: number;
  /** The trial with the highest Sharpe ratio per bar; undefined without one. */
  best: number | undefined;
}

/** Sharpe ratio per bar, over the risk-free rate; NaN where it cannot be computed. */
function sharpePerBar({ columns, sweep }: CellReader, cell: number): number {
  const excess = columns.figure("returnMean", cell) - (sweep.options.riskFreeRate ?? 0);
  const sd = columns.figure("returnSd", cell);
  return sd > 0 ? excess / sd : Number.NaN;
}

/** One pass over all cells (Welford's algorithm for the variance). */
export function countTrials(reader: CellReader): Trials {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let best: number | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (let cell = 0; cell < reader.columns.rows; cell += 1) {
    if (reader.columns.failureOf[cell] !== SUCCEEDED || !reader.isTrial(cell)) continue;
    const sharpe = sharpePerBar(reader, cell);
    if (Number.isNaN(sharpe)) continue;
    count += 1;
    const difference = sharpe - mean;
    mean += difference / count;
    squares += difference * (sharpe - mean);
    if (sharpe <= highest) continue;
    highest = sharpe;
    best = cell;
  }
  return { count, variance: count > 1 ? squares / (count - 1) : 0, best };
}

/** null where it cannot be computed. */
export function deflatedSharpeOf(reader: CellReader, cell: number, trials: Trials): number | null {
  const { columns } = reader;
  const moments = {
    n: columns.figure("returns", cell),
    sharpe: sharpePerBar(reader, cell),
    skewness: columns.figure("returnSkewness", cell),
    kurtosis: columns.figure("returnKurtosis", cell),
  };
  return deflatedSharpe(moments, expectedBestSharpe(trials.count, trials.variance));
}

const NOTHING_TO_JUDGE: Honesty = {
  trials: 0,
  expectedBestSharpe: null,
  deflatedSharpe: null,
  sentence: "No cell has a Sharpe ratio yet, so there is nothing to judge.",
};

/** Of a batch without a cell that has an answer. */
export const NO_STANDINGS: Standings = { leaderboard: [], honesty: NOTHING_TO_JUDGE };

export function judge(reader: CellReader, trials: Trials): Honesty {
  const { count, variance, best } = trials;
  if (best === undefined) {
    return NOTHING_TO_JUDGE;
  }
  const barsPerYear = reader.basisOf(reader.grid.placeOf(best))?.assumptions.barsPerYear ?? 252;
  const year = Math.sqrt(barsPerYear);
  const byLuck = expectedBestSharpe(count, variance) * year;
  const deflated = deflatedSharpeOf(reader, best, trials);
  return {
    trials: count,
    expectedBestSharpe: byLuck,
    deflatedSharpe: deflated,
    sentence: sentenceFor(count, sharpePerBar(reader, best) * year, byLuck, deflated),
  };
}

function sentenceFor(trials: number, best: number, byLuck: number, deflated: number | null): string {
  const picked =
    trials === 1
      ? `This is one trial, with a Sharpe ratio of ${best.toFixed(2)}.`
      : `The best of ${trials.toLocaleString("en-US")} trials has a Sharpe ratio of ${best.toFixed(2)}; ` +
        `the best of so many strategies that are worth nothing would show about ${byLuck.toFixed(2)} by luck.`;
  if (deflated === null) return picked;
  const above = trials === 1 ? "0" : "what luck gives";
  return `${picked} The probability that its true Sharpe ratio is above ${above} is ${percentOf(deflated)}.`;
}

/** Never 0 or 100: nothing is that certain. */
function percentOf(probability: number): string {
  if (probability > 0.99) return "more than 99 %";
  if (probability < 0.01) return "less than 1 %";
  return `${(100 * probability).toFixed(0)} %`;
}
