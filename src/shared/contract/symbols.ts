/** `GET /symbols` and `GET /symbol-lists`: what data there is, and the names that stand for several of them. */
import { z } from "zod";
import { symbolSchema, timeframeSchema } from "./values.ts";

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

export const listNameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "must be a name of 1 to 64 letters, digits or . _ -, such as stocks",
  );

/** A list of symbols that batches may ask for by its name. */
export const namedSymbolsSchema = z.object({
  name: listNameSchema,
  title: z.string().optional(),
  symbols: z.array(symbolSchema),
});
export type NamedSymbols = z.infer<typeof namedSymbolsSchema>;

export const symbolListsSchema = z.object({
  items: z.array(
    namedSymbolsSchema.omit({ symbols: true }).extend({ count: z.number().int().describe("Its symbols") }),
  ),
  nextCursor: z.null(),
});
