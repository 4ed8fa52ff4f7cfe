/** What is one document a bar, packed. */
import { findBadBar } from "../shared/market-data/bad-bar.ts";
import type { BarDocuments, BarSeries } from "../shared/market-data/firestore/bar-documents.ts";
import { type Bars, joinBars } from "../shared/market-data/series.ts";
import type { MarketDataParts } from "./import-csv.ts";

/** A series that cannot be used is told and passed over. */
export async function packBars(
  parts: MarketDataParts,
  { symbols, force }: { symbols?: string[]; force?: true },
): Promise<void> {
  const listed = await parts.bars.listSeries();
  const wanted = listed.filter(({ symbol }) => symbols?.includes(symbol) ?? true);
  if (wanted.length === 0) throw new Error("There are no bars of these symbols in the collection marketdata");
  for (const [index, series] of wanted.entries()) {
    const place = `[${index + 1}/${wanted.length}]`;
    try {
      await packOne(parts, place, series, force === true);
    } catch (error) {
      parts.progress.failed(place, series, error);
    }
  }
  parts.progress.end();
}

async function packOne(
  { packed, bars, progress }: MarketDataParts,
  place: string,
  series: BarSeries,
  force: boolean,
): Promise<void> {
  const { symbol, timeframe } = series;
  const count = await bars.count(symbol, timeframe);
  const head = await packed.readHead(symbol, timeframe);
  const end = await bars.readEnd(symbol, timeframe);
  const looksSame = head !== undefined && head.bars === count && head.lastMs === end?.lastMs;
  const what = `${count} bars, packed`;
  if (looksSame && !force) return progress.unchanged(place, series, what);
  if (progress.dryRun) return progress.written(place, series, `${what} (reads ${count} documents)`);
  const whole = await readWhole(bars, series, (done) => progress.step(place, series, done, count));
  if (await packed.write(symbol, timeframe, whole)) progress.written(place, series, what);
  else progress.unchanged(place, series, what);
}

async function readWhole(
  documents: BarDocuments,
  { symbol, timeframe }: BarSeries,
  onStep: (done: number) => void,
): Promise<Bars> {
  const pieces: Bars[] = [];
  let done = 0;
  for await (const piece of documents.readAll(symbol, timeframe)) {
    pieces.push(piece);
    done += piece.length;
    onStep(done);
  }
  const whole = joinBars(pieces);
  const bad = findBadBar(whole);
  if (bad !== undefined) throw new Error(`bar ${bad.row}: ${bad.reason}`);
  return whole;
}
