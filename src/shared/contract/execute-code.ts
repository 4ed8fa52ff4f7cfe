/** `POST /v1/strategies/execute-code`: the request and answer of the seed, for existing clients. */
import { z } from "zod";
import { barSchema } from "./job-request.ts";
import {
  BARS_MAX,
  instantSchema,
  parametersSchema,
  periodSchema,
  symbolSchema,
  timeframeSchema,
} from "./values.ts";

/** Unknown fields are ignored and listed in `warnings`. */
export const executeCodeRequestSchema = z.looseObject({
  symbol: symbolSchema,
  code: z.string().min(1),
  language: z.literal("python", "must be python, the one language there is").default("python"),
  timeframe: timeframeSchema.default("1D"),
  period: periodSchema.optional(),
  startDate: instantSchema.optional(),
  endDate: instantSchema.optional(),
  marketData: z.array(barSchema.loose()).max(BARS_MAX).optional(),
  parameters: parametersSchema.default({}),
  providerId: z.string().optional(),
  strategyId: z.string().min(1).max(128).optional(),
});
export type ExecuteCodeRequest = z.infer<typeof executeCodeRequestSchema>;

const pointSchema = z.object({ timestamp: z.string(), value: z.number() });

export const executeCodeResponseSchema = z.object({
  strategyId: z.string(),
  symbol: z.string(),
  signals: z.array(
    z.object({
      timestamp: z.string(),
      type: z.string(),
      price: z.number(),
      quantity: z.number().int(),
      reason: z.string(),
    }),
  ),
  indicators: z.array(z.object({ name: z.string(), data: z.array(pointSchema) })),
  performance: z
    .object({
      totalReturn: z.number(),
      totalPnl: z.number(),
      winRate: z.number(),
      totalTrades: z.number().int(),
      profitableTrades: z.number().int(),
      buyCount: z.number().int(),
      sellCount: z.number().int(),
      avgWin: z.number(),
      avgLoss: z.number(),
      profitFactor: z.number(),
      maxDrawdown: z.number(),
      sharpeRatio: z.number(),
      trades: z.array(
        z.object({
          buyTimestamp: z.string(),
          sellTimestamp: z.string(),
          buyPrice: z.number(),
          sellPrice: z.number(),
          pnl: z.number(),
          pnlPercent: z.number(),
          win: z.boolean(),
          buyReason: z.string(),
          sellReason: z.string(),
        }),
      ),
      lastTestedAt: z.string(),
      equityCurve: z.array(z.object({ timestamp: z.string(), portfolioValue: z.number(), type: z.string() })),
      startDate: z.string(),
      endDate: z.string(),
      testPeriod: z.string(),
      buyAndHoldReturn: z.number(),
      buyAndHoldReturnPercent: z.number(),
      outperformance: z.number(),
    })
    .nullable(),
  errors: z.array(z.string()),
  warnings: z.array(z.string()),
  executionTime: z.number().describe("Milliseconds in the executor"),
  logs: z.array(z.string()),
});
export type ExecuteCodeResponse = z.infer<typeof executeCodeResponseSchema>;
