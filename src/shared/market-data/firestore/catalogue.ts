/** Which series there are in Firestore, in either layout; where one is in both, the packed one counts. */

import type { Timeframe } from "../../contract/values.ts";
import { inTurns } from "../in-turns.ts";
import type { BarDocuments } from "./bar-documents.ts";
import type { SeriesDocuments } from "./series-documents.ts";

export interface StoredSeries {
  symbol: string;
  timeframe: Timeframe;
  layout: "packed" | "bars";
  bars: number;
  firstMs: number;
  lastMs: number;
  documents: number;
  /** Of the columns as stored; undefined for one document a bar. */
  storedBytes: number | undefined;
}

const LOOKED_AT_ONCE = 16;

/** By symbol. A read for each packed series; for each other one three reads and one more for each 1,000 bars. */
export async function listStoredSeries(packed: SeriesDocuments, bars: BarDocuments): Promise<StoredSeries[]> {
  const heads = await packed.list();
  const isPacked = new Set(heads.map(({ symbol, timeframe }) => `${symbol} ${timeframe}`));
  const inBars = await bars.listSeries();
  const rest = inBars.filter(({ symbol, timeframe }) => !isPacked.has(`${symbol} ${timeframe}`));
  const described = await inTurns(rest, LOOKED_AT_ONCE, async ({ symbol, timeframe, firstMs }) => {
    const [end, count] = await Promise.all([bars.readEnd(symbol, timeframe), bars.count(symbol, timeframe)]);
    const lastMs = end?.lastMs ?? firstMs;
    const where = { symbol, timeframe, layout: "bars" as const, storedBytes: undefined };
    return { ...where, bars: count, documents: count, firstMs, lastMs };
  });
  const packedSeries = heads.map(({ symbol, timeframe, firstMs, lastMs, storedBytes, ...head }) => ({
    symbol,
    timeframe,
    layout: "packed" as const,
    bars: head.bars,
    documents: 1 + head.blocks,
    firstMs,
    lastMs,
    storedBytes,
  }));
  return [...packedSeries, ...described].sort((one, other) => (one.symbol < other.symbol ? -1 : 1));
}
