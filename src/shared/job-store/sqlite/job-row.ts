/** Jobs as rows: what lists filter and order by is a column, the rest is JSON. */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { isTerminal } from "../../contract/job.ts";
import { StoreCorruptedError } from "../../errors.ts";
import { type JobChange, type JobRecord, jobRecordSchema, type ResultReference } from "../job-record.ts";
import type { StoredJob } from "../port.ts";

export type Row = Record<string, SQLOutputValue>;

/** In the order of encodeJob. */
export const JOB_COLUMNS =
  "id, owner, status, version, created_at, updated_at, started_at, finished_at, symbol, timeframe, strategy_id, " +
  "batch_id, request_hash, attempts, attempt_id, labels, failure, timings, summary, result, of_job, work";
export const JOB_COLUMN_COUNT = JOB_COLUMNS.split(",").length;

export function encodeJob(job: JobRecord): SQLInputValue[] {
  return [
    job.id,
    job.owner,
    job.status,
    job.version,
    job.createdAt,
    job.updatedAt,
    job.startedAt ?? null,
    endOf(job) ?? null,
    job.symbol ?? null,
    job.timeframe,
    job.strategyId ?? null,
    job.batchId ?? null,
    job.requestHash,
    job.attempts,
    job.attemptId ?? null,
    JSON.stringify(job.labels),
    encodeJson(job.failure),
    encodeJson(job.timings),
    encodeJson(job.summary),
    encodeJson(job.result),
    job.ofJob ?? null,
    job.work ?? null,
  ];
}

/** In the order of the SET clause of CHANGE_JOB; null keeps what is there. */
export function encodeChange(change: JobChange, result: ResultReference | undefined): SQLInputValue[] {
  return [
    change.status,
    change.version,
    change.updatedAt,
    change.startedAt ?? null,
    endOf(change) ?? null,
    change.attempts ?? null,
    change.attemptId ?? null,
    encodeJson(change.failure),
    encodeJson(change.timings),
    encodeJson(change.summary),
    encodeJson(result),
    change.ofJob ?? null,
    change.work ?? null,
  ];
}

/** Throws StoreCorruptedError where the row is not a job. */
export function decodeJob(row: Row): StoredJob {
  const parsed = jobRecordSchema.safeParse({
    id: row["id"],
    owner: row["owner"],
    status: row["status"],
    version: row["version"],
    createdAt: row["created_at"],
    updatedAt: row["updated_at"],
    startedAt: row["started_at"] ?? undefined,
    finishedAt: row["finished_at"] ?? undefined,
    symbol: row["symbol"] ?? undefined,
    timeframe: row["timeframe"],
    strategyId: row["strategy_id"] ?? undefined,
    batchId: row["batch_id"] ?? undefined,
    labels: decodeJson(row["labels"]),
    requestHash: row["request_hash"],
    attempts: row["attempts"],
    attemptId: row["attempt_id"] ?? undefined,
    failure: decodeJson(row["failure"]),
    timings: decodeJson(row["timings"]),
    summary: decodeJson(row["summary"]),
    result: decodeJson(row["result"]),
    ofJob: row["of_job"] ?? undefined,
    work: row["work"] ?? undefined,
  });
  if (!parsed.success) {
    throw new StoreCorruptedError(
      `Job ${String(row["id"])} is not readable in the job store: ${parsed.error.message}`,
    );
  }
  return { job: parsed.data, fence: fenceOf(parsed.data) };
}

/** The version alone: every write raises it. */
export function fenceOf(job: JobRecord): string {
  return String(job.version);
}

/** A terminal job always has an end: retention goes by it. */
function endOf(job: Pick<JobRecord, "status" | "updatedAt" | "finishedAt">): number | undefined {
  return job.finishedAt ?? (isTerminal(job.status) ? job.updatedAt : undefined);
}

function encodeJson(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** What is not JSON stays text, which the schema refuses. */
export function decodeJson(text: SQLOutputValue | undefined): unknown {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
