/** What `POST /batches` takes: one strategy over symbols x windows x a grid of parameters. */
import { z } from "zod";
import { endOf, labelsSchema, limitsSchema, optionsSchema, strategySchema } from "./job-request.ts";
import { listNameSchema } from "./symbols.ts";
import {
  BARS_MAX,
  instantSchema,
  parameterValueSchema,
  periodSchema,
  symbolSchema,
  timeframeSchema,
} from "./values.ts";

export const CELLS_MAX = 100_000;
/** A grid from which a sample is drawn may be far larger than what is run. */
export const GRID_MAX = 2 ** 48;
export const SYMBOLS_MAX = 1_000;
export const GRID_NAMES_MAX = 16;
/** Values that lists of one request may hold in all; a range needs none. */
export const GRID_VALUES_MAX = 20_000;
const WINDOWS_MAX = 200;

/** Every value from `from` in steps up to `to`, which is the last one if the steps meet it. */
export const rangeSchema = z.strictObject({ from: z.number(), to: z.number(), step: z.number() });
export type Range = z.infer<typeof rangeSchema>;

export const axisSchema = z.union([z.array(parameterValueSchema).min(1), rangeSchema], {
  error:
    "must be a list of strings, numbers or booleans such as [10, 20], or a range such as " +
    '{"from": 10, "to": 50, "step": 10}',
});
export type Axis = z.infer<typeof axisSchema>;

export const windowSchema = z.strictObject({
  period: periodSchema.optional(),
  start: instantSchema.optional(),
  end: instantSchema.optional(),
});
export type WindowRequest = z.infer<typeof windowSchema>;

export const walkForwardSchema = z.strictObject({
  trainBars: z.number().int().min(1).max(BARS_MAX).describe("Bars of each training span"),
  testBars: z
    .number()
    .int()
    .min(1)
    .max(BARS_MAX)
    .describe("Bars of each test span, right after its training"),
  stepBars: z.number().int().min(1).max(BARS_MAX).describe("Bars from one fold to the next"),
});
export type WalkForward = z.infer<typeof walkForwardSchema>;

const NAMED_LIST = '{"list": "stocks"}';
export const symbolsSchema = z
  .union(
    [z.literal("*"), z.array(symbolSchema).min(1).max(SYMBOLS_MAX), z.strictObject({ list: listNameSchema })],
    {
      error:
        `must be a list of 1 to ${SYMBOLS_MAX} symbols such as ["AAPL", "MSFT"], a named one such as ` +
        `${NAMED_LIST}, or "*" for all there are`,
    },
  )
  .describe(
    `Symbols, a list of GET /symbol-lists such as ${NAMED_LIST}, or "*" for all that have the timeframe`,
  );

/** The body of `POST /batches`, before the rules that span several fields. */
const batchRequestShape = z.strictObject({
  strategy: strategySchema,
  symbols: symbolsSchema,
  timeframe: timeframeSchema.default("1D"),
  period: periodSchema.optional(),
  start: instantSchema.optional(),
  end: instantSchema.optional(),
  windows: z
    .array(windowSchema)
    .min(1)
    .max(WINDOWS_MAX)
    .optional()
    .describe("Several periods or ranges; each is a dimension of the grid"),
  walkForward: walkForwardSchema
    .optional()
    .describe("Training and test spans rolled over the bars of each symbol"),
  parameters: z
    .record(z.string().min(1).max(64), axisSchema)
    .refine((grid) => Object.keys(grid).length <= GRID_NAMES_MAX, `must name at most ${GRID_NAMES_MAX}`)
    .default({}),
  sample: z
    .strictObject({
      count: z.number().int().min(1).max(CELLS_MAX),
      seed: z.number().int().min(0).max(4_294_967_295).default(0),
    })
    .optional()
    .describe("Draws so many parameter sets from the grid, each once; the same seed draws the same"),
  options: optionsSchema.default({}),
  limits: limitsSchema.default({}),
  labels: labelsSchema.default({}),
  dryRun: z.boolean().default(false).describe("Answer what it would come to, and run nothing"),
});

export const batchRequestSchema = batchRequestShape.superRefine((request, context) => {
  const refuse = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: "custom", path, message });
  checkWindow(request, [], refuse);
  request.windows?.forEach((window, index) => checkWindow(window, ["windows", index], refuse));
  const ranged = [request.period, request.start, request.end].some((given) => given !== undefined);
  if (request.windows !== undefined && (ranged || request.walkForward !== undefined)) {
    refuse(["windows"], "cannot stand beside period, start, end or walkForward: send one of them");
  }
  for (const [name, axis] of Object.entries(request.parameters)) {
    const fault = Array.isArray(axis) ? faultOfList(axis) : faultOfRange(axis);
    if (fault !== undefined) refuse(["parameters", name], fault);
  }
  if (Array.isArray(request.symbols) && new Set(request.symbols).size < request.symbols.length) {
    refuse(["symbols"], "must name each symbol once");
  }
});
export type BatchRequest = z.infer<typeof batchRequestSchema>;

type Refuse = (path: (string | number)[], message: string) => void;

function checkWindow({ period, start, end }: WindowRequest, at: (string | number)[], refuse: Refuse): void {
  if (period !== undefined && (start !== undefined || end !== undefined)) {
    refuse([...at, "period"], "cannot stand beside start or end: send either a period or a range");
  }
  if (start !== undefined && end !== undefined && Date.parse(start) > endOf(end)) {
    refuse([...at, "end"], "must not lie before start");
  }
}

function faultOfList(values: readonly unknown[]): string | undefined {
  return new Set(values).size < values.length ? "must hold each value once" : undefined;
}

function faultOfRange(range: Range): string | undefined {
  const { from, to, step } = range;
  if (step === 0 || (to - from) / step < 0) return "needs a step that leads from `from` to `to`";
  const count = countOfRange(range);
  return count > CELLS_MAX ? `has ${count} values, and at most ${CELLS_MAX} are taken` : undefined;
}

/** How many values the range has; a last step that misses `to` by rounding alone counts. */
export function countOfRange({ from, to, step }: Range): number {
  return Math.floor((to - from) / step + 1e-9) + 1;
}

/** The value at a place of the range, without the dust of binary fractions: 0.3, not 0.30000000000000004. */
export function valueOfRange({ from, step }: Range, place: number): number {
  return Number((from + place * step).toPrecision(12));
}
