/** The seed's request as a request of ours. Lenient where existing clients are: unknown fields are only mentioned. */
import type { z } from "zod";
import { type ExecuteCodeRequest, executeCodeRequestSchema } from "../../shared/contract/execute-code.ts";
import { barSchema, type JobRequest, jobRequestSchema } from "../../shared/contract/job-request.ts";
import { fieldsOf, parseBars, refuseCrowd } from "../parse-job-request.ts";
import { invalidRequest } from "../problem-details.ts";
import { refuseLargeCode } from "../read-body.ts";
import { fieldErrors, parseOrRefuse } from "../zod-issues.ts";

export interface ReadExecuteCode {
  /** What the client sent. */
  given: ExecuteCodeRequest;
  request: JobRequest;
  /** About what was ignored. */
  warnings: string[];
}

const PARAMETERS_MAX = 64;
const NAMED_MAX = 20;
const KNOWN = new Set(Object.keys(executeCodeRequestSchema.shape));
const BAR_FIELDS = new Set(Object.keys(barSchema.shape));
/** How the fields of a job are called in the seed's request. */
const SEED_NAMES: Readonly<Record<string, string>> = {
  "strategy.code": "code",
  "strategy.id": "strategyId",
  bars: "marketData",
  start: "startDate",
  end: "endDate",
};

/** Throws 413 for too much source, and 422 naming each known field that is not valid. */
export async function readExecuteCode(body: unknown): Promise<ReadExecuteCode> {
  const sent = withoutNulls(body);
  refuseLargeCode(sent["code"]);
  refuseCrowd(sent, "parameters", PARAMETERS_MAX);
  const warnings = ignoredFields(sent);
  const { marketData: rows, ...rest } = sent;
  const given = parseOrRefuse(executeCodeRequestSchema, Array.isArray(rows) ? rest : sent);
  const bars = Array.isArray(rows) && rows.length > 0 ? await readBars(rows, warnings) : undefined;
  if (given.period !== undefined && (given.startDate ?? given.endDate) !== undefined) {
    warnings.push("period was ignored, since startDate or endDate says which bars to take");
  }
  return { given, request: jobRequest(given, bars), warnings };
}

/** Clients that write every field of a record send null for what they do not set. */
function withoutNulls(body: unknown): Record<string, unknown> {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    parseOrRefuse(executeCodeRequestSchema, body);
  return Object.fromEntries(Object.entries(fieldsOf(body)).filter(([, value]) => value !== null));
}

function ignoredFields(sent: Readonly<Record<string, unknown>>): string[] {
  const unknown = Object.keys(sent).filter((name) => !KNOWN.has(name));
  const named = unknown.slice(0, NAMED_MAX).map((name) => `unknown field ignored: ${name.slice(0, 100)}`);
  if (unknown.length > NAMED_MAX) named.push(`${unknown.length - NAMED_MAX} more unknown fields ignored`);
  return named;
}

async function readBars(rows: unknown[], warnings: string[]): Promise<NonNullable<JobRequest["bars"]>> {
  const extra = Object.keys(fieldsOf(rows[0])).filter((name) => !BAR_FIELDS.has(name));
  warnings.push(
    ...extra.slice(0, NAMED_MAX).map((name) => `unknown field ignored: marketData[].${name.slice(0, 100)}`),
  );
  return await parseBars(barSchema.strip(), "marketData", rows);
}

function jobRequest(given: ExecuteCodeRequest, bars: JobRequest["bars"]): JobRequest {
  const ranged = (given.startDate ?? given.endDate) !== undefined;
  const parsed = jobRequestSchema.safeParse({
    strategy: { code: given.code, language: given.language, id: given.strategyId },
    // Bars of the client's own stand instead of the symbol's; the answer names the symbol all the same.
    symbol: bars === undefined ? given.symbol : undefined,
    bars: bars?.slice(0, 1),
    timeframe: given.timeframe,
    period: ranged ? undefined : given.period,
    start: given.startDate,
    end: given.endDate,
    parameters: given.parameters,
  } satisfies z.input<typeof jobRequestSchema>);
  if (parsed.success) return { ...parsed.data, bars };
  throw invalidRequest(
    fieldErrors(parsed.error.issues).map(({ path, message }) => ({
      path: SEED_NAMES[path] ?? path,
      message,
    })),
  );
}
