/** Cells as rows of CSV: what a cell is, its parameters, its metrics, its returns. */
import { METRIC_COLUMNS } from "../../shared/batch/cell-columns.ts";
import type { CellReader } from "../../shared/batch/cell-reader.ts";
import type { Cell } from "../../shared/contract/batch.ts";
import type { Cell as TableCell } from "../csv.ts";

const WINDOW_COLUMNS = ["period", "start", "end", "fold", "span"] as const;
const MOMENTS = { returns: "n", returnMean: "mean", returnSd: "sd", returnSkewness: "skewness" } as const;

export function cellColumns({ sweep }: CellReader): string[] {
  return [
    "cell",
    "status",
    "symbol",
    ...WINDOW_COLUMNS,
    ...Object.keys(sweep.parameters).map((name) => `parameter.${name}`),
    ...METRIC_COLUMNS.map(([name]) => name),
    ...Object.keys(MOMENTS),
    "returnKurtosis",
    "failureClass",
    "failureCode",
    "failureMessage",
  ];
}

export function cellRow(cell: Cell): Record<string, TableCell> {
  const { metrics, returns, failure, window } = cell;
  return {
    cell: cell.cell,
    status: cell.status,
    symbol: cell.symbol,
    ...window,
    ...Object.fromEntries(
      Object.entries(cell.parameters).map(([name, value]) => [`parameter.${name}`, value]),
    ),
    ...metrics,
    ...Object.fromEntries(Object.entries(MOMENTS).map(([column, name]) => [column, returns?.[name]])),
    returnKurtosis: returns?.kurtosis,
    failureClass: failure?.class,
    failureCode: failure?.code,
    failureMessage: failure?.message,
  };
}
