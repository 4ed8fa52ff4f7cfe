/**
 * Market data from a directory of CSV files (csv-directory.ts says how they are named, csv-bars.ts what they hold).
 *
 * The files are the operator's: one that is wrong fails a job in class platform (`market_data_invalid`) with the row
 * and the reason, one that cannot be read with `market_data_unavailable`. A symbol or timeframe that is not there is
 * the author's (`unknown_symbol`, `unknown_timeframe`), and the message names what exists.
 */
import { LRUCache } from "lru-cache";
import type { AvailableSymbol } from "../contract/symbols.ts";
import { formatTime, TIMEFRAMES, type Timeframe } from "../contract/values.ts";
import { platformFailure } from "../failure-codes.ts";
import type { Logger } from "../logging.ts";
import { parseCsvBars } from "./csv-bars.ts";
import { type CsvCatalogue, openCsvDirectory } from "./csv-directory.ts";
import { fileVersion, readWholeFile } from "./csv-file.ts";
import { type CsvRange, readCsvRange } from "./csv-range.ts";
import { inTurns } from "./in-turns.ts";
import { InvalidCsv } from "./invalid-csv.ts";
import type { MarketDataSource } from "./series.ts";
import { unknownSymbol, unknownTimeframe } from "./unknown-series.ts";

const RANGES_KEPT = 20_000;
const FILES_AT_ONCE = 16;

/** The logger hears of files that cannot be used; jobs that ask for them are told in any case. */
export function createCsvMarketData(directory: string, logger?: Logger): MarketDataSource {
  const csvDirectory = openCsvDirectory(directory);
  const ranges = new LRUCache<string, CsvRange>({ max: RANGES_KEPT });

  const catalogue = (): Promise<CsvCatalogue> => explained("the symbols", () => csvDirectory.catalogue());

  async function pathOf(symbol: string, timeframe: Timeframe): Promise<string> {
    const known = await catalogue();
    const files = known.get(symbol);
    if (files === undefined) throw unknownSymbol(symbol, [...known.keys()]);
    const path = files.get(timeframe);
    if (path === undefined) throw unknownTimeframe(symbol, timeframe, [...files.keys()]);
    return path;
  }

  /** Maps what reading a file may throw to the failure of a job. */
  async function explained<Value>(what: string, read: () => Promise<Value>): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      const invalid = error instanceof InvalidCsv;
      logger?.error(
        { err: error, marketData: what },
        invalid ? "market data is invalid" : "market data is unavailable",
      );
      if (!invalid) throw platformFailure("market_data_unavailable");
      throw platformFailure(
        "market_data_invalid",
        `The stored market data of ${what} is not valid: ${error.message}.`,
      );
    }
  }

  async function rangeOf(path: string): Promise<CsvRange> {
    const key = `${path} ${await fileVersion(path)}`;
    const range = ranges.get(key) ?? readCsvRange(await readWholeFile(path));
    ranges.set(key, range);
    return range;
  }

  /** Without the series whose file cannot be used: asking for one of those says why. */
  async function describe(symbol: string, files: ReadonlyMap<Timeframe, string>): Promise<AvailableSymbol> {
    const series: AvailableSymbol["series"] = [];
    for (const timeframe of TIMEFRAMES) {
      const path = files.get(timeframe);
      if (path === undefined) continue;
      try {
        const range = await rangeOf(path);
        const [firstBar, lastBar] = [formatTime(range.firstMs), formatTime(range.lastMs)];
        series.push({ timeframe, bars: range.bars, firstBar, lastBar });
      } catch (error) {
        logger?.error({ err: error, symbol, timeframe }, "a file of market data cannot be used");
      }
    }
    return { symbol, series };
  }

  return {
    async loadSeries(symbol, timeframe) {
      const path = await pathOf(symbol, timeframe);
      return explained(`${symbol} (${timeframe})`, async () => {
        const file = await readWholeFile(path);
        return { symbol, timeframe, ...parseCsvBars(file.toString("utf8")) };
      });
    },
    async seriesVersion(symbol, timeframe) {
      const path = await pathOf(symbol, timeframe);
      return explained(`${symbol} (${timeframe})`, () => fileVersion(path));
    },
    async describeSymbol(symbol) {
      const files = (await catalogue()).get(symbol);
      return files === undefined ? undefined : describe(symbol, files);
    },
    async listSymbols() {
      const entries = [...(await catalogue())].sort(([one], [other]) => (one < other ? -1 : 1));
      const described = await inTurns(entries, FILES_AT_ONCE, ([symbol, files]) => describe(symbol, files));
      return described.filter(({ series }) => series.length > 0);
    },
  };
}
