/** What makes bars unusable; the executor refuses the same (docs/strategies.md, bad market data). */
import { formatTime } from "../contract/values.ts";
import type { Bars } from "./series.ts";

/** The first row (from 1) that cannot be used, and why. */
export interface BadBar {
  row: number;
  reason: string;
}

const PRICES = ["open", "high", "low", "close"] as const;

/** undefined when times rise strictly and prices are finite, not negative, and high is not below low. */
export function findBadBar(series: Bars): BadBar | undefined {
  for (let index = 0; index < series.length; index++) {
    const reason = faultAt(series, index);
    if (reason !== undefined) return { row: index + 1, reason };
  }
  return undefined;
}

/** Volumes are whole numbers of 64 bits on the wire: a fraction is rounded. undefined when it does not fit. */
export function wholeVolume(volume: number): bigint | undefined {
  const rounded = Math.round(volume);
  return rounded >= 0 && rounded < 2 ** 63 ? BigInt(rounded) : undefined;
}

function faultAt(series: Bars, index: number): string | undefined {
  const time = series.timestampMs[index] ?? 0n;
  const before = index === 0 ? undefined : series.timestampMs[index - 1];
  if (before !== undefined && time <= before) {
    const fault = time === before ? "repeats" : "is before";
    return `its timestamp ${formatTime(Number(time))} ${fault} the one above (${formatTime(Number(before))})`;
  }
  for (const name of PRICES) {
    const price = series[name][index] ?? Number.NaN;
    if (!(price >= 0 && price < Number.POSITIVE_INFINITY)) return `${name} is ${price}`;
  }
  const high = series.high[index] ?? 0;
  const low = series.low[index] ?? 0;
  return high < low ? `high ${high} is below low ${low}` : undefined;
}
