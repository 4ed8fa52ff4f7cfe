import { mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createCsvMarketData } from "../../src/shared/market-data/csv-market-data.ts";
import { dailyCsv, directoryWith, HEADER } from "./directories.ts";
import { failureOf } from "./failures.ts";

const EXAMPLES = new URL("../../examples/market-data", import.meta.url).pathname;

test("every example series loads with the bars that its file has", async () => {
  const source = createCsvMarketData(EXAMPLES);
  const listed = await source.listSymbols();
  expect(listed.map(({ symbol }) => symbol)).toEqual(["AAPL", "FB", "GOOG", "IBM", "IXIC", "MSFT", "SPX"]);
  for (const { symbol, series } of listed) {
    const loaded = await source.loadSeries(symbol, "1D");
    expect(series).toEqual([
      {
        timeframe: "1D",
        bars: loaded.length,
        firstBar: `${new Date(Number(loaded.timestampMs[0])).toISOString().slice(0, 19)}Z`,
        lastBar: `${new Date(Number(loaded.timestampMs.at(-1))).toISOString().slice(0, 19)}Z`,
      },
    ]);
  }
});

test("a row is read as written", async () => {
  const directory = await directoryWith({ "AAPL.csv": `${HEADER}2020-02-29,1.5,3,1e0,2.25,100.6\n` });
  const series = await createCsvMarketData(directory).loadSeries("AAPL", "1D");
  expect(series).toEqual({
    symbol: "AAPL",
    timeframe: "1D",
    length: 1,
    timestampMs: BigInt64Array.of(BigInt(Date.UTC(2020, 1, 29))),
    open: Float64Array.of(1.5),
    high: Float64Array.of(3),
    low: Float64Array.of(1),
    close: Float64Array.of(2.25),
    volume: BigInt64Array.of(101n),
  });
});

test.each([
  ["a date", "2020-01-02", Date.UTC(2020, 0, 2)],
  ["a time in UTC", "2020-01-02T10:30:00Z", Date.UTC(2020, 0, 2, 10, 30)],
  ["a time without offset, taken as UTC", "2020-01-02 10:30", Date.UTC(2020, 0, 2, 10, 30)],
  ["a time with offset", "2020-01-02T10:30:00.5+02:00", Date.UTC(2020, 0, 2, 8, 30, 0, 500)],
  ["epoch milliseconds", String(Date.UTC(2020, 0, 2)), Date.UTC(2020, 0, 2)],
])("times can be written as %s", async (_, text, epochMs) => {
  const content = `close,volume,timestamp,low,high,open,note\r\n2,5,${text},1,3,1.5,x\r\n`;
  const directory = await directoryWith({ "AAPL_30m.csv": content });
  const series = await createCsvMarketData(directory).loadSeries("AAPL", "30m");
  expect(series.timestampMs[0]).toBe(BigInt(epochMs));
  expect([series.open[0], series.high[0], series.low[0], series.close[0]]).toEqual([1.5, 3, 1, 2]);
});

const ROW = "2020-01-01,1,2,1,2,10\n";
test.each([
  ["no header", "", "the header has no column date"],
  ["a missing column", "date,open,high,low,close\n", "the header has no column volume"],
  ["no bars", HEADER, "there are no bars"],
  ["a missing field", `${HEADER}${ROW}2020-01-02,1,2,1,2\n`, "row 2: it has 5 fields, the header 6"],
  [
    "a blank line between",
    `${HEADER}${ROW}\n2020-01-02,1,2,1,2,10\n`,
    "row 2: it has 1 fields, the header 6",
  ],
  ["an empty price", `${HEADER}2020-01-01,1,2,,2,10\n`, 'row 1: low is "", not a number'],
  ["a price in words", `${HEADER}2020-01-01,1,NaN,1,2,10\n`, 'row 1: high is "NaN", not a number'],
  ["a hexadecimal price", `${HEADER}2020-01-01,0x1,2,1,2,10\n`, 'row 1: open is "0x1", not a number'],
  ["a negative price", `${HEADER}2020-01-01,-1,2,1,2,10\n`, "row 1: open is -1"],
  ["a price beyond all numbers", `${HEADER}2020-01-01,1,2,1,1e999,10\n`, "row 1: close is Infinity"],
  ["high below low", `${HEADER}2020-01-01,1,2,3,2,10\n`, "row 1: high 2 is below low 3"],
  ["a negative volume", `${HEADER}2020-01-01,1,2,1,2,-10\n`, "row 1: volume is -10"],
  ["a volume beyond 64 bits", `${HEADER}2020-01-01,1,2,1,2,1e19\n`, "row 1: volume is 10000000000000000000"],
  ["a repeated time", `${HEADER}${ROW}${ROW}`, "row 2: its timestamp 2020-01-01T00:00:00Z repeats"],
  [
    "a time going back",
    `${HEADER}${ROW}2019-12-31,1,2,1,2,10\n`,
    "row 2: its timestamp 2019-12-31T00:00:00Z is before",
  ],
  ["a day that is none", `${HEADER}2021-02-30,1,2,1,2,10\n`, 'row 1: "2021-02-30" is not a date or time'],
  [
    "an hour that is none",
    `${HEADER}2021-02-03T25:00Z,1,2,1,2,10\n`,
    'row 1: "2021-02-03T25:00Z" is not a date',
  ],
  ["an American date", `${HEADER}02/03/2021,1,2,1,2,10\n`, 'row 1: "02/03/2021" is not a date or time'],
])("a file with %s fails the job as ours, naming row and reason", async (_, content, reason) => {
  const directory = await directoryWith({ "AAPL.csv": content });
  const failure = await failureOf(createCsvMarketData(directory).loadSeries("AAPL", "1D"));
  expect(failure).toMatchObject({ class: "platform", code: "market_data_invalid" });
  expect(failure.message).toContain(`The stored market data of AAPL (1D) is not valid: ${reason}`);
  expect(failure.message).not.toContain(directory);
});

test("an unknown symbol is the author's failure and names what exists, the nearest first", async () => {
  const failure = await failureOf(createCsvMarketData(EXAMPLES).loadSeries("MSTF", "1D"));
  expect(failure).toEqual({
    class: "user",
    code: "unknown_symbol",
    message: "There is no market data of MSTF. There are 7 symbols: MSFT, AAPL, FB, GOOG, IBM, IXIC, SPX.",
    hint: "did you mean MSFT?",
  });
});

test("of many symbols only twenty are named, and how many more there are", async () => {
  const files = Array.from({ length: 25 }, (_, index) => [`S${index + 10}.csv`, dailyCsv(1)]);
  const directory = await directoryWith(Object.fromEntries(files));
  const failure = await failureOf(createCsvMarketData(directory).loadSeries("NOTHING", "1D"));
  expect(failure.message).toMatch(/There are 25 symbols: (S\d\d, ){19}S\d\d and 5 more\.$/);
});

test("a timeframe that a symbol does not have is the author's failure and names those it has", async () => {
  const directory = await directoryWith({ "AAPL.csv": dailyCsv(1), "AAPL_1h.csv": dailyCsv(1) });
  const failure = await failureOf(createCsvMarketData(directory).loadSeries("AAPL", "1W"));
  expect(failure).toEqual({
    class: "user",
    code: "unknown_timeframe",
    message: "There are no bars of AAPL in timeframe 1W. There are: 1D, 1h.",
  });
});

test.each(["../secret", "..", "/etc/passwd", "sub/AAPL", "AAPL\0", "__proto__", "constructor"])(
  "the symbol %j leads nowhere",
  async (symbol) => {
    const outside = await directoryWith({ "secret.csv": dailyCsv(1) });
    await mkdir(join(outside, "inside", "sub"), { recursive: true });
    await writeFile(join(outside, "inside", "sub", "AAPL.csv"), dailyCsv(1));
    const source = createCsvMarketData(join(outside, "inside"));
    const failure = await failureOf(source.loadSeries(symbol, "1D"));
    expect(failure.code).toBe("unknown_symbol");
    expect(await source.describeSymbol(symbol)).toBeUndefined();
  },
);

test("files that are not series are not offered", async () => {
  const directory = await directoryWith({
    "AAPL.csv": dailyCsv(3),
    "AAPL_1D.csv": dailyCsv(9),
    ".hidden.csv": dailyCsv(1),
    "a name with spaces.csv": dailyCsv(1),
    "SOURCES.md": "text",
  });
  await symlink("/", join(directory, "ROOT.csv"));
  const source = createCsvMarketData(directory);
  expect((await source.listSymbols()).map(({ symbol }) => symbol)).toEqual(["AAPL"]);
  expect((await source.loadSeries("AAPL", "1D")).length).toBe(3);
});

test("a symbol added, changed or removed while running is seen at once", async () => {
  const directory = await directoryWith({ "AAPL.csv": dailyCsv(3) });
  const source = createCsvMarketData(directory);
  expect((await failureOf(source.loadSeries("MSFT", "1D"))).code).toBe("unknown_symbol");
  await writeFile(join(directory, "MSFT.csv"), dailyCsv(5));
  expect((await source.loadSeries("MSFT", "1D")).length).toBe(5);
  await writeFile(join(directory, "new"), dailyCsv(7));
  await rename(join(directory, "new"), join(directory, "MSFT.csv"));
  expect((await source.describeSymbol("MSFT"))?.series[0]?.bars).toBe(7);
  await rm(join(directory, "MSFT.csv"));
  expect((await failureOf(source.loadSeries("MSFT", "1D"))).code).toBe("unknown_symbol");
});

test("a symbol added to a directory that had long been quiet is seen", async () => {
  const directory = await directoryWith({ "AAPL.csv": dailyCsv(3) });
  await utimes(directory, 1, 1);
  const source = createCsvMarketData(directory);
  expect(await source.listSymbols()).toHaveLength(1);
  await writeFile(join(directory, "MSFT.csv"), dailyCsv(5));
  expect(await source.listSymbols()).toHaveLength(2);
});

test("a symbol added in the same tick of the file system's clock as the one before is seen", async () => {
  const directory = await directoryWith({ "AAPL.csv": dailyCsv(3) });
  const source = createCsvMarketData(directory);
  const tick = new Date(Date.now() + 60_000); // not past before the test is
  await utimes(directory, tick, tick);
  expect(await source.listSymbols()).toHaveLength(1);
  await writeFile(join(directory, "MSFT.csv"), dailyCsv(5));
  await utimes(directory, tick, tick);
  expect(await source.listSymbols()).toHaveLength(2);
});

test("a series has another version once its file has changed, and the same while it has not", async () => {
  const directory = await directoryWith({ "AAPL.csv": dailyCsv(3) });
  const source = createCsvMarketData(directory);
  const version = await source.seriesVersion("AAPL", "1D");
  expect(await source.seriesVersion("AAPL", "1D")).toBe(version);
  await utimes(join(directory, "AAPL.csv"), 1, 1);
  expect(await source.seriesVersion("AAPL", "1D")).not.toBe(version);
});

test("a directory that is gone is a failure of ours that shows no path", async () => {
  const directory = await directoryWith({});
  const source = createCsvMarketData(join(directory, "gone"));
  const failure = await failureOf(source.loadSeries("AAPL", "1D"));
  expect(failure).toEqual({
    class: "platform",
    code: "market_data_unavailable",
    message: "The market data could not be read.",
  });
});
