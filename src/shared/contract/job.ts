/**
 * A job as clients see it: `GET /jobs/:id`, every event, every list item.
 *
 * queued    written to the job store; moved on by the worker (running), the API (cancelled)
 * running   an attempt holds it; moved on by the worker (succeeded, failed, back to queued when it drains or
 *           a platform failure is retried), the API (cancelled), the reconciler (queued again, or failed after three)
 * succeeded, failed, cancelled: terminal. The first terminal write wins and is never changed.
 */
import { z } from "zod";
import { failureCodeSchema } from "./failure-code.ts";
import { jobIdSchema, timeframeSchema } from "./values.ts";

export const JOB_STATUSES = ["queued", "running", "succeeded", "failed", "cancelled"] as const;
export const jobStatusSchema = z.enum(JOB_STATUSES);
export type JobStatus = z.infer<typeof jobStatusSchema>;

export function isTerminal(status: JobStatus): boolean {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}

/** user: the strategy is wrong, never retried. limit: time, memory, output, never retried. platform: ours, retried. */
export const failureClassSchema = z.enum(["user", "limit", "platform"]);
export type FailureClass = z.infer<typeof failureClassSchema>;

export const failureSchema = z.object({
  class: failureClassSchema,
  code: failureCodeSchema.describe("Which one exactly; docs/strategies.md explains each"),
  message: z.string(),
  type: z.string().optional().describe("The exception's type, such as ValueError"),
  line: z.number().int().optional(),
  sourceLine: z.string().optional(),
  hint: z.string().optional(),
  bar: z.string().optional().describe("Time of the bar on which it happened"),
  limit: z
    .object({ name: z.string(), value: z.number(), used: z.number().optional(), unit: z.string() })
    .optional(),
});
export type Failure = z.infer<typeof failureSchema>;

const ratio = z.number().nullable();

/** Formulas in docs/metrics.md. What cannot be computed is null, with the reason in `unavailable`. */
export const metricsSchema = z.object({
  totalReturnPct: z.number(),
  totalPnl: z.number(),
  cagrPct: ratio,
  volatilityPct: ratio,
  sharpe: ratio,
  sortino: ratio,
  maxDrawdownPct: z.number(),
  longestDrawdownBars: z.number().int(),
  calmar: ratio,
  winRatePct: ratio,
  avgWin: ratio,
  avgLoss: ratio,
  expectancy: ratio,
  profitFactor: ratio,
  sqn: ratio,
  exposurePct: z.number(),
  buyAndHoldPct: ratio,
  buyAndHoldPnl: ratio,
  outperformancePct: ratio,
  totalTrades: z.number().int(),
  profitableTrades: z.number().int(),
  buyCount: z.number().int(),
  sellCount: z.number().int(),
  ignoredSignals: z.number().int(),
  pendingSignals: z.number().int(),
  finalEquity: z.number(),
  openPosition: z.boolean(),
  unavailable: z.record(z.string(), z.string()),
});
export type Metrics = z.infer<typeof metricsSchema>;

/** Milliseconds. An absent one was not reached. */
export const timingsSchema = z.object({
  queuedMs: z.number().optional(),
  marketDataMs: z.number().optional(),
  compileMs: z.number().optional(),
  executeMs: z.number().optional().describe("The executor call as a whole, compile included"),
  cpuMs: z
    .number()
    .optional()
    .describe(
      "CPU time of the strategy's process, by the executor's server: what counts for whose turn is next",
    ),
  storeMs: z.number().optional(),
  totalMs: z.number().optional().describe("From submission to the terminal state"),
});
export type Timings = z.infer<typeof timingsSchema>;

export const liveSignalSchema = z.object({
  type: z.enum(["BUY", "SELL", "HOLD"]),
  timestamp: z.string(),
  price: z.number(),
  reason: z.string(),
});
export type LiveSignal = z.infer<typeof liveSignalSchema>;

/** What a list or a dashboard needs of a finished job without fetching its result. */
export const summarySchema = z.object({
  bars: z.number().int(),
  firstBar: z.string(),
  lastBar: z.string(),
  metrics: metricsSchema,
  liveSignal: liveSignalSchema,
  warnings: z.number().int(),
});
export type Summary = z.infer<typeof summarySchema>;

/**
 * not_in_queue      it is stored and will be put in the queue within a minute; Redis was away, or lost it
 * no_worker         no worker is alive
 * own_running_limit as many of the owner's jobs run as the plan allows
 * next_try          a moment's pause before the next try: a failure of ours, or a full executor
 * behind_own_work   only work of the same owner stands before it
 * behind_others     work of others stands before it, who have used less CPU time lately
 * slots_busy        it is next, and every slot is busy
 * next              it is next: what is told at its submission, when nobody knows yet whether a slot is free
 */
export const waitingSchema = z.object({
  position: z.number().int().min(1).optional().describe("1 is next; an estimate for jobs far back"),
  estimatedStart: z.string().optional().describe("From the position and the pace of late"),
  reason: z.enum([
    "not_in_queue",
    "no_worker",
    "own_running_limit",
    "next_try",
    "behind_own_work",
    "behind_others",
    "slots_busy",
    "next",
  ]),
});
export type Waiting = z.infer<typeof waitingSchema>;

export const jobLinksSchema = z.object({
  self: z.string(),
  result: z.string(),
  events: z.string(),
  cancel: z.string(),
});

export const jobSchema = z.object({
  id: jobIdSchema,
  status: jobStatusSchema,
  version: z.number().int().describe("Rises with every change; the event id of the stream"),
  createdAt: z.string(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  symbol: z.string().optional(),
  timeframe: timeframeSchema,
  strategyId: z.string().optional(),
  batchId: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  attempts: z.number().int().describe("Attempts that ended with a platform failure or were lost"),
  failure: failureSchema.optional(),
  timings: timingsSchema.optional(),
  summary: summarySchema.optional(),
  source: z
    .enum(["executed", "reused"])
    .optional()
    .describe("Of a job that ended: whether it ran, or took the end of an identical one"),
  ofJob: jobIdSchema.optional().describe("The job that ran, where this one was reused"),
  waiting: waitingSchema
    .optional()
    .describe("In GET /jobs/:id while the job is queued; it changes without a change of version"),
  links: jobLinksSchema,
});
export type Job = z.infer<typeof jobSchema>;

/** The answer of `POST /jobs` while the job has not ended. */
export const jobAcceptedSchema = jobSchema.pick({ id: true, status: true, links: true }).extend({
  waiting: waitingSchema.optional().describe("As it is added to the line; without an Idempotency-Key"),
});
export type JobAccepted = z.infer<typeof jobAcceptedSchema>;

export const jobListSchema = z.object({ items: z.array(jobSchema), nextCursor: z.string().nullable() });
export type JobList = z.infer<typeof jobListSchema>;
