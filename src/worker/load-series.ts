import { endOf } from "../shared/contract/job-request.ts";
import { platformFailure } from "../shared/failure-codes.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import { seriesFromBars } from "../shared/market-data/inline-bars.ts";
import type { MarketDataSource, Series } from "../shared/market-data/series.ts";
import { selectWindow, type Window } from "../shared/market-data/window.ts";
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
      : await reachBack(await parts.marketData.loadSeries(symbol, timeframe), entry.request);
  return selectWindow(series, entry.request);
}

/** The bars from the start that the job names, where that is before those that a source reads by itself. */
async function reachBack(series: Series, { start, end }: Window): Promise<Series> {
  if (series.older === undefined || start === undefined) return series;
  const fromMs = Date.parse(start);
  if (fromMs >= Number(series.timestampMs[0])) return series;
  const found = await series.older({ fromMs, toMs: end === undefined ? undefined : endOf(end) });
  return found.length === 0 ? series : found;
}

async function inlineBars(store: Pick<JobStore, "readRequest">, entry: QueueEntry) {
  const request = entry.barsInStore ? await store.readRequest(entry.jobId) : entry.request;
  if (request?.bars === undefined) throw platformFailure("market_data_unavailable");
  return request.bars;
}
