/**
 * Which series a directory of CSV files holds: SYMBOL.csv is daily, SYMBOL_TIMEFRAME.csv is what it says
 * (AAPL_1h.csv). Where both AAPL.csv and AAPL_1D.csv exist, AAPL.csv counts. Paths come from this list alone, so
 * that no symbol a user sends ever becomes part of one.
 */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { symbolSchema, TIMEFRAMES, type Timeframe } from "../contract/values.ts";

/** Path of the file of each timeframe, by symbol. */
export type CsvCatalogue = ReadonlyMap<string, ReadonlyMap<Timeframe, string>>;

/** A scan this soon after a change may have missed another one in the same tick of the file system's clock. */
const CLOCK_GRAIN_MS = 100;

export interface CsvDirectory {
  /** Read again when the directory has changed. Rejects where it cannot be read. */
  catalogue(): Promise<CsvCatalogue>;
}

export function openCsvDirectory(directory: string): CsvDirectory {
  let known: { catalogue: CsvCatalogue; changedAt: number; settled: boolean } | undefined;
  return {
    async catalogue() {
      const changedAt = (await stat(directory)).mtimeMs;
      if (known?.settled && known.changedAt === changedAt) return known.catalogue;
      const settled = Date.now() - changedAt > CLOCK_GRAIN_MS;
      const catalogue = await scan(directory);
      known = { catalogue, changedAt, settled };
      return catalogue;
    },
  };
}

async function scan(directory: string): Promise<CsvCatalogue> {
  const catalogue = new Map<string, Map<Timeframe, string>>();
  const entries = await readdir(directory, { withFileTypes: true });
  // By code units, so that AAPL.csv comes before AAPL_1D.csv.
  const names = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  for (const name of names.sort()) {
    const series = seriesOfFile(name);
    if (series === undefined) continue;
    const files = catalogue.get(series.symbol) ?? new Map<Timeframe, string>();
    if (!files.has(series.timeframe)) files.set(series.timeframe, join(directory, name));
    catalogue.set(series.symbol, files);
  }
  return catalogue;
}

function seriesOfFile(name: string): { symbol: string; timeframe: Timeframe } | undefined {
  if (!name.endsWith(".csv")) return undefined;
  const stem = name.slice(0, -".csv".length);
  const timeframe = TIMEFRAMES.find((suffix) => stem.endsWith(`_${suffix}`));
  const symbol = timeframe === undefined ? stem : stem.slice(0, -timeframe.length - 1);
  return symbolSchema.safeParse(symbol).success ? { symbol, timeframe: timeframe ?? "1D" } : undefined;
}
