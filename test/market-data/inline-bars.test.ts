import { expect, test } from "vitest";
import type { Bar } from "../../src/shared/contract/job-request.ts";
import { ExecutionFailure } from "../../src/shared/errors.ts";
import { seriesFromBars } from "../../src/shared/market-data/inline-bars.ts";

const bar = (changes: Partial<Bar> = {}): Bar => ({
  timestamp: "2020-01-01",
  open: 1,
  high: 2,
  low: 1,
  close: 2,
  volume: 10,
  ...changes,
});

test("bars that a request brings become a series", () => {
  const series = seriesFromBars(
    [bar(), bar({ timestamp: "2020-01-02T10:00:00+02:00", close: 1.5, volume: 2.5 })],
    "1h",
  );
  expect(series).toEqual({
    symbol: undefined,
    timeframe: "1h",
    length: 2,
    timestampMs: BigInt64Array.of(BigInt(Date.UTC(2020, 0, 1)), BigInt(Date.UTC(2020, 0, 2, 8))),
    open: Float64Array.of(1, 1),
    high: Float64Array.of(2, 2),
    low: Float64Array.of(1, 1),
    close: Float64Array.of(2, 1.5),
    volume: BigInt64Array.of(10n, 3n),
  });
});

test.each<[string, Bar[], string]>([
  ["no bars", [], "There are no bars."],
  [
    "a repeated time",
    [bar(), bar()],
    "Row 2 of the bars: its timestamp 2020-01-01T00:00:00Z repeats the one above",
  ],
  [
    "a time going back",
    [bar(), bar({ timestamp: "2019-12-31" })],
    "Row 2 of the bars: its timestamp 2019-12-31T00:00:00Z is before",
  ],
  ["a negative price", [bar({ low: -1 })], "Row 1 of the bars: low is -1."],
  ["high below low", [bar({ low: 3 })], "Row 1 of the bars: high 2 is below low 3."],
  ["a volume beyond 64 bits", [bar({ volume: 1e300 })], "Row 1 of the bars: volume is 1e+300."],
])("%s is the author's failure, naming the row", (_, bars, message) => {
  let thrown: unknown;
  try {
    seriesFromBars(bars, "1D");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(ExecutionFailure);
  const { failure } = thrown as ExecutionFailure;
  expect(failure).toMatchObject({ class: "user", code: "bad_market_data" });
  expect(failure.message).toContain(message);
});
