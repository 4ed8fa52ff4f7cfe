/** A batch as clients see it: `GET /batches/:id`, every event of its stream. */
import { z } from "zod";
import { windowSchema } from "./batch-request.ts";
import { failureSchema, jobStatusSchema, metricsSchema, waitingSchema } from "./job.ts";
import { jobIdSchema, parametersSchema, timeframeSchema } from "./values.ts";

const count = z.number().int().nonnegative();
const ratio = z.number().nullable();

/** Where a cell's bars lie. A fold's spans are named by their first and last bar once a cell of it has run. */
export const cellWindowSchema = windowSchema.extend({
  fold: count.optional().describe("Of a walk-forward batch, from 0"),
  span: z.enum(["train", "test"]).optional(),
});
export type CellWindow = z.infer<typeof cellWindowSchema>;

export const cellMetricsSchema = metricsSchema.omit({ unavailable: true });
export type CellMetrics = z.infer<typeof cellMetricsSchema>;

/** Over the cell's returns from bar to bar. */
export const returnMomentsSchema = z.object({
  n: count,
  mean: ratio,
  sd: ratio.describe("ddof 1"),
  skewness: ratio,
  kurtosis: ratio.describe("3 for a normal distribution"),
});

export const leaderSchema = z.object({
  cell: count,
  symbol: z.string(),
  window: cellWindowSchema,
  parameters: parametersSchema,
  metrics: cellMetricsSchema,
  deflatedSharpe: ratio.describe(
    "Probability that its true Sharpe ratio is above the best that luck gives in so many trials",
  ),
});
export type Leader = z.infer<typeof leaderSchema>;

/** What the best of many trials is worth; formulas and sources in docs/batches.md. */
export const honestySchema = z.object({
  trials: count.describe("Cells whose Sharpe ratio could be computed, test spans left out"),
  expectedBestSharpe: ratio.describe(
    "Annualised: the best Sharpe ratio to expect of so many trials of strategies that are worth nothing",
  ),
  deflatedSharpe: ratio.describe("Of the trial with the best Sharpe ratio"),
  sentence: z.string(),
});
export type Honesty = z.infer<typeof honestySchema>;

export const walkForwardStandingsSchema = z.object({
  folds: count.describe("Symbols' folds that had a best training cell and a test of it"),
  inSampleSharpe: ratio.describe("Mean over the folds, of each fold's best training cell"),
  outOfSampleSharpe: ratio.describe("Mean over the folds, of the same parameters on the test span"),
  outOfSampleReturnPct: ratio.describe("Mean total return of those on the test spans"),
  profitableFolds: count.describe("Folds whose test span ended with a gain"),
  sentence: z.string(),
});
export type WalkForwardStandings = z.infer<typeof walkForwardStandingsSchema>;

export const standingsSchema = z.object({
  leaderboard: z.array(leaderSchema).describe("The best cells by `metric`; with walkForward training cells"),
  honesty: honestySchema,
  walkForward: walkForwardStandingsSchema.optional(),
});
export type Standings = z.infer<typeof standingsSchema>;

export const batchCountsSchema = z.object({
  total: count,
  succeeded: count,
  failed: count,
  failedUser: count,
  failedLimit: count,
  failedPlatform: count.describe("POST /batches/:id/retry runs these again"),
  cancelled: count,
  pending: count,
});

export const batchLinksSchema = z.object({
  self: z.string(),
  cells: z.string(),
  heatmap: z.string(),
  events: z.string(),
  cancel: z.string(),
  retry: z.string(),
});

export const batchSchema = z.object({
  id: jobIdSchema,
  status: jobStatusSchema.describe("succeeded once every cell has its answer and one at least succeeded"),
  version: z.number().int().describe("Rises with every change; the event id of the stream"),
  createdAt: z.string(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  timeframe: timeframeSchema,
  strategyId: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  counts: batchCountsSchema,
  ratePerSecond: ratio.describe("Cells a second since it started"),
  etaSeconds: ratio,
  cpuMs: z.number().describe("Of the sandboxes, measured by the executor's server"),
  retries: count,
  trials: count,
  ...standingsSchema.shape,
  waiting: waitingSchema
    .optional()
    .describe("In GET /batches/:id until its first chunk runs: the place of that chunk among chunks"),
  failure: failureSchema.optional().describe("Of a batch without one cell that succeeded"),
  links: batchLinksSchema,
});
export type Batch = z.infer<typeof batchSchema>;

export const batchAcceptedSchema = z.object({
  id: jobIdSchema,
  status: jobStatusSchema,
  cells: count,
  waiting: waitingSchema
    .optional()
    .describe("Of its first chunk, as it is added; without an Idempotency-Key"),
  links: batchLinksSchema,
});

/** What a dry run answers. */
export const batchEstimateSchema = z.object({
  cells: count,
  symbols: count,
  windows: count.describe("Of the symbol with most of them; with walkForward two for each fold"),
  parameterSets: count,
  gridSize: z.number().describe("Parameter sets before a sample was drawn"),
  estimatedSeconds: z.number().describe("With all slots for batches to itself"),
  estimateBasis: z
    .enum(["measured", "typical"])
    .describe("measured: on your last batch of the same code; typical: a moving average crossover's cost"),
  waiting: waitingSchema
    .optional()
    .describe("Where its first chunk would stand among the chunks that wait; absent while the queue is away"),
  sharedBy: count
    .min(1)
    .optional()
    .describe(
      "Owners with chunks that wait, its own included: each gets an equal share unless plans say otherwise",
    ),
  estimatedEnd: z
    .string()
    .optional()
    .describe(
      "estimatedStart, and estimatedSeconds for each of sharedBy: should all of them have work until then",
    ),
});
export type BatchEstimate = z.infer<typeof batchEstimateSchema>;

export const cellSchema = z.object({
  cell: count,
  status: z.enum(["succeeded", "failed"]),
  symbol: z.string(),
  window: cellWindowSchema,
  parameters: parametersSchema,
  metrics: cellMetricsSchema.optional(),
  returns: returnMomentsSchema.optional(),
  liveSignal: z.enum(["BUY", "SELL", "HOLD"]).optional(),
  unavailable: z.record(z.string(), z.string()).optional(),
  warnings: z.record(z.string(), z.string()).optional(),
  failure: failureSchema.optional(),
});
export type Cell = z.infer<typeof cellSchema>;

export const cellListSchema = z.object({ items: z.array(cellSchema), nextCursor: z.string().nullable() });

export const heatmapSchema = z.object({
  metric: z.string(),
  x: z.object({ parameter: z.string(), values: z.array(z.union([z.string(), z.number(), z.boolean()])) }),
  y: z.object({ parameter: z.string(), values: z.array(z.union([z.string(), z.number(), z.boolean()])) }),
  values: z
    .array(z.array(ratio))
    .describe("One row for each value of y: the mean over the cells with these two values, null without one"),
  cells: z.array(z.array(count)).describe("How many cells each value is the mean of"),
});

export const batchListSchema = z.object({
  items: z.array(
    batchSchema.pick({
      id: true,
      status: true,
      createdAt: true,
      finishedAt: true,
      timeframe: true,
      strategyId: true,
      labels: true,
      links: true,
    }),
  ),
  nextCursor: z.string().nullable(),
});
