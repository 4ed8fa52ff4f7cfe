/** What `POST /jobs` takes. */
import { z } from "zod";
import {
  BARS_MAX,
  instantSchema,
  parametersSchema,
  periodSchema,
  symbolSchema,
  timeframeSchema,
} from "./values.ts";

/** One OHLCV row as a client sends it. Order and prices are judged by the executor's rules for bad market data. */
export const barSchema = z.strictObject({
  timestamp: instantSchema,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number().min(0).default(0),
});
export type Bar = z.infer<typeof barSchema>;

export const strategySchema = z.strictObject({
  code: z.string().min(1, "must hold the strategy's Python source"),
  language: z.literal("python", "must be python, the one language there is").default("python"),
  id: z.string().min(1).max(128).optional(),
});

/** How the backtest fills orders; defaults and formulas in docs/metrics.md. */
export const optionsSchema = z.strictObject({
  initialCapital: z.number().positive().max(1e15).optional(),
  commissionPct: z.number().min(0).max(50).optional().describe("Percent of quantity x fill price, each side"),
  slippagePct: z.number().min(0).max(50).optional().describe("Percent of the fill price, against the trader"),
  fill: z.enum(["next-open", "close"]).optional(),
  direction: z.enum(["long", "long-short"]).optional(),
  sizing: z.number().gt(0).max(1).optional().describe("Share of the cash that a buy spends"),
  fractional: z.boolean().optional(),
  barsPerYear: z.number().positive().max(1_000_000).optional(),
  riskFreeRate: z
    .number()
    .min(-0.01)
    .max(0.01, "is the rate per bar as a fraction: 4 % a year on daily bars is 0.04 / 252, about 0.00016")
    .optional(),
  lookAheadCheck: z.boolean().optional(),
});
export type BacktestOptions = z.infer<typeof optionsSchema>;

export const limitsSchema = z.strictObject({
  timeoutSeconds: z.number().int().min(1).max(30).optional(),
  memoryMb: z.number().int().min(32).max(2_048).optional(),
});

export const labelsSchema = z
  .record(z.string().min(1).max(64), z.string().max(256))
  .refine((labels) => Object.keys(labels).length <= 16, "must have at most 16 labels");

/** The body of `POST /jobs`, before the rules that span several fields. */
export const jobRequestShape = z.strictObject({
  strategy: strategySchema,
  symbol: symbolSchema.optional(),
  bars: z.array(barSchema).min(1).max(BARS_MAX).optional(),
  timeframe: timeframeSchema.default("1D"),
  period: periodSchema.optional(),
  start: instantSchema.optional(),
  end: instantSchema.optional(),
  parameters: parametersSchema.default({}),
  options: optionsSchema.default({}),
  limits: limitsSchema.default({}),
  labels: labelsSchema.default({}),
  cache: z
    .enum(["yes", "no"])
    .optional()
    .describe("no: run it even where an identical execution of yours has ended, or is under way"),
});

export const jobRequestSchema = jobRequestShape.superRefine((request, context) => {
  const refuse = (path: string, message: string): void =>
    context.addIssue({ code: "custom", path: [path], message });
  if ((request.symbol === undefined) === (request.bars === undefined)) {
    refuse("symbol", "send either symbol (bars from market data) or bars (your own), one of the two");
  }
  if (request.period !== undefined && (request.start !== undefined || request.end !== undefined)) {
    refuse("period", "cannot stand beside start or end: send either a period or a range");
  }
  if (
    request.start !== undefined &&
    request.end !== undefined &&
    Date.parse(request.start) > endOf(request.end)
  ) {
    refuse("end", "must not lie before start");
  }
});
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** A bare date as an end includes that day. Epoch milliseconds, inclusive. */
export function endOf(end: string): number {
  const start = Date.parse(end);
  return end.length === 10 ? start + 86_400_000 - 1 : start;
}
