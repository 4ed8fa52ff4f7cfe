import { z } from "zod";
import { type JobResult, signalSchema, tradeSchema } from "../../shared/contract/job-result.ts";
import type { JobStore } from "../../shared/job-store/port.ts";
import { type Cell, formatCsv } from "../csv.ts";
import { jobIdParams, readOwnJob } from "../own-job.ts";
import { HttpProblem } from "../problem-details.ts";
import { refuseQuery } from "../read-query.ts";
import { readResult } from "../read-result.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";

type Row = Readonly<Record<string, Cell>>;

interface ResultTable {
  name: "trades" | "equity" | "signals";
  summary: string;
  row: z.ZodObject;
  rows(result: JobResult): Row[];
}

const equityPointSchema = z.object({ timestamp: z.string(), equity: z.number() });

const TABLES: readonly ResultTable[] = [
  {
    name: "trades",
    summary: "The trades of a result",
    row: tradeSchema,
    rows: (result) => result.trades,
  },
  {
    name: "equity",
    summary: "The equity curve of a result, one point a bar",
    row: equityPointSchema,
    rows: (result) =>
      result.equityCurve.map((equity, bar) => ({ timestamp: result.timestamps[bar], equity })),
  },
  {
    name: "signals",
    summary: "The signals of a result",
    row: signalSchema,
    rows: (result) => result.signals,
  },
];

/** GET /jobs/:id/result/trades, /equity and /signals: tables, as JSON or as CSV. */
export function resultTableRoutes(parts: { store: JobStore }): Route[] {
  return TABLES.map((table) => resultTableRoute(parts, table));
}

function resultTableRoute({ store }: { store: JobStore }, table: ResultTable): Route {
  const columns = Object.keys(table.row.shape);
  return {
    method: "get",
    path: `/jobs/:id/result/${table.name}`,
    access: "owner",
    tag: "Results",
    summary: table.summary,
    params: jobIdParams,
    headers: { Accept: "application/json, or text/csv" },
    answers: {
      200: {
        description: `As JSON, or as CSV with the columns ${columns.join(", ")}`,
        content: {
          "application/json": z.object({ items: z.array(table.row), nextCursor: z.null() }),
          "text/csv": z.string(),
        },
      },
    },
    problems: ["not_found", "job_unfinished", "no_result", "not_acceptable"],
    compress: true,
    async handle({ request, response, owner }) {
      refuseQuery(request);
      const type = request.accepts(["application/json", "text/csv"]);
      if (type === false) throw new HttpProblem("not_acceptable", "Ask for application/json or text/csv.");
      const { job } = await readOwnJob(store, owner, request);
      const rows = table.rows(await readResult(store, job));
      response.vary("Accept");
      if (type === "application/json") {
        sendJson(response, 200, { items: rows, nextCursor: null });
        return;
      }
      response.setHeader("Content-Type", "text/csv; charset=utf-8");
      response.setHeader("Content-Disposition", `attachment; filename="${job.id}-${table.name}.csv"`);
      response.end(formatCsv(columns, rows));
    },
  };
}
