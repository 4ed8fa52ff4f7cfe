/**
 * Market data from Firestore: a packed series where there is one (series-documents.ts), else one document a bar
 * (bar-documents.ts), of which one load reads the newest 3,000. Older ones are read for jobs that name their start.
 *
 * `loadMs` is the deadline of a load: 3,000 documents, or some megabytes of columns.
 * Rejects with StoreUnavailableError while Firestore does not answer: jobs wait for it and use no attempt.
 */
import type { Firestore } from "firebase-admin/firestore";
import { LRUCache } from "lru-cache";
import type { AvailableSymbol } from "../../contract/symbols.ts";
import { formatTime, TIMEFRAMES, type Timeframe } from "../../contract/values.ts";
import { ExecutionFailure, StoreUnavailableError } from "../../errors.ts";
import { platformFailure, userFailure } from "../../failure-codes.ts";
import { withinDeadline } from "../../job-store/firestore/firestore-errors.ts";
import type { Logger } from "../../logging.ts";
import { findBadBar } from "../bad-bar.ts";
import type { Bars, MarketDataSource, Series, TimeRange } from "../series.ts";
import { unknownSymbol, unknownTimeframe } from "../unknown-series.ts";
import { BARS_READ_MAX, BarDocuments } from "./bar-documents.ts";
import { listStoredSeries, type StoredSeries } from "./catalogue.ts";
import { SeriesDocuments } from "./series-documents.ts";

const LIST_MS = 60_000;
/** The list costs reads for each series. */
const LIST_FRESH_MS = 60_000;

export function createFirestoreMarketData(db: Firestore, logger: Logger, loadMs: number): MarketDataSource {
  const packed = new SeriesDocuments(db);
  const bars = new BarDocuments(db);
  const lists = new LRUCache<"all", StoredSeries[]>({
    max: 1,
    ttl: LIST_FRESH_MS,
    fetchMethod: () => withinDeadline(listStoredSeries(packed, bars), LIST_MS),
  });

  const list = (): Promise<StoredSeries[]> =>
    explained("the symbols", async () => (await lists.fetch("all")) ?? []);

  async function explained<Value>(what: string, read: () => Promise<Value>): Promise<Value> {
    try {
      return await withinDeadline(read(), loadMs);
    } catch (error) {
      if (error instanceof StoreUnavailableError || error instanceof ExecutionFailure) throw error;
      logger.error({ err: error, marketData: what }, "market data is invalid");
      throw platformFailure("market_data_invalid", `The stored market data of ${what} is not valid.`);
    }
  }

  async function unknown(symbol: string, timeframe: Timeframe): Promise<Error> {
    const stored = await list();
    const timeframes = stored.filter((series) => series.symbol === symbol).map((series) => series.timeframe);
    if (timeframes.length > 0) return unknownTimeframe(symbol, timeframe, timeframes);
    return unknownSymbol(symbol, [...new Set(stored.map((series) => series.symbol))]);
  }

  async function loadRange(symbol: string, timeframe: Timeframe, range: TimeRange): Promise<Series> {
    const found = await bars.readNewest(symbol, timeframe, range, BARS_READ_MAX + 1);
    if (found.length > BARS_READ_MAX) {
      throw userFailure(
        "no_bars_in_window",
        `The window has more than ${BARS_READ_MAX} bars of ${symbol} (${timeframe}), the most that are read of them ` +
          "for one job: choose a shorter one.",
      );
    }
    return { symbol, timeframe, ...checked(found) };
  }

  return {
    async loadSeries(symbol, timeframe) {
      const what = `${symbol} (${timeframe})`;
      const series = await explained(what, async (): Promise<Series | undefined> => {
        const whole = await packed.read(symbol, timeframe);
        if (whole !== undefined) return { symbol, timeframe, ...checked(whole.bars) };
        const newest = await bars.readNewest(symbol, timeframe, {}, BARS_READ_MAX);
        if (newest.length === 0) return undefined;
        const older = (range: TimeRange): Promise<Series> =>
          explained(what, () => loadRange(symbol, timeframe, range));
        return { symbol, timeframe, ...checked(newest), ...(newest.length === BARS_READ_MAX && { older }) };
      });
      if (series === undefined) throw await unknown(symbol, timeframe);
      return series;
    },
    async seriesVersion(symbol, timeframe) {
      const version = await explained(`${symbol} (${timeframe})`, async () => {
        const head = await packed.readHead(symbol, timeframe);
        return head?.packId ?? (await bars.readEnd(symbol, timeframe))?.version;
      });
      if (version === undefined) throw await unknown(symbol, timeframe);
      return version;
    },
    async describeSymbol(symbol) {
      return toSymbols((await list()).filter((series) => series.symbol === symbol))[0];
    },
    async listSymbols() {
      return toSymbols(await list());
    },
  };
}

/** Throws an Error naming the first bar that no strategy can be run on. */
function checked(bars: Bars): Bars {
  const bad = findBadBar(bars);
  if (bad !== undefined) throw new Error(`bar ${bad.row}: ${bad.reason}`);
  return bars;
}

function toSymbols(stored: readonly StoredSeries[]): AvailableSymbol[] {
  const symbols = Map.groupBy(stored, ({ symbol }) => symbol);
  return [...symbols].map(([symbol, series]) => ({
    symbol,
    series: series
      .toSorted((one, other) => TIMEFRAMES.indexOf(one.timeframe) - TIMEFRAMES.indexOf(other.timeframe))
      .map(({ timeframe, bars, firstMs, lastMs }) => ({
        timeframe,
        bars,
        firstBar: formatTime(firstMs),
        lastBar: formatTime(lastMs),
      })),
  }));
}
