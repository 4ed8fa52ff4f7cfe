/** CSV as in RFC 4180: a header line, CRLF, quotes where they are needed. */

export type Cell = string | number | boolean | null | undefined;

/** `columns` name the header and the fields of each row, in order. */
export function formatCsv<Row extends Readonly<Record<string, Cell>>>(
  columns: readonly (keyof Row & string)[],
  rows: readonly Row[],
): string {
  const lines = rows.map((row) => columns.map((column) => formatCell(row[column])).join(","));
  return [columns.join(","), ...lines, ""].join("\r\n");
}

const NEEDS_QUOTES = /[",\r\n]/;
/** A spreadsheet would run such a text as a formula; numbers of ours are not texts. */
const FORMULA = /^[=+\-@\t\r]/;

function formatCell(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell !== "string") return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
