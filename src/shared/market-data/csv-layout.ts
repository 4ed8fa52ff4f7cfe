/** Where the columns of a CSV file stand, and how its times are written. */
import { InvalidCsv } from "./invalid-csv.ts";

/** Indices of the columns; `width` is the number of fields that each row must have. */
export interface CsvLayout {
  width: number;
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

export function readLayout(header: string): CsvLayout {
  const names = header
    .replace(/^\uFEFF/, "")
    .split(",")
    .map((name) => name.trim().toLowerCase());
  const indexOf = (name: string): number => {
    const index = names.indexOf(name);
    if (index < 0) throw new InvalidCsv(`the header has no column ${name}`);
    return index;
  };
  return {
    width: names.length,
    time: names.includes("timestamp") ? indexOf("timestamp") : indexOf("date"),
    open: indexOf("open"),
    high: indexOf("high"),
    low: indexOf("low"),
    close: indexOf("close"),
    volume: indexOf("volume"),
  };
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;
const EPOCH_MS = /^\d{11,14}$/;

/**
 * Epoch milliseconds of a field: a date, a date and time (UTC unless it has an offset), or epoch milliseconds.
 * Throws InvalidCsv naming the row.
 */
export function csvTimeOf(field: string, row: number): number {
  const text = field.trim();
  if (EPOCH_MS.test(text)) return Number(text);
  const parts = TIME.exec(text);
  if (parts === null) throw notATime(text, row);
  const [, year, month, day, time, offset] = parts;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC takes 30 February for 2 March: the day must read back as written.
  if (new Date(midnight).getUTCDate() !== Number(day) || Number(month) > 12) throw notATime(text, row);
  if (time === undefined) return midnight;
  const epochMs = Date.parse(`${year}-${month}-${day}T${time}${offset ?? "Z"}`);
  if (Number.isNaN(epochMs)) throw notATime(text, row);
  return epochMs;
}

function notATime(text: string, row: number): InvalidCsv {
  return new InvalidCsv(`${JSON.stringify(text.slice(0, 40))} is not a date or time`, row);
}
