import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Refusal, testRefusals } from "./support/refusals.ts";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

let room: Room;
beforeAll(async () => {
  room = await startRoom({ withoutRedis: true });
});
afterAll(() => room.stop());

const bar = (timestamp: string) => ({ timestamp, open: 1, high: 2, low: 1, close: 2, volume: 3 });
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, "1"]));
const headers = (name: string, value: string) => ({ body: SMALL_JOB, headers: { [name]: value } });
const spaces = gzipSync(Buffer.alloc(9 * 1024 * 1024, 32));

/** POST /jobs with this in place of what belongs there. */
const job = (what: string, change: object, ...fields: string[]): Refusal => [
  what,
  "/v1/jobs",
  { body: { ...SMALL_JOB, ...change } },
  "invalid_request",
  ...fields,
];
const own = (what: string, bars: unknown[], ...fields: string[]): Refusal =>
  job(what, { symbol: undefined, bars }, ...fields);

testRefusals(
  () => room,
  [
    ["not JSON", "/v1/jobs", { body: "{nope" }, "malformed_json"],
    ["an empty body", "/v1/jobs", { body: "" }, "malformed_json"],
    ["text", "/v1/jobs", headers("Content-Type", "text/plain"), "unsupported_media_type"],
    ["no media type", "/v1/jobs", { method: "POST" }, "unsupported_media_type"],
    ["an unknown encoding", "/v1/jobs", headers("Content-Encoding", "zip"), "unsupported_media_type"],
    [
      "an unknown charset",
      "/v1/jobs",
      headers("Content-Type", "application/json; charset=koi8-r"),
      "unsupported_media_type",
    ],
    ["a list", "/v1/jobs", { body: [] }, "invalid_request", "body"],
    ["null", "/v1/jobs", { body: "null" }, "invalid_request", "body"],
    ["an empty object", "/v1/jobs", { body: {} }, "invalid_request", "strategy"],
    job("unknown fields", { surprise: 1, another: 2 }, "surprise", "another"),
    job("an unknown option", { options: { comission: 1 } }, "options.comission"),
    job("an empty strategy", { strategy: { code: "" } }, "strategy.code"),
    job("another language", { strategy: { code: "x", language: "java" } }, "strategy.language"),
    job("a symbol with a path in it", { symbol: "../etc/passwd" }, "symbol"),
    job("neither symbol nor bars", { symbol: undefined }, "symbol"),
    job("symbol and bars together", { bars: [bar("2024-01-02")] }, "symbol"),
    job("an unknown timeframe", { timeframe: "2D" }, "timeframe"),
    job("a period beside a start", { period: "1y", start: "2024-01-01" }, "period"),
    job("a day that does not exist", { start: "2024-02-30" }, "start"),
    job("an end before the start", { start: "2024-02-02", end: "2024-02-01" }, "end"),
    job("a parameter that is null", { parameters: { fast: null } }, "parameters.fast"),
    job("too many parameters", { parameters: many(65) }, "parameters"),
    job("too many labels", { labels: many(17) }, "labels"),
    job("a limit above the limit", { limits: { timeoutSeconds: 31 } }, "limits.timeoutSeconds"),
    job("a rate a year, not a bar", { options: { riskFreeRate: 0.04 } }, "options.riskFreeRate"),
    own("a price as text", [{ ...bar("2024-01-02"), open: "1" }], "bars[0].open"),
    own("no bars", [], "bars"),
    own("too many bars", Array(20_001).fill(0), "bars"),
    own("a wrong bar far back", [...Array(900).fill(bar("2024-01-02")), {}], "bars[900].timestamp"),
    ["long source", "/v1/jobs", { body: { strategy: { code: "é".repeat(33_000) } } }, "code_too_large"],
    ["a body over 8 MB", "/v1/jobs", { body: `"${"x".repeat(8_388_608)}"` }, "payload_too_large"],
    [
      "a small gzip body that unfolds over 8 MB",
      "/v1/jobs",
      { body: spaces, headers: { "Content-Encoding": "gzip" } },
      "payload_too_large",
    ],
    [
      "a key with spaces",
      "/v1/jobs",
      headers("Idempotency-Key", "a b"),
      "invalid_request",
      "Idempotency-Key",
    ],
    [
      "a key that is too long",
      "/v1/jobs",
      headers("Idempotency-Key", "k".repeat(129)),
      "invalid_request",
      "Idempotency-Key",
    ],
    ["a query that no one reads", "/v1/jobs?dryRun=1", { body: SMALL_JOB }, "invalid_request", "dryRun"],
  ],
);

test("a body wrong in a hundred thousand places is refused briefly, and others are answered meanwhile", async () => {
  const wrong = Array.from({ length: 20_000 }, () => ({ a: 1, b: 2 }));
  const hostile = room.ask("/v1/jobs", { body: { strategy: { code: "x" }, bars: wrong, ...many(50_000) } });
  expect((await room.ask("/healthz")).status).toBe(200);
  expect((await hostile).problem().errors?.length).toBeLessThanOrEqual(20);
});
