/** A batch as it is stored and run: the request with its symbols named and its folds counted. */
import { z } from "zod";
import { axisSchema, walkForwardSchema, windowSchema } from "../contract/batch-request.ts";
import { limitsSchema, optionsSchema, strategySchema } from "../contract/job-request.ts";
import { symbolSchema, timeframeSchema } from "../contract/values.ts";

export const sweepSchema = z.object({
  strategy: strategySchema,
  symbols: z.array(symbolSchema).min(1),
  timeframe: timeframeSchema,
  /** One at least; with walkForward exactly one, over which the folds roll. */
  windows: z.array(windowSchema).min(1),
  walkForward: walkForwardSchema.optional(),
  /** Folds of each symbol, with walkForward alone: counted from the bars that there were at submission. */
  folds: z.array(z.number().int().positive()).optional(),
  parameters: z.record(z.string(), axisSchema),
  sample: z.object({ count: z.number().int().positive(), seed: z.number().int() }).optional(),
  options: optionsSchema,
  limits: limitsSchema,
});
export type Sweep = z.infer<typeof sweepSchema>;

/** Where a training span begins and ends and its test span ends, as bars counted from the window's first. */
export interface FoldBars {
  train: [from: number, to: number];
  test: [from: number, to: number];
}

export function foldBars({ trainBars, testBars, stepBars }: NonNullable<Sweep["walkForward"]>, fold: number) {
  const start = fold * stepBars;
  const middle = start + trainBars;
  return { train: [start, middle], test: [middle, middle + testBars] } satisfies FoldBars;
}

/** How many whole folds fit into so many bars; 0 where not even one does. */
export function countFolds(
  { trainBars, testBars, stepBars }: NonNullable<Sweep["walkForward"]>,
  bars: number,
) {
  return Math.max(0, Math.floor((bars - trainBars - testBars) / stepBars) + 1);
}
