import fc from "fast-check";
import { expect, test } from "vitest";
import { endOf } from "../../src/shared/contract/job-request.ts";
import { formatTime, PERIODS } from "../../src/shared/contract/values.ts";
import { ExecutionFailure } from "../../src/shared/errors.ts";
import type { Series } from "../../src/shared/market-data/series.ts";
import { monthsBefore, selectWindow } from "../../src/shared/market-data/window.ts";

function seriesAt(...times: string[]): Series {
  return seriesOf(times.map((time) => Date.parse(time)));
}

function seriesOf(times: number[]): Series {
  const numbers = Float64Array.from(times.keys());
  return {
    symbol: "AAPL",
    timeframe: "1D",
    length: times.length,
    timestampMs: BigInt64Array.from(times, BigInt),
    open: numbers,
    high: numbers,
    low: numbers,
    close: numbers,
    volume: BigInt64Array.from(times.keys(), BigInt),
  };
}

const timesOf = (series: Series): string[] =>
  Array.from(series.timestampMs, (time) => formatTime(Number(time)));

const HOURLY = seriesAt(
  "2020-01-30T23:00Z",
  "2020-01-31",
  "2020-01-31T23:59:59.999Z",
  "2020-02-01",
  "2020-02-02",
);

test("a bare date as end includes that day", () => {
  expect(timesOf(selectWindow(HOURLY, { start: "2020-01-31", end: "2020-01-31" }))).toEqual([
    "2020-01-31T00:00:00Z",
    "2020-01-31T23:59:59.999Z",
  ]);
});

test("start and end are inclusive to the millisecond", () => {
  const window = { start: "2020-01-31T23:59:59.999Z", end: "2020-02-01T00:00:00Z" };
  expect(timesOf(selectWindow(HOURLY, window))).toEqual(["2020-01-31T23:59:59.999Z", "2020-02-01T00:00:00Z"]);
});

test("no window, or the period max, is the whole series itself", () => {
  expect(selectWindow(HOURLY, {})).toBe(HOURLY);
  expect(selectWindow(HOURLY, { period: "max" })).toBe(HOURLY);
});

test("a window shares the memory of its series", () => {
  const window = selectWindow(HOURLY, { start: "2020-02-01" });
  expect(window.length).toBe(2);
  expect(window.close.buffer).toBe(HOURLY.close.buffer);
  expect(Array.from(window.volume)).toEqual([3n, 4n]);
});

test("a period keeps the bars later than the newest minus its span", () => {
  const series = seriesAt("2019-02-27", "2019-02-28", "2019-03-01", "2020-02-29");
  expect(timesOf(selectWindow(series, { period: "1y" }))).toEqual([
    "2019-03-01T00:00:00Z",
    "2020-02-29T00:00:00Z",
  ]);
});

test.each([
  ["2020-02-29", 12, "2019-02-28"],
  ["2024-02-29", 48, "2020-02-29"],
  ["2021-05-31", 6, "2020-11-30"],
  ["2021-08-31", 6, "2021-02-28"],
  ["2021-01-15", 6, "2020-07-15"],
  ["1969-03-31T13:45:00.250Z", 1, "1969-02-28T13:45:00.250Z"],
])("%s minus %i months is %s", (from, months, before) => {
  expect(new Date(monthsBefore(Date.parse(from), months)).toISOString()).toBe(new Date(before).toISOString());
});

test("an empty window is the author's failure and names the range there is", () => {
  const select = (): Series => selectWindow(HOURLY, { start: "2021-01-01", end: "2021-12-31" });
  expect(select).toThrow(ExecutionFailure);
  expect(select).toThrow(
    "There are no bars of AAPL (1D) from 2021-01-01 up to 2021-12-31: the 5 there are run from 2020-01-30T23:00:00Z to 2020-02-02T00:00:00Z.",
  );
});

const day = fc.integer({ min: Date.UTC(1999, 0), max: Date.UTC(2024, 0) });
const someTimes = fc
  .uniqueArray(day, { minLength: 1, maxLength: 60 })
  .map((times) => times.sort((one, other) => one - other));

test("a range holds exactly the bars inside it", () => {
  const bareDate = day.map((time) => new Date(time).toISOString().slice(0, 10));
  const instant = fc.oneof(day.map(formatTime), bareDate);
  fc.assert(
    fc.property(someTimes, instant, instant, (times, start, end) => {
      const inside = times.filter((time) => time >= Date.parse(start) && time <= endOf(end));
      const series = seriesOf(times);
      if (inside.length === 0)
        expect(() => selectWindow(series, { start, end })).toThrow("There are no bars");
      else expect(timesOf(selectWindow(series, { start, end }))).toEqual(inside.map(formatTime));
    }),
  );
});

test("a longer period never holds fewer bars, and each holds the newest", () => {
  fc.assert(
    fc.property(someTimes, (times) => {
      const lengths = PERIODS.map((period) => {
        const window = selectWindow(seriesOf(times), { period });
        expect(window.timestampMs.at(-1)).toBe(BigInt(times.at(-1) ?? 0));
        return window.length;
      });
      expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
      expect(lengths.at(-1)).toBe(times.length);
    }),
  );
});

test("months before keeps day and time unless the month is too short", () => {
  fc.assert(
    fc.property(day, fc.constantFrom(6, 12, 24, 36, 60, 84), (time, months) => {
      const from = new Date(time);
      const before = new Date(monthsBefore(time, months));
      expect(from.getTime() % 86_400_000).toBe(before.getTime() % 86_400_000);
      const monthsApart =
        (from.getUTCFullYear() - before.getUTCFullYear()) * 12 + from.getUTCMonth() - before.getUTCMonth();
      expect(monthsApart).toBe(months);
      const lastOfMonth = new Date(before.getTime() + 86_400_000).getUTCDate() === 1;
      expect(
        before.getUTCDate() === from.getUTCDate() || (lastOfMonth && before.getUTCDate() < from.getUTCDate()),
      ).toBe(true);
    }),
  );
});
