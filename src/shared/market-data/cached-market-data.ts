/** Series kept in memory, the least recently used dropped first. */
import { LRUCache } from "lru-cache";
import type { Timeframe } from "../contract/values.ts";
import type { MarketDataSource, Series } from "./series.ts";

interface CachedSeries {
  series: Series;
  version: string;
  checkedAt: number;
}

/** Six columns of 8 bytes, and each bar's time as text (executor/bar-times.ts) with its pointer. */
const BYTES_PER_BAR = 6 * 8 + 48;
const BYTES_PER_SERIES = 1_000;

export interface CacheOptions {
  /** For so long a series is taken as unchanged without asking the source. */
  recheckMs: number;
}

/**
 * The same source with its series kept, up to `maxBytes` in all; a larger one is loaded each time. Loads of the same
 * series share one read, a failed load is not kept, and a series whose version has changed is loaded anew.
 */
export function cacheSeries(
  source: MarketDataSource,
  maxBytes: number,
  { recheckMs }: CacheOptions = { recheckMs: 1_000 },
): MarketDataSource {
  const kept = new LRUCache<string, CachedSeries>({
    maxSize: maxBytes,
    sizeCalculation: ({ series }) => BYTES_PER_SERIES + BYTES_PER_BAR * series.length,
  });
  const underWay = new Map<string, Promise<Series>>();

  async function load(key: string, symbol: string, timeframe: Timeframe): Promise<Series> {
    const checkedAt = Date.now();
    // The version is taken first: a change between the two is then noticed at the next look, never missed.
    const version = await source.seriesVersion(symbol, timeframe);
    const known = kept.get(key);
    const series = known?.version === version ? known.series : await source.loadSeries(symbol, timeframe);
    kept.set(key, { series, version, checkedAt });
    return series;
  }

  async function loadOnce(key: string, symbol: string, timeframe: Timeframe): Promise<Series> {
    try {
      return await load(key, symbol, timeframe);
    } finally {
      underWay.delete(key);
    }
  }

  return {
    async loadSeries(symbol, timeframe) {
      const key = `${timeframe} ${symbol}`;
      const known = kept.get(key);
      if (known !== undefined && Date.now() - known.checkedAt < recheckMs) return known.series;
      const loading = underWay.get(key) ?? loadOnce(key, symbol, timeframe);
      underWay.set(key, loading);
      return loading;
    },
    listSymbols: () => source.listSymbols(),
    describeSymbol: (symbol) => source.describeSymbol(symbol),
    seriesVersion: (symbol, timeframe) => source.seriesVersion(symbol, timeframe),
  };
}
