import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "../../src/shared/api-keys/change-keys.ts";
import { batchAcceptedSchema, batchEstimateSchema } from "../../src/shared/contract/batch.ts";
import { temporaryDirectory } from "../support/part.ts";
import { type Refusal, testRefusals } from "./support/refusals.ts";
import { type Room, startRoom } from "./support/room.ts";

const SWEEP = {
  strategy: { code: "def strategy(data):\n    return 'HOLD'\n" },
  symbols: ["AAPL", "MSFT"],
  parameters: { fast: { from: 5, to: 25, step: 5 }, slow: [40, 60] },
};

const directory = temporaryDirectory();
const file = join(directory.path, "api-keys.json");
let room: Room;
let anna: Record<string, string>;
let bert: Record<string, string>;
beforeAll(async () => {
  anna = { "X-API-Key": (await createApiKey(file, { owner: "anna" })).key };
  bert = { "X-API-Key": (await createApiKey(file, { owner: "bert" })).key };
  room = await startRoom({ withoutRedis: true, environment: { AUTH: "api-keys", API_KEYS_FILE: file } });
});
afterAll(async () => {
  await room.stop();
  directory.remove();
});

async function submit(body: object = SWEEP): Promise<string> {
  const answer = await room.ask("/v1/batches", { body, headers: anna });
  expect([answer.status, answer.text]).toEqual([202, expect.any(String)]);
  return batchAcceptedSchema.parse(answer.json()).id;
}

test("with Redis down a batch is taken all the same: it is in the job store, to be queued by the reconciler", async () => {
  const id = await submit();
  const stored = await room.store.batches.read(id);
  expect(stored?.batch).toMatchObject({ owner: "anna", status: "queued", cells: 20, issuedTo: 20 });
  expect((await room.store.batches.listUnfinished(Date.now() + 1, { limit: 10 })).batches).toHaveLength(1);
});

test("a dry run counts the cells and what they may take, and stores nothing", async () => {
  const before = await room.store.batches.list("anna", { limit: 100 });
  const body = { ...SWEEP, symbols: "*", windows: [{ period: "1y" }, { period: "3y" }], dryRun: true };
  const answer = await room.ask("/v1/batches", { body, headers: anna });
  expect(answer.status).toBe(200);
  expect(batchEstimateSchema.parse(answer.json())).toMatchObject({
    cells: 7 * 2 * 10,
    symbols: 7,
    windows: 2,
    parameterSets: 10,
    gridSize: 10,
    estimateBasis: "typical",
  });
  expect(await room.store.batches.list("anna", { limit: 100 })).toEqual(before);
});

test("a named list stands for its symbols as they are when the batch is taken", async () => {
  const id = await submit({ ...SWEEP, symbols: { list: "indices" } });
  expect((await room.store.batches.readSweep(id))?.symbols).toEqual(["IXIC", "SPX"]);
});

test("a list that is not there is refused with the name that was meant and those there are", async () => {
  const body = { ...SWEEP, symbols: { list: "stokcs" } };
  const { errors } = (await room.ask("/v1/batches", { body, headers: anna })).problem();
  expect(errors).toEqual([
    {
      path: "symbols.list",
      message:
        "there is no list of this name: did you mean stocks? " +
        "GET /v1/symbol-lists has stocks, indices, nasdaq-stocks",
    },
  ]);
});

test("another owner's batch looks like none, whatever is asked of it", async () => {
  const id = await submit();
  const asked: [string, string][] = [
    ["GET", ""],
    ["GET", "/cells"],
    ["GET", "/heatmap?x=fast&y=slow"],
    ["GET", "/events"],
    ["POST", "/cancel"],
    ["POST", "/retry"],
    ["POST", "/cells/0/result"],
  ];
  for (const [method, path] of asked) {
    const answer = await room.ask(`/v1/batches/${id}${path}`, { method, headers: bert });
    expect([path, answer.status, answer.problem().code]).toEqual([path, 404, "not_found"]);
  }
  const list = await room.ask("/v1/batches", { headers: bert });
  expect(list.json()).toEqual({ items: [], nextCursor: null });
  expect((await room.ask(`/v1/batches/${id}`, { headers: anna })).status).toBe(200);
});

test("a batch that nothing has changed in is not sent again", async () => {
  const id = await submit();
  const first = await room.ask(`/v1/batches/${id}`, { headers: anna });
  const etag = first.headers.etag ?? "";
  const again = { headers: { ...anna, "If-None-Match": etag } };
  expect((await room.ask(`/v1/batches/${id}`, again)).status).toBe(304);
  await room.ask(`/v1/batches/${id}/cancel`, { method: "POST", headers: anna });
  expect((await room.ask(`/v1/batches/${id}`, again)).json()).toMatchObject({
    status: "cancelled",
    counts: { total: 20, cancelled: 20, pending: 0 },
  });
});

test("a cell of a batch is run again once, as a job of its very request", async () => {
  const id = await submit();
  const ask = () => room.ask(`/v1/batches/${id}/cells/13/result`, { method: "POST", headers: anna });
  const jobs = (await Promise.all([ask(), ask(), ask()])).map((answer) => answer.json() as { id: string });
  expect(new Set(jobs.map((job) => job.id)).size).toBe(1);
  const request = await room.store.readRequest(jobs[0]?.id ?? "");
  expect(request).toMatchObject({ symbol: "MSFT", parameters: { fast: 10, slow: 60 } });
  const beyond = await room.ask(`/v1/batches/${id}/cells/20/result`, { method: "POST", headers: anna });
  expect([beyond.status, beyond.problem().detail]).toEqual([404, expect.stringContaining("0 to 19")]);
});

const sweep = (what: string, change: object, ...fields: string[]): Refusal => [
  what,
  "/v1/batches",
  {
    body: { ...SWEEP, ...change },
    headers: {
      get "X-API-Key"() {
        return anna["X-API-Key"] ?? "";
      },
    },
  },
  "invalid_request",
  ...fields,
];
const grid = (what: string, axis: unknown): Refusal =>
  sweep(what, { parameters: { fast: axis } }, "parameters.fast");
const range = (from: number, to: number, step: number) => ({ from, to, step });

testRefusals(
  () => room,
  [
    sweep("an unknown field", { symbol: "AAPL" }, "symbol"),
    sweep("no symbols", { symbols: [] }, "symbols"),
    sweep("one symbol as text", { symbols: "AAPL" }, "symbols"),
    sweep("a list's name as text", { symbols: "stocks" }, "symbols"),
    sweep("a list beside symbols", { symbols: { list: "stocks", symbols: ["AAPL"] } }, "symbols.symbols"),
    sweep("a list's name that can be none", { symbols: { list: "big tech" } }, "symbols.list"),
    sweep("a symbol twice", { symbols: ["AAPL", "AAPL"] }, "symbols"),
    sweep("too many symbols", { symbols: Array(1_001).fill("A") }, "symbols"),
    sweep("windows beside a period", { windows: [{ period: "1y" }], period: "2y" }, "windows"),
    sweep(
      "a window that ends first",
      { windows: [{ start: "2020-01-02", end: "2020-01-01" }] },
      "windows[0].end",
    ),
    sweep(
      "folds that do not fit",
      { walkForward: { trainBars: 9_000, testBars: 9, stepBars: 9 } },
      "walkForward",
    ),
    sweep(
      "folds of no step",
      { walkForward: { trainBars: 9, testBars: 9, stepBars: 0 } },
      "walkForward.stepBars",
    ),
    sweep("a sample of none", { sample: { count: 0 } }, "sample.count"),
    sweep(
      "too many names",
      { parameters: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`p${n}`, [1]])) },
      "parameters",
    ),
    sweep(
      "too many values",
      { parameters: { fast: Array.from({ length: 20_001 }, (_, n) => n) } },
      "parameters",
    ),
    sweep(
      "too many cells",
      { parameters: { fast: range(1, 1_000, 1), slow: range(1, 51, 1) } },
      "parameters",
    ),
    sweep(
      "a grid beyond all bounds",
      {
        parameters: Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`p${n}`, range(1, 1_000, 1)])),
        sample: { count: 5 },
      },
      "parameters",
    ),
    grid("an empty list", []),
    grid("a value twice", [1, 2, 1]),
    grid("a range without a step", { from: 1, to: 2 }),
    grid("a range that steps away", range(1, 5, -1)),
    grid("a range of no step", range(1, 5, 0)),
    grid("a range without end", range(0, 1e9, 0.001)),
    grid("a number alone", 5),
  ],
);
