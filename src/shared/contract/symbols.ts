/** `GET /symbols` and `GET /symbols/:symbol`: what data there is. */
import { z } from "zod";
import { timeframeSchema } from "./values.ts";

export const availableSeriesSchema = z.object({
  timeframe: timeframeSchema,
  bars: z.number().int(),
  firstBar: z.string(),
  lastBar: z.string(),
});

export const availableSymbolSchema = z.object({
  symbol: z.string(),
  series: z.array(availableSeriesSchema),
});
export type AvailableSymbol = z.infer<typeof availableSymbolSchema>;

export const symbolListSchema = z.object({
  items: z.array(availableSymbolSchema),
  nextCursor: z.string().nullable(),
});
