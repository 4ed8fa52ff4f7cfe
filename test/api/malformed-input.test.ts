import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProblemCode } from "../../src/shared/contract/problem.ts";
import type { Sent } from "./support/http.ts";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

let room: Room;
beforeAll(async () => {
  room = await startRoom();
});
afterAll(() => room.stop());

const NO_JOB = "0".repeat(26);
const bar = (timestamp: string) => ({ timestamp, open: 1, high: 2, low: 1, close: 2, volume: 3 });

interface Case {
  what: string;
  path: string;
  sent?: Sent;
  status: number;
  code: ProblemCode;
  /** Fields that the problem must name. */
  fields?: string[];
}

const job = (change: object, fields: string[], what: string): Case => ({
  what,
  path: "/v1/jobs",
  sent: { body: { ...SMALL_JOB, ...change } },
  status: 422,
  code: "invalid_request",
  fields,
});

const CASES: Case[] = [
  {
    what: "a body that is not JSON",
    path: "/v1/jobs",
    sent: { body: "{nope" },
    status: 400,
    code: "malformed_json",
  },
  {
    what: "an empty body",
    path: "/v1/jobs",
    sent: { method: "POST", headers: { "Content-Type": "application/json" } },
    status: 400,
    code: "malformed_json",
  },
  {
    what: "a body of another media type",
    path: "/v1/jobs",
    sent: { body: "a=1", headers: { "Content-Type": "text/plain" } },
    status: 415,
    code: "unsupported_media_type",
  },
  {
    what: "a body without a media type",
    path: "/v1/jobs",
    sent: { method: "POST" },
    status: 415,
    code: "unsupported_media_type",
  },
  {
    what: "a body in an unknown encoding",
    path: "/v1/jobs",
    sent: { body: "{}", headers: { "Content-Encoding": "zip" } },
    status: 415,
    code: "unsupported_media_type",
  },
  {
    what: "a body in an unknown charset",
    path: "/v1/jobs",
    sent: { body: "{}", headers: { "Content-Type": "application/json; charset=koi8-r" } },
    status: 415,
    code: "unsupported_media_type",
  },
  {
    what: "a list instead of an object",
    path: "/v1/jobs",
    sent: { body: [] },
    status: 422,
    code: "invalid_request",
    fields: ["body"],
  },
  {
    what: "null instead of an object",
    path: "/v1/jobs",
    sent: { body: "null" },
    status: 422,
    code: "invalid_request",
    fields: ["body"],
  },
  {
    what: "nothing that is required",
    path: "/v1/jobs",
    sent: { body: {} },
    status: 422,
    code: "invalid_request",
    fields: ["strategy"],
  },
  job({ surprise: 1, another: 2 }, ["surprise", "another"], "unknown fields"),
  job({ options: { comission: 1 } }, ["options.comission"], "an unknown option"),
  job({ strategy: { code: "" } }, ["strategy.code"], "an empty strategy"),
  job({ strategy: { code: "x", language: "java" } }, ["strategy.language"], "another language"),
  job({ symbol: "../etc/passwd" }, ["symbol"], "a symbol with a path in it"),
  job({ symbol: undefined }, ["symbol"], "neither symbol nor bars"),
  job({ bars: [bar("2024-01-02")] }, ["symbol"], "symbol and bars together"),
  job({ timeframe: "2D" }, ["timeframe"], "an unknown timeframe"),
  job({ period: "1y", start: "2024-01-01" }, ["period"], "a period beside a start"),
  job({ start: "2024-02-30" }, ["start"], "a day that does not exist"),
  job({ start: "2024-02-02", end: "2024-02-01" }, ["end"], "an end before the start"),
  job({ parameters: { fast: null } }, ["parameters.fast"], "a parameter that is null"),
  job(
    { parameters: Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`p${n}`, n])) },
    ["parameters"],
    "too many parameters",
  ),
  job(
    { labels: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`l${n}`, ""])) },
    ["labels"],
    "too many labels",
  ),
  job({ limits: { timeoutSeconds: 31 } }, ["limits.timeoutSeconds"], "a limit above the limit"),
  job(
    { options: { riskFreeRate: 0.04 } },
    ["options.riskFreeRate"],
    "a rate a year where one a bar is wanted",
  ),
  job(
    { symbol: undefined, bars: [{ ...bar("2024-01-02"), open: "1" }] },
    ["bars[0].open"],
    "a price as text",
  ),
  job({ symbol: undefined, bars: [] }, ["bars"], "no bars"),
  job({ symbol: undefined, bars: Array.from({ length: 20_001 }, () => 0) }, ["bars"], "too many bars"),
  job(
    { symbol: undefined, bars: [...Array.from({ length: 900 }, () => bar("2024-01-02")), {}] },
    ["bars[900].timestamp", "bars[900].open"],
    "a wrong bar far back",
  ),
  {
    what: "source over 64 KB",
    path: "/v1/jobs",
    sent: { body: { ...SMALL_JOB, strategy: { code: "é".repeat(33_000) } } },
    status: 413,
    code: "code_too_large",
  },
  {
    what: "a body over 8 MB",
    path: "/v1/jobs",
    sent: { body: `"${"x".repeat(8 * 1024 * 1024)}"` },
    status: 413,
    code: "payload_too_large",
  },
  {
    what: "a small gzip body that unfolds over 8 MB",
    path: "/v1/jobs",
    sent: { body: gzipSync(Buffer.alloc(9 * 1024 * 1024, 32)), headers: { "Content-Encoding": "gzip" } },
    status: 413,
    code: "payload_too_large",
  },
  {
    what: "an Idempotency-Key with spaces",
    path: "/v1/jobs",
    sent: { body: SMALL_JOB, headers: { "Idempotency-Key": "a b" } },
    status: 422,
    code: "invalid_request",
    fields: ["Idempotency-Key"],
  },
  {
    what: "an Idempotency-Key that is too long",
    path: "/v1/jobs",
    sent: { body: SMALL_JOB, headers: { "Idempotency-Key": "k".repeat(129) } },
    status: 422,
    code: "invalid_request",
    fields: ["Idempotency-Key"],
  },
  {
    what: "a query on a route that has none",
    path: "/v1/jobs?dryRun=1",
    sent: { body: SMALL_JOB },
    status: 422,
    code: "invalid_request",
    fields: ["dryRun"],
  },
  { what: "an id that is none", path: "/v1/jobs/12", status: 404, code: "not_found" },
  { what: "an id of nobody's job", path: `/v1/jobs/${NO_JOB}`, status: 404, code: "not_found" },
  {
    what: "a wait that is no number",
    path: `/v1/jobs/${NO_JOB}?wait=soon`,
    status: 422,
    code: "invalid_request",
    fields: ["wait"],
  },
  {
    what: "a wait over 30 s",
    path: `/v1/jobs/${NO_JOB}?wait=31`,
    status: 422,
    code: "invalid_request",
    fields: ["wait"],
  },
  {
    what: "a path that cannot be decoded",
    path: "/v1/jobs/%E0%A4%A",
    status: 400,
    code: "malformed_request",
  },
  { what: "the result of nobody's job", path: `/v1/jobs/${NO_JOB}/result`, status: 404, code: "not_found" },
  {
    what: "the trades of nobody's job",
    path: `/v1/jobs/${NO_JOB}/result/trades`,
    status: 404,
    code: "not_found",
  },
  {
    what: "an unknown table of a result",
    path: `/v1/jobs/${NO_JOB}/result/orders`,
    status: 404,
    code: "not_found",
  },
  {
    what: "a result as XML",
    path: `/v1/jobs/${NO_JOB}/result/trades`,
    sent: { headers: { Accept: "application/xml" } },
    status: 406,
    code: "not_acceptable",
  },
  {
    what: "the whole result as CSV",
    path: `/v1/jobs/${NO_JOB}/result`,
    sent: { headers: { Accept: "text/csv" } },
    status: 406,
    code: "not_acceptable",
  },
  { what: "the events of nobody's job", path: `/v1/jobs/${NO_JOB}/events`, status: 404, code: "not_found" },
  {
    what: "cancelling nobody's job",
    path: `/v1/jobs/${NO_JOB}/cancel`,
    sent: { method: "POST" },
    status: 404,
    code: "not_found",
  },
  {
    what: "an unknown filter",
    path: "/v1/jobs?state=queued",
    status: 422,
    code: "invalid_request",
    fields: ["state"],
  },
  {
    what: "an unknown status",
    path: "/v1/jobs?status=done",
    status: 422,
    code: "invalid_request",
    fields: ["status"],
  },
  {
    what: "a filter given twice",
    path: "/v1/jobs?status=queued&status=failed",
    status: 422,
    code: "invalid_request",
    fields: ["status"],
  },
  { what: "a limit of 0", path: "/v1/jobs?limit=0", status: 422, code: "invalid_request", fields: ["limit"] },
  {
    what: "a limit over the limit",
    path: "/v1/jobs?limit=201",
    status: 422,
    code: "invalid_request",
    fields: ["limit"],
  },
  {
    what: "a cursor of somebody else's making",
    path: "/v1/jobs?cursor=abc",
    status: 422,
    code: "invalid_request",
    fields: ["cursor"],
  },
  {
    what: "a strategy to validate that is none",
    path: "/v1/validate",
    sent: { body: { code: 1 } },
    status: 422,
    code: "invalid_request",
    fields: ["code"],
  },
  {
    what: "an unknown field beside it",
    path: "/v1/validate",
    sent: { body: { code: "x", symbol: "AAPL" } },
    status: 422,
    code: "invalid_request",
    fields: ["symbol"],
  },
  {
    what: "source over 64 KB to validate",
    path: "/v1/validate",
    sent: { body: { code: "x".repeat(65_537) } },
    status: 413,
    code: "code_too_large",
  },
  {
    what: "a body to validate beyond all source",
    path: "/v1/validate",
    sent: { body: { code: "x".repeat(500_000) } },
    status: 413,
    code: "payload_too_large",
  },
  { what: "an unknown symbol", path: "/v1/symbols/NOPE", status: 404, code: "not_found" },
  {
    what: "a symbol that could be a path",
    path: "/v1/symbols/..%2F..%2Fetc",
    status: 404,
    code: "not_found",
  },
  {
    what: "a cursor of symbols of somebody else's making",
    path: "/v1/symbols?cursor=%C3%A9",
    status: 422,
    code: "invalid_request",
    fields: ["cursor"],
  },
  {
    what: "execute-code without code",
    path: "/v1/strategies/execute-code",
    sent: { body: { symbol: "AAPL" } },
    status: 422,
    code: "invalid_request",
    fields: ["code"],
  },
  {
    what: "execute-code without a symbol",
    path: "/v1/strategies/execute-code",
    sent: { body: { code: "x" } },
    status: 422,
    code: "invalid_request",
    fields: ["symbol"],
  },
  {
    what: "execute-code with a wrong bar",
    path: "/v1/strategies/execute-code",
    sent: { body: { code: "x", symbol: "AAPL", marketData: [{ timestamp: "yesterday" }] } },
    status: 422,
    code: "invalid_request",
    fields: ["marketData[0].timestamp", "marketData[0].close"],
  },
  {
    what: "execute-code with an end before its start",
    path: "/v1/strategies/execute-code",
    sent: { body: { code: "x", symbol: "AAPL", startDate: "2024-02-02", endDate: "2024-02-01" } },
    status: 422,
    code: "invalid_request",
    fields: ["endDate"],
  },
  {
    what: "execute-code with source over 64 KB",
    path: "/v1/strategies/execute-code",
    sent: { body: { code: "x".repeat(65_537), symbol: "AAPL" } },
    status: 413,
    code: "code_too_large",
  },
  {
    what: "execute-code with a list",
    path: "/v1/strategies/execute-code",
    sent: { body: [] },
    status: 422,
    code: "invalid_request",
    fields: ["body"],
  },
  {
    what: "a route that is not there",
    path: "/v1/batches",
    sent: { body: {} },
    status: 404,
    code: "not_found",
  },
  {
    what: "an API key in the query",
    path: "/v1/jobs?api_key=abc",
    status: 400,
    code: "credentials_in_query",
  },
  {
    what: "a token in the query",
    path: "/v1/jobs?access_token=abc",
    status: 400,
    code: "credentials_in_query",
  },
  {
    what: "one of our keys under another name",
    path: "/v1/jobs?q=stz_abcdef",
    status: 400,
    code: "credentials_in_query",
  },
];

describe("what cannot be understood is refused by name", () => {
  test.each(CASES)("$what: $status $code", async ({ path, sent, status, code, fields = [] }) => {
    const answer = await room.ask(path, sent);
    const problem = answer.problem();
    expect(problem).toMatchObject({ status, code, requestId: answer.headers["x-request-id"] });
    expect(answer.status).toBe(status);
    const named = (problem.errors ?? []).map((error) => error.path);
    for (const field of fields) expect(named).toContain(field);
    if (fields.length > 0) expect(problem.errors?.every(({ message }) => message.length > 5)).toBe(true);
  });
});

test("every route names the methods it knows to those who use another", async () => {
  for (const [path, allow] of [
    ["/v1/jobs", "GET"],
    [`/v1/jobs/${NO_JOB}`, "GET"],
    [`/v1/jobs/${NO_JOB}/cancel`, "POST"],
    ["/v1/validate", "POST"],
    ["/v1/strategies/execute-code", "POST"],
    ["/healthz", "GET"],
  ]) {
    const answer = await room.ask(path ?? "", { method: "PUT" });
    expect(answer.problem().code).toBe("method_not_allowed");
    expect(answer.headers.allow).toContain(allow);
    const options = await room.ask(path ?? "", { method: "OPTIONS" });
    expect([options.status, options.headers.allow]).toEqual([204, answer.headers.allow]);
    expect(options.headers["access-control-allow-origin"]).toBeUndefined();
  }
});

test("a body with a million wrong entries is refused briefly, and others are answered meanwhile", async () => {
  const hostile = room.ask("/v1/jobs", {
    body: {
      strategy: { code: "x" },
      bars: Array.from({ length: 20_000 }, () => ({ a: 1, b: 2 })),
      ...Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`unknown${n}`, 0])),
    },
  });
  const alive = await room.ask("/healthz");
  expect(alive.status).toBe(200);
  const problem = (await hostile).problem();
  expect(problem.errors?.length).toBeLessThanOrEqual(20);
});

test("a request id that could forge a log line is replaced, a proper one comes back", async () => {
  const proper = await room.ask("/healthz", { headers: { "X-Request-Id": "client-7:a.b_c" } });
  expect(proper.headers["x-request-id"]).toBe("client-7:a.b_c");
  const forged = await room.ask("/healthz", { headers: { "X-Request-Id": '{"level":"fatal"}' } });
  expect(forged.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
});
