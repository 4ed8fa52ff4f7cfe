/** Every statement of the adapter, prepared once. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { ListFilter } from "../port.ts";
import { JOB_COLUMN_COUNT, JOB_COLUMNS, type Row } from "./job-row.ts";

const PLACEHOLDERS = Array.from({ length: JOB_COLUMN_COUNT }, () => "?").join(", ");

/** The partial index on unfinished jobs serves only queries with this very expression. */
const UNFINISHED = "status IN ('queued', 'running')";

/** Parameters: those of encodeChange, then id, fence, version. */
const CHANGE_JOB = `
UPDATE jobs SET
  status = ?, version = ?, updated_at = ?,
  started_at = coalesce(?, started_at), finished_at = coalesce(?, finished_at),
  attempts = coalesce(?, attempts), attempt_id = coalesce(?, attempt_id),
  failure = coalesce(?, failure), timings = coalesce(?, timings),
  summary = coalesce(?, summary), result = coalesce(?, result), of_job = coalesce(?, of_job),
  work = coalesce(?, work)
WHERE id = ? AND version = ? AND version < ? AND ${UNFINISHED}
RETURNING seq, ${JOB_COLUMNS}`;

const FILTER_COLUMNS = [
  ["status", "status"],
  ["symbol", "symbol"],
  ["strategyId", "strategy_id"],
  ["batchId", "batch_id"],
] as const satisfies readonly (readonly [keyof ListFilter, string])[];

export type Statements = ReturnType<typeof prepareStatements>;

export function prepareStatements(db: DatabaseSync) {
  return {
    insertJob: db.prepare(
      `INSERT INTO jobs (${JOB_COLUMNS}) VALUES (${PLACEHOLDERS}) ON CONFLICT (id) DO NOTHING`,
    ),
    insertRequest: db.prepare("INSERT INTO requests (job_seq, request) VALUES (?, ?)"),
    insertPart: db.prepare("INSERT INTO result_parts (job_seq, attempt_id, part, bytes) VALUES (?, ?, ?, ?)"),
    changeJob: db.prepare(CHANGE_JOB),
    job: db.prepare(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = ?`),
    jobOfWork: db.prepare(`SELECT ${JOB_COLUMNS} FROM jobs WHERE work = ? LIMIT 1`),
    anyWork: db.prepare("SELECT 1 FROM jobs WHERE work > '' LIMIT 1"),
    request: db.prepare("SELECT request FROM requests WHERE job_seq = (SELECT seq FROM jobs WHERE id = ?)"),
    parts: db.prepare(
      `SELECT bytes FROM result_parts WHERE job_seq = (SELECT seq FROM jobs WHERE id = ?) AND attempt_id = ?
       ORDER BY part`,
    ),
    unfinished: db.prepare(
      `SELECT ${JOB_COLUMNS} FROM jobs WHERE ${UNFINISHED} AND updated_at < ? AND (updated_at, id) > (?, ?)
       ORDER BY updated_at, id LIMIT ?`,
    ),
    finishedBefore: db.prepare(
      `SELECT seq FROM jobs WHERE finished_at < ? AND NOT (${UNFINISHED}) ORDER BY finished_at LIMIT ?`,
    ),
    deleteParts: db.prepare("DELETE FROM result_parts WHERE job_seq = ?"),
    deleteRequest: db.prepare("DELETE FROM requests WHERE job_seq = ?"),
    deleteJob: db.prepare("DELETE FROM jobs WHERE seq = ?"),
    checkWrite: db.prepare(
      `INSERT INTO write_check (one, checked_at) VALUES (1, ?)
       ON CONFLICT (one) DO UPDATE SET checked_at = excluded.checked_at`,
    ),
    listOfOwner: prepareLists(db),
  };
}

/** One statement for each combination of filters, made when it is first asked for. */
function prepareLists(db: DatabaseSync) {
  const prepared = new Map<string, StatementSync>();
  return (owner: string, filter: ListFilter, before: { time: number; id: string }, limit: number): Row[] => {
    const given = FILTER_COLUMNS.filter(([name]) => filter[name] !== undefined);
    const conditions = ["owner = ?", ...given.map(([, column]) => `${column} = ?`)].join(" AND ");
    let statement = prepared.get(conditions);
    if (statement === undefined) {
      statement = db.prepare(
        `SELECT ${JOB_COLUMNS} FROM jobs WHERE ${conditions} AND (created_at, id) < (?, ?)
         ORDER BY created_at DESC, id DESC LIMIT ?`,
      );
      prepared.set(conditions, statement);
    }
    const values: SQLInputValue[] = given.map(([name]) => filter[name] ?? null);
    return statement.all(owner, ...values, before.time, before.id, limit);
  };
}
