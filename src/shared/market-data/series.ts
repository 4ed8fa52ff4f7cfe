/** Bars in memory: six columns, oldest bar first. */
import type { AvailableSymbol } from "../contract/symbols.ts";
import type { Timeframe } from "../contract/values.ts";

export interface Series {
  /** undefined for bars that the request brought itself. */
  symbol: string | undefined;
  timeframe: Timeframe;
  length: number;
  /** Epoch milliseconds of each bar's start, strictly rising. */
  timestampMs: BigInt64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: BigInt64Array;
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
