import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { problemSchema } from "../../src/shared/contract/problem.ts";
import { testRefusals } from "./support/refusals.ts";
import { type Room, startRoom } from "./support/room.ts";

let room: Room;
beforeAll(async () => {
  room = await startRoom({ withoutRedis: true });
});
afterAll(() => room.stop());

const NOBODYS = `/v1/jobs/${"0".repeat(26)}`;
const SEED = "/v1/strategies/execute-code";
const LONG = "x".repeat(65_537);
const accept = (type: string) => ({ headers: { Accept: type } });
const dates = { startDate: "2024-02-02", endDate: "2024-02-01" };

testRefusals(
  () => room,
  [
    ["an id that is none", "/v1/jobs/12", {}, "not_found"],
    ["an id of nobody's job", NOBODYS, {}, "not_found"],
    ["a wait that is no number", `${NOBODYS}?wait=soon`, {}, "invalid_request", "wait"],
    ["a wait over 30 s", `${NOBODYS}?wait=31`, {}, "invalid_request", "wait"],
    ["a path that cannot be decoded", "/v1/jobs/%E0%A4%A", {}, "malformed_request"],
    ["the result of nobody's job", `${NOBODYS}/result`, {}, "not_found"],
    ["the trades of nobody's job", `${NOBODYS}/result/trades`, {}, "not_found"],
    ["an unknown table", `${NOBODYS}/result/orders`, {}, "not_found"],
    ["a table as XML", `${NOBODYS}/result/trades`, accept("application/xml"), "not_acceptable"],
    ["the whole result as CSV", `${NOBODYS}/result`, accept("text/csv"), "not_acceptable"],
    ["the events of nobody's job", `${NOBODYS}/events`, {}, "not_found"],
    ["cancelling nobody's job", `${NOBODYS}/cancel`, { method: "POST" }, "not_found"],
    ["an unknown filter", "/v1/jobs?state=queued", {}, "invalid_request", "state"],
    ["an unknown status", "/v1/jobs?status=done", {}, "invalid_request", "status"],
    ["a filter given twice", "/v1/jobs?status=queued&status=failed", {}, "invalid_request", "status"],
    ["a limit of 0", "/v1/jobs?limit=0", {}, "invalid_request", "limit"],
    ["a limit over the limit", "/v1/jobs?limit=201", {}, "invalid_request", "limit"],
    ["a cursor not of our making", "/v1/jobs?cursor=abc", {}, "invalid_request", "cursor"],
    ["code that is no text", "/v1/validate", { body: { code: 1 } }, "invalid_request", "code"],
    ["a field too many", "/v1/validate", { body: { code: "x", symbol: "A" } }, "invalid_request", "symbol"],
    ["long source to validate", "/v1/validate", { body: { code: LONG } }, "code_too_large"],
    ["far too much to validate", "/v1/validate", { body: { code: LONG.repeat(8) } }, "payload_too_large"],
    ["an unknown symbol", "/v1/symbols/NOPE", {}, "not_found"],
    ["a symbol that could be a path", "/v1/symbols/..%2F..%2Fetc", {}, "not_found"],
    ["a symbols cursor not of our making", "/v1/symbols?cursor=%C3%A9", {}, "invalid_request", "cursor"],
    ["execute-code without code", SEED, { body: { symbol: "AAPL" } }, "invalid_request", "code"],
    ["execute-code without a symbol", SEED, { body: { code: "x" } }, "invalid_request", "symbol"],
    [
      "execute-code with a wrong bar",
      SEED,
      { body: { code: "x", symbol: "AAPL", marketData: [{ timestamp: "yesterday" }] } },
      "invalid_request",
      "marketData[0].timestamp",
      "marketData[0].close",
    ],
    ["an end too early", SEED, { body: { code: "x", symbol: "A", ...dates } }, "invalid_request", "endDate"],
    ["execute-code with long source", SEED, { body: { code: LONG, symbol: "A" } }, "code_too_large"],
    ["execute-code with a list", SEED, { body: [] }, "invalid_request", "body"],
    ["a route that is not there", "/v1/portfolios", { body: {} }, "not_found"],
    ["an API key in the query", "/v1/jobs?api_key=abc", {}, "credentials_in_query"],
    ["a token in the query", "/v1/jobs?access_token=abc", {}, "credentials_in_query"],
    ["a key under another name", "/v1/jobs?q=stz_abcdef", {}, "credentials_in_query"],
  ],
);

test.each([
  ["/v1/jobs", "GET"],
  [NOBODYS, "GET"],
  [`${NOBODYS}/cancel`, "POST"],
  ["/v1/validate", "POST"],
  [SEED, "POST"],
  ["/healthz", "GET"],
])("%s names the methods that it knows", async (path, method) => {
  const answer = await room.ask(path, { method: "PUT" });
  expect(answer.problem().code).toBe("method_not_allowed");
  expect(answer.headers.allow).toContain(method);
  const options = await room.ask(path, { method: "OPTIONS" });
  expect([options.status, options.headers.allow]).toEqual([204, answer.headers.allow]);
  expect(options.headers["access-control-allow-origin"]).toBeUndefined();
});

test("a request id that could forge a log line is replaced, a proper one comes back", async () => {
  const proper = await room.ask("/healthz", { headers: { "X-Request-Id": "client-7:a.b_c" } });
  expect(proper.headers["x-request-id"]).toBe("client-7:a.b_c");
  const forged = await room.ask("/healthz", { headers: { "X-Request-Id": '{"level":"fatal"}' } });
  expect(forged.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
});

test("what is not HTTP gets a problem too", async () => {
  const { port } = new URL(room.url);
  const socket = connect({ host: "127.0.0.1", port: Number(port) });
  socket.write("nonsense\r\n\r\n");
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(Buffer.from(chunk));
  const [head, body = ""] = Buffer.concat(chunks).toString().split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json/s);
  expect(problemSchema.parse(JSON.parse(body)).code).toBe("malformed_request");
});
