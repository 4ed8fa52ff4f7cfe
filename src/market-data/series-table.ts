import { alignColumns } from "../shared/align-columns.ts";
import type { StoredSeries } from "../shared/market-data/firestore/catalogue.ts";

const COLUMNS: readonly (readonly [title: string, cell: (series: StoredSeries) => string])[] = [
  ["SYMBOL", ({ symbol }) => symbol],
  ["TIMEFRAME", ({ timeframe }) => timeframe],
  ["LAYOUT", ({ layout }) => layout],
  ["BARS", ({ bars }) => bars.toLocaleString("en-US")],
  ["FIRST", ({ firstMs }) => new Date(firstMs).toISOString().slice(0, 16)],
  ["LAST", ({ lastMs }) => new Date(lastMs).toISOString().slice(0, 16)],
  ["DOCUMENTS", ({ documents }) => documents.toLocaleString("en-US")],
  ["KB", ({ storedBytes }) => (storedBytes === undefined ? "" : (storedBytes / 1_000).toFixed(1))],
];

/** One line a series under a line of titles, columns aligned. */
export function seriesTable(stored: readonly StoredSeries[]): string {
  return alignColumns([
    COLUMNS.map(([name]) => name),
    ...stored.map((series) => COLUMNS.map(([, cell]) => cell(series))),
  ]);
}
