/** The OpenAPI document, made from the routes themselves: what is not described here is not served. */
import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  type ResponseConfig,
  type RouteConfig,
  zodToOpenAPIRegistry,
} from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import {
  batchAcceptedSchema,
  batchEstimateSchema,
  batchListSchema,
  batchSchema,
  cellListSchema,
  cellSchema,
  heatmapSchema,
} from "../shared/contract/batch.ts";
import { batchRequestSchema } from "../shared/contract/batch-request.ts";
import { executeCodeRequestSchema, executeCodeResponseSchema } from "../shared/contract/execute-code.ts";
import { executionHealthSchema } from "../shared/contract/health.ts";
import {
  failureSchema,
  jobAcceptedSchema,
  jobListSchema,
  jobSchema,
  metricsSchema,
  summarySchema,
  timingsSchema,
  waitingSchema,
} from "../shared/contract/job.ts";
import { barSchema, jobRequestSchema, optionsSchema } from "../shared/contract/job-request.ts";
import {
  assumptionsSchema,
  jobResultSchema,
  signalSchema,
  tradeSchema,
} from "../shared/contract/job-result.ts";
import { PROBLEMS, type ProblemCode, problemSchema } from "../shared/contract/problem.ts";
import {
  availableSymbolSchema,
  namedSymbolsSchema,
  symbolListSchema,
  symbolListsSchema,
} from "../shared/contract/symbols.ts";
import { validateRequestSchema, validationSchema } from "../shared/contract/validation.ts";
import type { Route, RouteAnswer } from "./route.ts";

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31["generateDocument"]>;

const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  JobRequest: jobRequestSchema,
  Bar: barSchema,
  BacktestOptions: optionsSchema,
  Job: jobSchema,
  JobAccepted: jobAcceptedSchema,
  JobList: jobListSchema,
  Failure: failureSchema,
  Timings: timingsSchema,
  Summary: summarySchema,
  Waiting: waitingSchema,
  Metrics: metricsSchema,
  JobResult: jobResultSchema,
  Signal: signalSchema,
  Trade: tradeSchema,
  Assumptions: assumptionsSchema,
  ExecuteCodeRequest: executeCodeRequestSchema,
  ExecuteCodeResponse: executeCodeResponseSchema,
  ExecutionHealth: executionHealthSchema,
  ValidateRequest: validateRequestSchema,
  Validation: validationSchema,
  AvailableSymbol: availableSymbolSchema,
  SymbolList: symbolListSchema,
  SymbolLists: symbolListsSchema,
  NamedSymbols: namedSymbolsSchema,
  BatchRequest: batchRequestSchema,
  Batch: batchSchema,
  BatchAccepted: batchAcceptedSchema,
  BatchEstimate: batchEstimateSchema,
  BatchList: batchListSchema,
  BatchCell: cellSchema,
  BatchCellList: cellListSchema,
  Heatmap: heatmapSchema,
  Problem: problemSchema,
};

export function buildOpenApi(routes: readonly Route[]): OpenApiDocument {
  for (const [refId, schema] of Object.entries(COMPONENTS))
    zodToOpenAPIRegistry.add(schema, { _internal: { refId } });
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  registry.registerComponent("securitySchemes", "apiKey", {
    type: "apiKey",
    in: "header",
    name: "X-API-Key",
  });
  for (const route of routes) registry.registerPath(describeRoute(route));
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Strategiz Execution Worker",
      version: "1",
      description:
        "Runs Python trading strategies: submit one, get an id at once, then poll, stream or wait for signals and " +
        "an honest backtest. Every route is there under /v1 and under /.",
    },
    servers: [{ url: "/" }],
  });
}

function describeRoute(route: Route): RouteConfig {
  const { method, path, tag, summary, description, params, query, headers, body, access } = route;
  return {
    method,
    path: `/v1${path.replace(/:(\w+)/g, "{$1}")}`,
    tags: [tag],
    summary,
    description,
    security: access === "public" ? [] : [{ bearer: [] }, { apiKey: [] }],
    request: {
      params: params === undefined ? undefined : z.object(params),
      query,
      headers: headers === undefined ? undefined : z.object(describedHeaders(headers)),
      body: body && { required: true, content: { "application/json": { schema: body.schema } } },
    },
    responses: { ...describeAnswers(route.answers), ...describeProblems(problemsOf(route), route.answers) },
  };
}

function describedHeaders(headers: Readonly<Record<string, string>>): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, does]) => [name, z.string().optional().describe(does)]),
  );
}

function describeAnswers(answers: Route["answers"]): Record<string, ResponseConfig> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { description, content, headers }]) => [
      status,
      { description, content: mediaTypes(content), headers: headers && z.object(describedHeaders(headers)) },
    ]),
  );
}

function mediaTypes(content: RouteAnswer["content"]): ResponseConfig["content"] {
  return content && Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }]));
}

/** What any route can answer, beside its own. */
function problemsOf({ access, unlimited, problems = [], query, body }: Route): ProblemCode[] {
  const common: ProblemCode[] = ["malformed_request", "credentials_in_query", "internal", "unavailable"];
  if (access === "owner") common.push("unauthenticated", "token_expired", "forbidden", "insufficient_scope");
  if (unlimited !== true) common.push("rate_limited");
  if (query !== undefined || body !== undefined) common.push("invalid_request");
  return [...common, ...problems];
}

/** One answer a status, naming its codes; a status that answers something else too keeps that. */
function describeProblems(
  codes: readonly ProblemCode[],
  answers: Route["answers"],
): Record<string, ResponseConfig> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const [status] = PROBLEMS[code];
    if (answers[status] === undefined) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        description: same.map((code) => `${code}: ${PROBLEMS[code][1]}`).join("; "),
        content: { "application/problem+json": { schema: problemSchema } },
      },
    ]),
  );
}
