/** Pages of a batch's cells: filtered, in the order of their numbers or of a figure. */
import { betterFirst, type Direction, firstCells, type OrderPlace } from "../../shared/batch/best-cells.ts";
import { type FigureColumn, SUCCEEDED, UNANSWERED } from "../../shared/batch/cell-columns.ts";
import type { CellReader } from "../../shared/batch/cell-reader.ts";
import { InvalidCursorError } from "../../shared/errors.ts";

export interface CellSelection {
  status?: "succeeded" | "failed" | undefined;
  symbol?: string | undefined;
  fold?: number | undefined;
  span?: "train" | "test" | undefined;
  /** Of the figure that it is sorted by. */
  min?: number | undefined;
  max?: number | undefined;
  sort?: FigureColumn | undefined;
  order?: Direction | undefined;
}

/** Behind `after`, at most `limit`. */
export function selectCells(
  reader: CellReader,
  selection: CellSelection,
  after: OrderPlace | undefined,
  limit: number,
): OrderPlace[] {
  const { columns } = reader;
  const isWanted = filterOf(reader, selection);
  const { sort } = selection;
  if (sort !== undefined) {
    const direction = selection.order ?? betterFirst(sort);
    return firstCells(columns, { by: sort, direction, after, isWanted }, limit);
  }
  const places: OrderPlace[] = [];
  for (let cell = (after?.cell ?? -1) + 1; cell < columns.rows && places.length < limit; cell += 1) {
    if (columns.failureOf[cell] !== UNANSWERED && isWanted(cell)) places.push({ value: 0, cell });
  }
  return places;
}

function filterOf(reader: CellReader, selection: CellSelection): (cell: number) => boolean {
  const { columns, grid, sweep } = reader;
  const { status, symbol, fold, span, sort, min = Number.NEGATIVE_INFINITY } = selection;
  const { max = Number.POSITIVE_INFINITY } = selection;
  const figures = sort === undefined ? undefined : columns.column(sort);
  const bounded = figures !== undefined && (selection.min !== undefined || selection.max !== undefined);
  const placed = [symbol, fold, span].some((wanted) => wanted !== undefined);
  return (cell) => {
    if (status !== undefined && (columns.failureOf[cell] === SUCCEEDED) !== (status === "succeeded"))
      return false;
    const figure = figures?.[cell] ?? Number.NaN;
    if (bounded && !(figure >= min && figure <= max)) return false;
    if (!placed) return true;
    const place = grid.placeOf(cell);
    return (
      (symbol === undefined || sweep.symbols[place.symbol] === symbol) &&
      (fold === undefined || Math.floor(place.window / 2) === fold) &&
      (span === undefined || (place.window % 2 === 0) === (span === "train"))
    );
  };
}

/** base64url of `[value or null, cell]`. */
export function encodePlace({ value, cell }: OrderPlace): string {
  return Buffer.from(JSON.stringify([Number.isNaN(value) ? null : value, cell])).toString("base64url");
}

/** Throws InvalidCursorError for what encodePlace would not have written. */
export function decodePlace(cursor: string): OrderPlace {
  const [, value = "", cell = ""] =
    /^\[(null|-?[\d.e+-]+),(\d{1,6})\]$/.exec(Buffer.from(cursor, "base64url").toString("latin1")) ?? [];
  const place = { value: value === "null" ? Number.NaN : Number(value), cell: Number(cell) };
  if (value === "" || encodePlace(place) !== cursor) {
    throw new InvalidCursorError("The cursor is not one that an earlier page gave");
  }
  return place;
}
