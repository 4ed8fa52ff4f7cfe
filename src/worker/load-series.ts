import { platformFailure } from "../shared/failure-codes.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import { seriesFromBars } from "../shared/market-data/inline-bars.ts";
import type { MarketDataSource, Series } from "../shared/market-data/series.ts";
import { selectWindow } from "../shared/market-data/window.ts";
import type { QueueEntry } from "../shared/queue/entry.ts";

/**
 * The bars that the job's strategy sees. Rejects with ExecutionFailure (user: unknown symbol, bad bars, nothing in
 * the window; platform: data that cannot be read), or StoreUnavailableError for bars that lie in the job store.
 */
export async function loadSeries(
  parts: { marketData: Pick<MarketDataSource, "loadSeries">; store: Pick<JobStore, "readRequest"> },
  entry: QueueEntry,
): Promise<Series> {
  const { symbol, timeframe } = entry.request;
  const series =
    symbol === undefined
      ? seriesFromBars(await inlineBars(parts.store, entry), timeframe)
      : await parts.marketData.loadSeries(symbol, timeframe);
  return selectWindow(series, entry.request);
}

async function inlineBars(store: Pick<JobStore, "readRequest">, entry: QueueEntry) {
  const request = entry.barsInStore ? await store.readRequest(entry.jobId) : entry.request;
  if (request?.bars === undefined) throw platformFailure("market_data_unavailable");
  return request.bars;
}
