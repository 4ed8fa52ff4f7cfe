/** CSV files into Firestore, in either layout. */
import { readFile } from "node:fs/promises";
import { parseCsvBars } from "../shared/market-data/csv-bars.ts";
import { openCsvDirectory } from "../shared/market-data/csv-directory.ts";
import { BARS_A_COMMIT, type BarDocuments } from "../shared/market-data/firestore/bar-documents.ts";
import type { SeriesDocuments } from "../shared/market-data/firestore/series-documents.ts";
import type { Bars } from "../shared/market-data/series.ts";
import type { Progress, SeriesName } from "./progress.ts";

export interface MarketDataParts {
  packed: SeriesDocuments;
  bars: BarDocuments;
  progress: Progress;
}

/** A file that cannot be used, or a series that cannot be written, is told and passed over. */
export async function importCsv(
  parts: MarketDataParts,
  options: { directory: string; layout: "packed" | "bars"; symbols?: string[] },
): Promise<void> {
  const catalogue = await openCsvDirectory(options.directory).catalogue();
  const files = [...catalogue]
    .filter(([symbol]) => options.symbols?.includes(symbol) ?? true)
    .flatMap(([symbol, paths]) => [...paths].map(([timeframe, path]) => ({ symbol, timeframe, path })));
  if (files.length === 0) throw new Error(`There is no CSV file of these symbols in ${options.directory}`);
  const importOne = options.layout === "packed" ? importPacked : importBars;
  for (const [index, file] of files.entries()) {
    const place = `[${index + 1}/${files.length}]`;
    try {
      await importOne(parts, place, file, parseCsvBars(await readFile(file.path, "utf8")));
    } catch (error) {
      parts.progress.failed(place, file, error);
    }
  }
  parts.progress.end();
}

async function importPacked(
  { packed, progress }: MarketDataParts,
  place: string,
  name: SeriesName,
  bars: Bars,
): Promise<void> {
  const { symbol, timeframe } = name;
  const what = `${bars.length} bars, packed`;
  const isNew = progress.dryRun
    ? await packed.differs(symbol, timeframe, bars)
    : await packed.write(symbol, timeframe, bars);
  if (isNew) progress.written(place, name, what);
  else progress.unchanged(place, name, what);
}

/** Bars are written oldest first, a commit at a time: as many as are stored already need not be written again. */
async function importBars(
  { bars: documents, progress }: MarketDataParts,
  place: string,
  name: SeriesName,
  bars: Bars,
): Promise<void> {
  const stored = await alreadyStored(documents, name, bars);
  if (stored === bars.length)
    return progress.unchanged(place, name, `${bars.length} bars, one document each`);
  for (let next = stored; next < bars.length && !progress.dryRun; ) {
    next = await documents.write(name.symbol, name.timeframe, bars, next);
    progress.step(place, name, next, bars.length);
  }
  const commits = Math.ceil((bars.length - stored) / BARS_A_COMMIT);
  const what = `${bars.length - stored} of ${bars.length} bars, one document each, ${commits} commits`;
  progress.written(place, name, what);
}

/** How many of the first bars are stored; 0 where the bars that are stored are not these. Prices are not compared. */
async function alreadyStored(
  documents: BarDocuments,
  { symbol, timeframe }: SeriesName,
  bars: Bars,
): Promise<number> {
  const toMs = Number(bars.timestampMs[bars.length - 1]);
  const count = await documents.count(symbol, timeframe, { toMs });
  if (count === 0 || count > bars.length) return 0;
  const newest = await documents.readNewest(symbol, timeframe, { toMs }, 1);
  return newest.timestampMs[0] === bars.timestampMs[count - 1] ? count : 0;
}
