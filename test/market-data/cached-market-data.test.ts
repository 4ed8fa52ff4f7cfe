import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cacheSeries } from "../../src/shared/market-data/cached-market-data.ts";
import { createCsvMarketData } from "../../src/shared/market-data/csv-market-data.ts";
import type { MarketDataSource } from "../../src/shared/market-data/series.ts";
import { dailyCsv, directoryWith } from "./directories.ts";
import { failureOf } from "./failures.ts";

const MEGABYTE = 1024 * 1024;

/** The real source, counting its loads. */
function counted(directory: string): { source: MarketDataSource; loads: string[] } {
  const source = createCsvMarketData(directory);
  const loads: string[] = [];
  const loadSeries: MarketDataSource["loadSeries"] = (symbol, timeframe) => {
    loads.push(symbol);
    return source.loadSeries(symbol, timeframe);
  };
  return { source: { ...source, loadSeries }, loads };
}

test("a hundred jobs that ask for a series at once read its file once", async () => {
  const { source, loads } = counted(await directoryWith({ "AAPL.csv": dailyCsv(50) }));
  const cached = cacheSeries(source, MEGABYTE);
  const all = await Promise.all(Array.from({ length: 100 }, () => cached.loadSeries("AAPL", "1D")));
  expect(new Set(all).size).toBe(1);
  await cached.loadSeries("AAPL", "1D");
  expect(loads).toEqual(["AAPL"]);
});

test("a file that changes is read anew, one that does not is not", async () => {
  const directory = await directoryWith({ "AAPL.csv": dailyCsv(50) });
  const { source, loads } = counted(directory);
  const cached = cacheSeries(source, MEGABYTE, { recheckMs: 0 });
  const first = await cached.loadSeries("AAPL", "1D");
  expect(await cached.loadSeries("AAPL", "1D")).toBe(first);
  await writeFile(join(directory, "AAPL.csv"), dailyCsv(60));
  expect((await cached.loadSeries("AAPL", "1D")).length).toBe(60);
  expect(loads).toHaveLength(2);
});

test("a failed load is tried again by the next job", async () => {
  const directory = await directoryWith({ "AAPL.csv": "broken" });
  const cached = cacheSeries(createCsvMarketData(directory), MEGABYTE);
  expect((await failureOf(cached.loadSeries("AAPL", "1D"))).code).toBe("market_data_invalid");
  await writeFile(join(directory, "AAPL.csv"), dailyCsv(5));
  expect((await cached.loadSeries("AAPL", "1D")).length).toBe(5);
});

test("the least recently used series is dropped when the memory is used up", async () => {
  const files = { "AAPL.csv": dailyCsv(100), "IBM.csv": dailyCsv(100), "MSFT.csv": dailyCsv(100) };
  const { source, loads } = counted(await directoryWith(files));
  const room = 25_000;
  const cached = cacheSeries(source, room);
  for (const symbol of ["AAPL", "IBM", "AAPL", "MSFT", "AAPL", "IBM"]) await cached.loadSeries(symbol, "1D");
  expect(loads).toEqual(["AAPL", "IBM", "MSFT", "IBM"]);
});

test("a series larger than the whole cache still loads", async () => {
  const { source, loads } = counted(await directoryWith({ "AAPL.csv": dailyCsv(100) }));
  const cached = cacheSeries(source, 1_000);
  for (let load = 0; load < 2; load++) expect((await cached.loadSeries("AAPL", "1D")).length).toBe(100);
  expect(loads).toHaveLength(2);
});

test("timeframes of a symbol are kept apart", async () => {
  const cached = cacheSeries(
    createCsvMarketData(await directoryWith({ "AAPL.csv": dailyCsv(5), "AAPL_1h.csv": dailyCsv(7) })),
    MEGABYTE,
  );
  expect((await cached.loadSeries("AAPL", "1D")).length).toBe(5);
  expect((await cached.loadSeries("AAPL", "1h")).length).toBe(7);
});
