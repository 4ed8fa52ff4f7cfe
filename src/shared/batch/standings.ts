/** Leaderboard, honesty and walk-forward figures of a batch, as far as it has come. */
import type { Leader, Standings, WalkForwardStandings } from "../contract/batch.ts";
import { betterFirst, firstCells } from "./best-cells.ts";
import type { FigureColumn } from "./cell-columns.ts";
import type { CellReader } from "./cell-reader.ts";
import { countTrials, deflatedSharpeOf, judge, type Trials } from "./honesty.ts";

export const DEFAULT_METRIC = "sharpe" satisfies FigureColumn;
export const LEADERS = 10;

export function standingsOf(
  reader: CellReader,
  metric: FigureColumn = DEFAULT_METRIC,
  leaders = LEADERS,
): Standings {
  const trials = countTrials(reader);
  return {
    leaderboard: leaderboardOf(reader, trials, metric, leaders),
    honesty: judge(reader, trials),
    ...(reader.sweep.walkForward !== undefined && { walkForward: walkForwardOf(reader) }),
  };
}

function leaderboardOf(reader: CellReader, trials: Trials, metric: FigureColumn, leaders: number): Leader[] {
  const order = {
    by: metric,
    direction: betterFirst(metric),
    isWanted: (cell: number) => reader.isTrial(cell),
  };
  return firstCells(reader.columns, order, leaders)
    .filter(({ value }) => !Number.isNaN(value))
    .map(({ cell }) => ({
      cell,
      ...reader.identify(cell),
      metrics: reader.metricsOf(cell),
      deflatedSharpe: deflatedSharpeOf(reader, cell, trials),
    }));
}

interface FoldOutcome {
  inSample: number;
  outOfSample: number;
  returnPct: number;
}

/** Each fold's best training cell by Sharpe ratio, and what its parameters did on the test span after it. */
function walkForwardOf(reader: CellReader): WalkForwardStandings {
  const outcomes = [...foldOutcomes(reader)];
  const inSampleSharpe = meanOf(outcomes.map(({ inSample }) => inSample));
  const outOfSampleSharpe = meanOf(outcomes.map(({ outOfSample }) => outOfSample));
  const figures = {
    folds: outcomes.length,
    inSampleSharpe,
    outOfSampleSharpe,
    outOfSampleReturnPct: meanOf(outcomes.map(({ returnPct }) => returnPct)),
    profitableFolds: outcomes.filter(({ returnPct }) => returnPct > 0).length,
  };
  return { ...figures, sentence: sentenceFor(figures) };
}

function* foldOutcomes({ grid, sweep, columns }: CellReader): Generator<FoldOutcome> {
  for (const symbol of sweep.symbols.keys()) {
    for (let window = 0; window < grid.windowsOf(symbol); window += 2) {
      let best: number | undefined;
      let inSample = Number.NEGATIVE_INFINITY;
      for (let set = 0; set < grid.sets; set += 1) {
        const sharpe = columns.figure("sharpe", grid.cellAt({ symbol, window, set }));
        if (sharpe > inSample) [best, inSample] = [set, sharpe];
      }
      if (best === undefined) continue;
      const test = grid.cellAt({ symbol, window: window + 1, set: best });
      if (!columns.hasSucceeded(test)) continue;
      const outOfSample = columns.figure("sharpe", test);
      yield { inSample, outOfSample, returnPct: columns.figure("totalReturnPct", test) };
    }
  }
}

/** null without a number. */
function meanOf(values: readonly number[]): number | null {
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.length === 0 ? null : numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function sentenceFor(figures: Omit<WalkForwardStandings, "sentence">): string {
  const { folds, inSampleSharpe, outOfSampleSharpe, profitableFolds } = figures;
  if (folds === 0 || inSampleSharpe === null) return "No fold has a training cell and its test yet.";
  const tested =
    outOfSampleSharpe === null ? "has no Sharpe ratio there" : `has ${outOfSampleSharpe.toFixed(2)} there`;
  return (
    `Picked on its training span, the best cell of a fold has a Sharpe ratio of ${inSampleSharpe.toFixed(2)} on average; ` +
    `on the test span after it, which took no part in picking, it ${tested}, and ${profitableFolds} of ${folds} folds end with a gain.`
  );
}
