/** Values that several schemas share. This folder imports nothing but zod, so that it runs in a browser too. */
import { z } from "zod";

export const TIMEFRAMES = ["1m", "30m", "1h", "4h", "1D", "1W", "1M"] as const;
export const timeframeSchema = z.enum(TIMEFRAMES);
export type Timeframe = z.infer<typeof timeframeSchema>;

export const PERIODS = ["6mo", "1y", "2y", "3y", "5y", "7y", "max"] as const;
export const periodSchema = z.enum(PERIODS);
export type Period = z.infer<typeof periodSchema>;

/** 128 random bits in Crockford base32. */
export const JOB_ID_PATTERN = /^[0-9A-HJKMNP-TV-Z]{26}$/;
export const jobIdSchema = z
  .string()
  .regex(JOB_ID_PATTERN, "must be an id of 26 characters as the API gave it");

/** A symbol as market data sources name it: no path separators, nothing that a file name could misuse. */
export const symbolSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9^=][A-Za-z0-9.^=_-]{0,31}$/,
    "must be 1 to 32 letters, digits or . ^ = _ -, such as AAPL",
  );

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/** A bare date (UTC), or a date and time with its offset. */
export const instantSchema = z
  .string()
  .refine(
    (text) => (DATE.test(text) || DATE_TIME.test(text)) && isRealDay(text) && !Number.isNaN(Date.parse(text)),
    "must be a date such as 2020-01-31, or a time with an offset such as 2020-01-31T14:30:00Z",
  );

/** `Date.parse` takes 2021-02-30 for the second of March: a day must read back as written. */
function isRealDay(text: string): boolean {
  const day = text.slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

/** Epoch milliseconds as `YYYY-MM-DDTHH:MM:SSZ`; milliseconds only where they are not zero. */
export function formatTime(epochMs: number): string {
  const text = new Date(epochMs).toISOString();
  return epochMs % 1000 === 0 ? `${text.slice(0, 19)}Z` : text;
}

export const parameterValueSchema = z.union([z.string().max(1_000), z.number(), z.boolean()]);
export const parametersSchema = z
  .record(z.string().min(1).max(64), parameterValueSchema)
  .refine((parameters) => Object.keys(parameters).length <= 64, "must have at most 64 parameters");
export type Parameters = z.infer<typeof parametersSchema>;

export const CODE_MAX_BYTES = 64 * 1024;
export const BODY_MAX_BYTES = 8 * 1024 * 1024;
export const BARS_MAX = 20_000;
