/** What the author of a job is told who asks for bars that no source has. */
import type { Timeframe } from "../contract/values.ts";
import { userFailure } from "../failure-codes.ts";
import { listNames, nearestNames } from "./near-names.ts";

export function unknownSymbol(symbol: string, known: string[]): Error {
  if (known.length === 0)
    return userFailure("unknown_symbol", `There is no market data at all, so none of ${symbol}.`);
  const [near] = nearestNames(known, symbol);
  const there = `There are ${known.length} symbols: ${listNames(known.sort(), symbol)}.`;
  const hint = near === undefined ? undefined : `did you mean ${near}?`;
  return userFailure("unknown_symbol", `There is no market data of ${symbol}. ${there}`, hint);
}

export function unknownTimeframe(symbol: string, timeframe: Timeframe, known: Timeframe[]): Error {
  const there = `There are: ${known.join(", ")}`;
  return userFailure(
    "unknown_timeframe",
    `There are no bars of ${symbol} in timeframe ${timeframe}. ${there}.`,
  );
}
