import type { Bar } from "../contract/job-request.ts";
import type { Timeframe } from "../contract/values.ts";
import { userFailure } from "../failure-codes.ts";
import { findBadBar, wholeVolume } from "./bad-bar.ts";
import type { Series } from "./series.ts";

/**
 * The bars that a request brought itself, as columns. Throws ExecutionFailure of class user (`bad_market_data`)
 * with the row and the reason.
 */
export function seriesFromBars(bars: readonly Bar[], timeframe: Timeframe): Series {
  if (bars.length === 0) throw userFailure("bad_market_data", "There are no bars.");
  const series: Series = {
    symbol: undefined,
    timeframe,
    length: bars.length,
    timestampMs: BigInt64Array.from(bars, (bar) => BigInt(Date.parse(bar.timestamp))),
    open: Float64Array.from(bars, (bar) => bar.open),
    high: Float64Array.from(bars, (bar) => bar.high),
    low: Float64Array.from(bars, (bar) => bar.low),
    close: Float64Array.from(bars, (bar) => bar.close),
    volume: BigInt64Array.from(bars, volumeOf),
  };
  const bad = findBadBar(series);
  if (bad !== undefined) throw userFailure("bad_market_data", `Row ${bad.row} of the bars: ${bad.reason}.`);
  return series;
}

function volumeOf(bar: Bar, index: number): bigint {
  const volume = wholeVolume(bar.volume);
  if (volume === undefined) {
    throw userFailure("bad_market_data", `Row ${index + 1} of the bars: volume is ${bar.volume}.`);
  }
  return volume;
}
