/**
 * Bars from CSV: a header naming `date` (or `timestamp`), open, high, low, close and volume in any order, other
 * columns ignored; then one bar a line, oldest first. Numbers only, so quotes are refused.
 *
 * A parser of its own because it blocks the event loop: 5,105 rows take 3 to 6 ms, csv-parse took 12 to 40.
 */
import { findBadBar, wholeVolume } from "./bad-bar.ts";
import { type CsvLayout, csvTimeOf, readLayout } from "./csv-layout.ts";
import { InvalidCsv } from "./invalid-csv.ts";
import { type Bars, emptyBars } from "./series.ts";

/** Throws InvalidCsv with the first row that is wrong. */
export function parseCsvBars(text: string): Bars {
  const lines = text.split("\n");
  while (lines.length > 0 && lines.at(-1)?.trim() === "") lines.pop();
  const layout = readLayout(lines[0] ?? "");
  const bars = emptyBars(lines.length - 1);
  if (bars.length < 1) throw new InvalidCsv("there are no bars");
  for (let index = 0; index < bars.length; index++) readRow(bars, index, lines[index + 1] ?? "", layout);
  const bad = findBadBar(bars);
  if (bad !== undefined) throw new InvalidCsv(bad.reason, bad.row);
  return bars;
}

function readRow(bars: Bars, index: number, line: string, layout: CsvLayout): void {
  const fields = line.split(",");
  if (fields.length !== layout.width) {
    throw new InvalidCsv(`it has ${fields.length} fields, the header ${layout.width}`, index + 1);
  }
  bars.timestampMs[index] = BigInt(csvTimeOf(fields[layout.time] ?? "", index + 1));
  bars.open[index] = numberOf(fields[layout.open], "open", index);
  bars.high[index] = numberOf(fields[layout.high], "high", index);
  bars.low[index] = numberOf(fields[layout.low], "low", index);
  bars.close[index] = numberOf(fields[layout.close], "close", index);
  const volume = numberOf(fields[layout.volume], "volume", index);
  const whole = wholeVolume(volume);
  if (whole === undefined) throw new InvalidCsv(`volume is ${volume}`, index + 1);
  bars.volume[index] = whole;
}

const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

function numberOf(field: string | undefined, name: string, index: number): number {
  if (field === undefined || !DECIMAL.test(field)) {
    throw new InvalidCsv(
      `${name} is ${JSON.stringify(field?.trim().slice(0, 40) ?? "")}, not a number`,
      index + 1,
    );
  }
  return Number(field);
}
