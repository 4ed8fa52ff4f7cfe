/**
 * The body of `POST /jobs` as a request. Schema first, but never all of a hostile body: what could hold a million
 * wrong entries is counted before it is parsed, and bars are parsed a slice at a time, so that 20,000 of them
 * (60 ms) do not keep other requests waiting.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { z } from "zod";
import { barSchema, type JobRequest, jobRequestSchema } from "../shared/contract/job-request.ts";
import { BARS_MAX } from "../shared/contract/values.ts";
import { type FieldError, invalidRequest } from "./problem-details.ts";
import { refuseLargeCode } from "./read-body.ts";
import { FIELD_ERRORS_MAX, fieldErrors, parseOrRefuse } from "./zod-issues.ts";

/** So many bars are parsed with the rest of the request, or between two turns of the event loop. */
const SLICE = 500;
const LABELS_MAX = 16;
const PARAMETERS_MAX = 64;

type Fields = Readonly<Record<string, unknown>>;

/** Throws 413 for too much source, and 422 naming each field that is not valid. */
export function parseJobRequest(body: unknown): JobRequest | Promise<JobRequest> {
  const fields = fieldsOf(body);
  refuseLargeCode(fieldsOf(fields["strategy"])["code"]);
  refuseCrowd(fields, "parameters", PARAMETERS_MAX);
  refuseCrowd(fields, "labels", LABELS_MAX);
  const bars = fields["bars"];
  if (!Array.isArray(bars) || bars.length <= SLICE) return parseOrRefuse(jobRequestSchema, body);
  return parseInSlices(fields, bars);
}

async function parseInSlices(fields: Fields, given: unknown[]): Promise<JobRequest> {
  const bars = await parseBars(barSchema, "bars", given);
  const request = parseOrRefuse(jobRequestSchema, { ...fields, bars: bars.slice(0, 1) });
  return { ...request, bars };
}

/** The bars, each parsed by `schema`. Throws 422 naming the first wrong ones under `field`. */
export async function parseBars<Output>(
  schema: z.ZodType<Output>,
  field: string,
  given: unknown[],
): Promise<Output[]> {
  if (given.length > BARS_MAX) {
    throw invalidRequest([
      { path: field, message: `must have at most ${BARS_MAX} bars, and has ${given.length}` },
    ]);
  }
  const bars: Output[] = [];
  const errors: FieldError[] = [];
  for (const [index, bar] of given.entries()) {
    if (index > 0 && index % SLICE === 0) await nextTurn();
    const parsed = schema.safeParse(bar);
    if (parsed.success) bars.push(parsed.data);
    else errors.push(...fieldErrors(parsed.error.issues, `${field}[${index}]`));
    if (errors.length >= FIELD_ERRORS_MAX) break;
  }
  if (errors.length > 0) throw invalidRequest(errors.slice(0, FIELD_ERRORS_MAX));
  return bars;
}

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function refuseCrowd(fields: Fields, name: string, max: number): void {
  const count = Object.keys(fieldsOf(fields[name])).length;
  if (count > max)
    throw invalidRequest([{ path: name, message: `must have at most ${max} ${name}, and has ${count}` }]);
}
