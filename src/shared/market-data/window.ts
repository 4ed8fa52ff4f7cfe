/** The part of a series that a job asks for. */
import { endOf } from "../contract/job-request.ts";
import { formatTime, type Period } from "../contract/values.ts";
import { userFailure } from "../failure-codes.ts";
import type { Series } from "./series.ts";

/** Either a period or a range; nothing means all bars. */
export interface Window {
  period?: Period | undefined;
  /** Inclusive. */
  start?: string | undefined;
  /** Inclusive; a bare date includes that day. */
  end?: string | undefined;
}

const PERIOD_MONTHS = { "6mo": 6, "1y": 12, "2y": 24, "3y": 36, "5y": 60, "7y": 84 } as const;

/**
 * The bars inside the window, as views over the same memory. `period` keeps the bars later than the newest bar
 * minus that calendar span. Throws ExecutionFailure of class user (`no_bars_in_window`) naming the range there is.
 */
export function selectWindow(series: Series, window: Window): Series {
  const [from, to] = boundsOf(series, window);
  if (from >= to) throw userFailure("no_bars_in_window", describeMiss(series, window));
  return sliceSeries(series, from, to);
}

/** The bars from index `from` up to before `to`, as views over the same memory. */
export function sliceSeries(series: Series, from: number, to: number): Series {
  if (from === 0 && to === series.length) return series;
  return {
    symbol: series.symbol,
    timeframe: series.timeframe,
    length: to - from,
    timestampMs: series.timestampMs.subarray(from, to),
    open: series.open.subarray(from, to),
    high: series.high.subarray(from, to),
    low: series.low.subarray(from, to),
    close: series.close.subarray(from, to),
    volume: series.volume.subarray(from, to),
  };
}

/**
 * The same day and time so many months earlier in UTC; a day that the month does not have becomes its last one
 * (29 February minus a year is 28 February, 31 May minus six months is 30 November).
 */
export function monthsBefore(epochMs: number, months: number): number {
  const day = new Date(epochMs);
  const month = day.getUTCMonth() - months;
  const lastDay = new Date(Date.UTC(day.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(day.getUTCFullYear(), month, Math.min(day.getUTCDate(), lastDay));
  return midnight + (((epochMs % DAY_MS) + DAY_MS) % DAY_MS);
}
const DAY_MS = 86_400_000;

/** Indices of the first bar inside and of the first one after. */
function boundsOf(series: Series, { period, start, end }: Window): [number, number] {
  const newest = series.timestampMs[series.length - 1];
  if (period !== undefined && period !== "max" && newest !== undefined) {
    const limit = monthsBefore(Number(newest), PERIOD_MONTHS[period]);
    return [firstFrom(series.timestampMs, limit + 1), series.length];
  }
  const from = start === undefined ? 0 : firstFrom(series.timestampMs, Date.parse(start));
  const to = end === undefined ? series.length : firstFrom(series.timestampMs, endOf(end) + 1);
  return [from, to];
}

/** Index of the first time at or after `epochMs`, or the length. */
function firstFrom(times: BigInt64Array, epochMs: number): number {
  const wanted = BigInt(epochMs);
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0n) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function describeMiss(series: Series, { start, end }: Window): string {
  const what = series.symbol === undefined ? "your bars" : `${series.symbol} (${series.timeframe})`;
  const asked = [start === undefined ? "" : ` from ${start}`, end === undefined ? "" : ` up to ${end}`].join(
    "",
  );
  const first = series.timestampMs[0];
  const last = series.timestampMs[series.length - 1];
  if (first === undefined || last === undefined) return `There are no bars of ${what}.`;
  const range = `${formatTime(Number(first))} to ${formatTime(Number(last))}`;
  return `There are no bars of ${what}${asked}: the ${series.length} there are run from ${range}.`;
}
