/**
 * The layout of existing platforms: collection `marketdata`, one document a bar, id `{symbol}_{timestamp}_{timeframe}`,
 * fields symbol, timeframe, timestamp (epoch ms), open, high, low, close, volume, and others that are not read.
 */
import type { CollectionReference, DocumentData, Firestore, Query } from "firebase-admin/firestore";
import { z } from "zod";
import { symbolSchema, type Timeframe, timeframeSchema } from "../../contract/values.ts";
import { wholeVolume } from "../bad-bar.ts";
import { type Bars, emptyBars, type TimeRange } from "../series.ts";

/** What one request may read of this layout. */
export const BARS_READ_MAX = 3_000;
/** Documents of one commit. */
export const BARS_A_COMMIT = 400;
/** Beyond it the search for the next series ends; each costs a read. */
const SERIES_LISTED_MAX = 5_000;
const FIELDS = ["timestamp", "open", "high", "low", "close", "volume"];

const barSchema = z.object({
  timestamp: z.number().int(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number().default(0),
});

export interface BarSeries {
  symbol: string;
  timeframe: Timeframe;
  firstMs: number;
}

export interface BarEnd {
  lastMs: number;
  /** Differs when the newest bar was written again. */
  version: string;
}

export class BarDocuments {
  readonly #db: Firestore;
  readonly #bars: CollectionReference;

  constructor(db: Firestore) {
    this.#db = db;
    this.#bars = db.collection("marketdata");
  }

  /** The newest bars of the range, `limit` at most, oldest first: one query, a read for each bar. */
  async readNewest(symbol: string, timeframe: Timeframe, range: TimeRange, limit: number): Promise<Bars> {
    const { docs } = await barsOf(this.#bars, symbol, timeframe, "desc", range)
      .select(...FIELDS)
      .limit(limit)
      .get();
    return toBars(docs.map((document) => document.data()).reverse());
  }

  /** All bars, oldest first, in queries of 3,000. */
  async *readAll(symbol: string, timeframe: Timeframe): AsyncGenerator<Bars> {
    let range: TimeRange = {};
    for (;;) {
      const query = barsOf(this.#bars, symbol, timeframe, "asc", range).select(...FIELDS);
      const { docs } = await query.limit(BARS_READ_MAX).get();
      if (docs.length === 0) return;
      const bars = toBars(docs.map((document) => document.data()));
      yield bars;
      if (docs.length < BARS_READ_MAX) return;
      range = { fromMs: Number(bars.timestampMs[bars.length - 1]) + 1 };
    }
  }

  /** One read; undefined where there are no bars. */
  async readEnd(symbol: string, timeframe: Timeframe): Promise<BarEnd | undefined> {
    const { docs } = await barsOf(this.#bars, symbol, timeframe, "desc").select("timestamp").limit(1).get();
    const [newest] = docs;
    if (newest === undefined) return undefined;
    const { seconds, nanoseconds } = newest.updateTime;
    const lastMs = z.number().int().parse(newest.get("timestamp"));
    return { lastMs, version: `${newest.id} ${seconds}.${nanoseconds}` };
  }

  /** One read for each 1,000 bars. */
  async count(symbol: string, timeframe: Timeframe, range: TimeRange = {}): Promise<number> {
    return (await barsOf(this.#bars, symbol, timeframe, "asc", range).count().get()).data().count;
  }

  /** The first bar of each series, by symbol and timeframe: one query and one read for each series. */
  async listSeries(): Promise<BarSeries[]> {
    const found: BarSeries[] = [];
    const inOrder = firstBars(this.#bars).select("symbol", "timeframe", "timestamp").limit(1);
    let query = inOrder;
    for (let seen = 0; seen < SERIES_LISTED_MAX; seen++) {
      const [first] = (await query.get()).docs;
      if (first === undefined) break;
      const { symbol, timeframe, timestamp: firstMs }: Record<string, unknown> = first.data();
      const series = seriesSchema.safeParse({ symbol, timeframe, firstMs });
      if (series.success) found.push(series.data);
      query = inOrder.startAfter(symbol, timeframe, Number.MAX_SAFE_INTEGER);
    }
    return found;
  }

  /** One commit of the bars from `start` on, at most 400; answers where the next one begins. */
  async write(symbol: string, timeframe: Timeframe, bars: Bars, start: number): Promise<number> {
    const end = Math.min(start + BARS_A_COMMIT, bars.length);
    const batch = this.#db.batch();
    for (let index = start; index < end; index++) {
      const timestamp = Number(bars.timestampMs[index]);
      const document = this.#bars.doc(`${symbol}_${timestamp}_${timeframe}`);
      const volume = Number(bars.volume[index]);
      const prices = {
        open: bars.open[index],
        high: bars.high[index],
        low: bars.low[index],
        close: bars.close[index],
      };
      batch.set(document, { symbol, timeframe, timestamp, ...prices, volume }, { merge: true });
    }
    await batch.commit();
    return end;
  }
}

const seriesSchema = z.object({
  symbol: symbolSchema,
  timeframe: timeframeSchema,
  firstMs: z.number().int(),
});

/** The query whose index is (symbol, timeframe, timestamp), in either direction of time. */
export function barsOf(
  bars: CollectionReference,
  symbol: string,
  timeframe: Timeframe,
  direction: "asc" | "desc",
  { fromMs, toMs }: TimeRange = {},
): Query {
  let query = bars.where("symbol", "==", symbol).where("timeframe", "==", timeframe);
  if (fromMs !== undefined) query = query.where("timestamp", ">=", fromMs);
  if (toMs !== undefined) query = query.where("timestamp", "<=", toMs);
  return query.orderBy("timestamp", direction);
}

function firstBars(bars: CollectionReference): Query {
  return bars.orderBy("symbol").orderBy("timeframe").orderBy("timestamp");
}

/** Throws an Error naming the first bar that is not one. */
function toBars(documents: DocumentData[]): Bars {
  const bars = emptyBars(documents.length);
  documents.forEach((fields, index) => {
    const { data: bar, error } = barSchema.safeParse(fields);
    if (bar === undefined)
      throw new Error(`the bar at ${String(fields["timestamp"])}: ${z.prettifyError(error)}`);
    const volume = wholeVolume(bar.volume);
    if (volume === undefined) throw new Error(`the bar at ${bar.timestamp}: volume is ${bar.volume}`);
    bars.timestampMs[index] = BigInt(bar.timestamp);
    bars.open[index] = bar.open;
    bars.high[index] = bar.high;
    bars.low[index] = bar.low;
    bars.close[index] = bar.close;
    bars.volume[index] = volume;
  });
  return bars;
}
