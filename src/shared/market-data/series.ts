/** Bars in memory: six columns, oldest bar first. */
import type { AvailableSymbol } from "../contract/symbols.ts";
import type { Timeframe } from "../contract/values.ts";

export interface Bars {
  length: number;
  /** Epoch milliseconds of each bar's start, strictly rising. */
  timestampMs: BigInt64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: BigInt64Array;
}

/** All zero, to be filled. */
export function emptyBars(length: number): Bars {
  const rows = Math.max(length, 0);
  return {
    length: rows,
    timestampMs: new BigInt64Array(rows),
    open: new Float64Array(rows),
    high: new Float64Array(rows),
    low: new Float64Array(rows),
    close: new Float64Array(rows),
    volume: new BigInt64Array(rows),
  };
}

/** One after the other. */
export function joinBars(pieces: readonly Bars[]): Bars {
  const whole = emptyBars(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.timestampMs.set(piece.timestampMs, at);
    whole.open.set(piece.open, at);
    whole.high.set(piece.high, at);
    whole.low.set(piece.low, at);
    whole.close.set(piece.close, at);
    whole.volume.set(piece.volume, at);
    at += piece.length;
  }
  return whole;
}

export interface Series extends Bars {
  /** undefined for bars that the request brought itself. */
  symbol: string | undefined;
  timeframe: Timeframe;
  /** Present where the source has older bars that are not in the series: reads those of a range, 3,000 at most. */
  older?: ((range: TimeRange) => Promise<Series>) | undefined;
}

/** Epoch milliseconds, both inclusive; undefined for no limit. */
export interface TimeRange {
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

/** Where bars come from. Errors are ExecutionFailure: user (`unknown_symbol`, `unknown_timeframe`) or platform. */
export interface MarketDataSource {
  loadSeries(symbol: string, timeframe: Timeframe): Promise<Series>;
  /** By symbol, ascending. */
  listSymbols(): Promise<AvailableSymbol[]>;
  /** undefined for a symbol that it does not know. */
  describeSymbol(symbol: string): Promise<AvailableSymbol | undefined>;
  /** A text that differs once the stored bars do, far cheaper than loading them. Rejects like loadSeries. */
  seriesVersion(symbol: string, timeframe: Timeframe): Promise<string>;
}
