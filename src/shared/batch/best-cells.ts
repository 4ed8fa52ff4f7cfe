/** Cells in the order of a figure, without sorting all of them. */
import { type CellColumns, type FigureColumn, SUCCEEDED } from "./cell-columns.ts";

export type Direction = "asc" | "desc";

const LESS_IS_BETTER: ReadonlySet<FigureColumn> = new Set<FigureColumn>([
  "maxDrawdownPct",
  "longestDrawdownBars",
  "volatilityPct",
]);

/** The direction in which the better cells come first. */
export function betterFirst(name: FigureColumn): Direction {
  return LESS_IS_BETTER.has(name) ? "asc" : "desc";
}

/** A place in the order: equal figures go by cell number, cells without the figure come last. */
export interface OrderPlace {
  /** NaN where the cell has none. */
  value: number;
  cell: number;
}

export interface Order {
  by: FigureColumn;
  direction: Direction;
  /** Only cells behind this place. */
  after?: OrderPlace | undefined;
  isWanted: (cell: number) => boolean;
}

/** The first `limit` cells that succeeded, in that order. One pass; memory for `limit` cells. */
export function firstCells(columns: CellColumns, order: Order, limit: number): OrderPlace[] {
  const { direction, after, isWanted } = order;
  const figures = columns.column(order.by);
  const best: OrderPlace[] = [];
  for (let cell = 0; cell < columns.rows; cell += 1) {
    if (columns.failureOf[cell] !== SUCCEEDED) continue;
    const place = { value: figures[cell] ?? Number.NaN, cell };
    const last = best.at(-1);
    if (best.length === limit && last !== undefined && compare(place, last, direction) > 0) continue;
    if (after !== undefined && compare(place, after, direction) <= 0) continue;
    if (!isWanted(cell)) continue;
    best.splice(placeIn(best, place, direction), 0, place);
    if (best.length > limit) best.pop();
  }
  return best;
}

/** Negative where `a` comes first. */
function compare(a: OrderPlace, b: OrderPlace, direction: Direction): number {
  const aIsMissing = Number.isNaN(a.value);
  if (aIsMissing !== Number.isNaN(b.value)) return aIsMissing ? 1 : -1;
  if (aIsMissing || a.value === b.value) return a.cell - b.cell;
  return a.value < b.value === (direction === "asc") ? -1 : 1;
}

function placeIn(best: readonly OrderPlace[], place: OrderPlace, direction: Direction): number {
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = best[middle];
    if (other !== undefined && compare(other, place, direction) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
