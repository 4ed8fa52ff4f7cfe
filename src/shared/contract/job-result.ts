/**
 * `GET /jobs/:id/result`: everything one execution found.
 *
 * `timestamps` has one time a bar; `equityCurve` and the `values` of each indicator have one number for each of
 * them, in the same order, so that a chart needs no joining.
 */
import { z } from "zod";
import { liveSignalSchema, metricsSchema } from "./job.ts";
import { timeframeSchema } from "./values.ts";

export const signalSchema = z.object({
  timestamp: z.string(),
  type: z.enum(["BUY", "SELL"]),
  price: z.number().describe("The bar's close, or the price that the author gave"),
  reason: z.string(),
  icon: z.string().optional(),
  outcome: z.enum(["filled", "pending", "ignored-position", "ignored-quantity", "ignored-ruined"]),
  quantity: z.number(),
  fillPrice: z.number().nullable(),
});
export type ResultSignal = z.infer<typeof signalSchema>;

export const indicatorSchema = z.object({
  name: z.string(),
  color: z.string(),
  linewidth: z.number(),
  overlay: z.boolean(),
  values: z.array(z.number().nullable()),
});

export const tradeSchema = z.object({
  direction: z.enum(["long", "short"]),
  entryTime: z.string(),
  entryPrice: z.number(),
  exitTime: z.string().nullable().describe("null while the position is open"),
  exitPrice: z.number().describe("Fill price; the last close while the position is open"),
  quantity: z.number(),
  pnl: z.number(),
  pnlPct: z.number(),
  entryReason: z.string(),
  exitReason: z.string(),
});
export type ResultTrade = z.infer<typeof tradeSchema>;

export const assumptionsSchema = z.object({
  fill: z.string(),
  optimisticFill: z.boolean(),
  direction: z.string(),
  initialCapital: z.number(),
  commissionPct: z.number(),
  slippagePct: z.number(),
  sizing: z.number(),
  fractional: z.boolean(),
  barsPerYear: z.number(),
  barsPerYearSource: z.string(),
  riskFreeRate: z.number().describe("Per bar, a fraction"),
  timeframe: z.string(),
  bars: z.number().int(),
  dataHash: z.string(),
  versions: z.record(z.string(), z.string()),
});

export const warningSchema = z.object({ code: z.string(), message: z.string(), bar: z.string().optional() });

export const replaySchema = z.object({
  form: z.number().int(),
  way: z.string(),
  whyNotFaster: z.string(),
  calls: z.number().int(),
  warmUpBars: z.number().int(),
});

export const jobResultSchema = z.object({
  jobId: z.string(),
  ofJob: z.string().optional().describe("The job that ran, where this one took over its result"),
  symbol: z.string().optional(),
  timeframe: timeframeSchema,
  timestamps: z.array(z.string()),
  signals: z.array(signalSchema),
  liveSignal: liveSignalSchema,
  indicators: z.array(indicatorSchema),
  trades: z.array(tradeSchema),
  equityCurve: z.array(z.number()),
  performance: metricsSchema,
  assumptions: assumptionsSchema,
  warnings: z.array(warningSchema),
  logs: z.array(z.string()),
  replay: replaySchema,
});
export type JobResult = z.infer<typeof jobResultSchema>;
