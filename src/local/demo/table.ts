/** Columns that line up. */

export interface Column<Row> {
  title: string;
  align: "left" | "right";
  cell: (row: Row) => string;
}

/** The table's lines: titles, a rule, one line a row. */
export function formatTable<Row>(columns: Column<Row>[], rows: Row[]): string[] {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const format = (line: string[]): string =>
    columns
      .map(({ align }, index) => {
        const text = line[index] ?? "";
        const width = widths[index] ?? 0;
        return align === "left" ? text.padEnd(width) : text.padStart(width);
      })
      .join("  ")
      .trimEnd();
  return [
    format(columns.map(({ title }) => title)),
    widths.map((width) => "─".repeat(width)).join("  "),
    ...cells.map(format),
  ];
}

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** `+1,234.5 %`; a dash for a number that cannot be computed. */
export function formatPercent(value: number | null | undefined, signed = true): string {
  if (value === null || value === undefined) return "–";
  return `${signed && value > 0 ? "+" : ""}${GROUPED.format(value)} %`;
}

export function formatRatio(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(2);
}

/** Whole milliseconds from ten on, one decimal below. */
export function formatMs(value: number | undefined): string {
  if (value === undefined) return "–";
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en-US")} ms`;
}
