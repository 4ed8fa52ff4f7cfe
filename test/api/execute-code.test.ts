import { afterAll, beforeAll, expect, test } from "vitest";
import { executeCodeResponseSchema } from "../../src/shared/contract/execute-code.ts";
import { executionHealthSchema } from "../../src/shared/contract/health.ts";
import type { Answer } from "./support/http.ts";
import { type Room, startRoom, until } from "./support/room.ts";

/** As existing clients print it. */
const SEED = {
  symbol: "AAPL",
  code: 'df["sma"] = df["close"].rolling(20).mean()\nif df["close"].iloc[-1] > df["sma"].iloc[-1]: signal("buy", "SMA crossover")',
  language: "python",
  timeframe: "1D",
};

let room: Room;
beforeAll(async () => {
  room = await startRoom();
});
afterAll(() => room.stop());

/** Sends the request, lets the test end the job as a worker would, and answers what the client got. */
async function execute(
  body: object,
  end: (id: string) => Promise<unknown>,
): Promise<{ answer: Answer; id: string }> {
  const strategyId = `s${Math.random()}`;
  const asked = room.ask("/v1/strategies/execute-code", { body: { strategyId, ...body } });
  let id = "";
  await until("the job is stored", async () => {
    const { jobs } = await room.store.list("local", { strategyId }, { limit: 1 });
    id = jobs[0]?.job.id ?? "";
    return id !== "";
  });
  await end(id);
  return { answer: await asked, id };
}

test("the seed's request is answered in the seed's form", async () => {
  const { answer, id } = await execute(SEED, (job) => room.worker.succeed(job));
  expect([answer.status, answer.headers.location]).toEqual([200, `/v1/jobs/${id}`]);
  const body = executeCodeResponseSchema.parse(answer.json());
  expect(body).toMatchObject({ symbol: "AAPL", errors: [], logs: ["hello"], executionTime: 4 });
  expect(body.signals).toHaveLength(3);
  expect(body.signals[0]).toEqual({
    timestamp: "2024-01-02T00:00:00Z",
    type: "BUY",
    price: 100,
    quantity: 98,
    reason: "fast, above slow",
  });
  expect(body.indicators).toEqual([
    {
      name: "sma",
      data: [
        { timestamp: "2024-01-03T00:00:00Z", value: 101 },
        { timestamp: "2024-01-04T00:00:00Z", value: 102 },
        { timestamp: "2024-01-05T00:00:00Z", value: 103 },
      ],
    },
  ]);
  expect(body.performance).toMatchObject({
    totalReturn: 1.5,
    sharpeRatio: 0,
    avgLoss: 0,
    startDate: "2024-01-02T00:00:00Z",
    endDate: "2024-01-05T00:00:00Z",
    testPeriod: "3 days",
    buyAndHoldReturn: 200,
    equityCurve: [
      { type: "initial", portfolioValue: 10_000 },
      { type: "buy" },
      { type: "sell" },
      { type: "final", portfolioValue: 10_150 },
    ],
    trades: [{ buyPrice: 101, sellPrice: 103, win: true, buyTimestamp: "2024-01-03T00:00:00Z" }],
  });
});

test("a strategy that fails is answered 200 with its error in the seed's words", async () => {
  const failure = {
    class: "user",
    code: "exception",
    type: "NameError",
    message: "name 'x' is not defined",
    line: 2,
  } as const;
  const { answer } = await execute(SEED, (job) => room.worker.fail(job, failure));
  const body = executeCodeResponseSchema.parse(answer.json());
  expect([answer.status, body.errors]).toEqual([200, ["NameError: name 'x' is not defined (line 2)"]]);
  expect([body.performance, body.signals]).toEqual([null, []]);
});

test("a failure of ours is 503, and the job can be looked at", async () => {
  const failure = {
    class: "platform",
    code: "executor_unavailable",
    message: "No executor could be reached.",
  } as const;
  const { answer, id } = await execute(SEED, (job) => room.worker.fail(job, failure));
  expect([answer.status, answer.problem().code]).toEqual([503, "unavailable"]);
  expect([answer.headers.location, answer.headers["retry-after"]]).toEqual([`/v1/jobs/${id}`, "5"]);
});

test("a job that somebody cancels meanwhile is answered with that", async () => {
  const { answer } = await execute(SEED, (job) => room.ask(`/v1/jobs/${job}/cancel`, { method: "POST" }));
  expect(executeCodeResponseSchema.parse(answer.json()).errors).toEqual(["The job was cancelled."]);
});

test("unknown fields, nulls and a period beside dates are no error, and what was ignored is listed", async () => {
  const body = {
    ...SEED,
    userId: "u1",
    providerId: "p",
    period: "1y",
    startDate: "2024-01-01",
    endDate: null,
    marketData: [],
    parameters: null,
  };
  const { answer, id } = await execute(body, (job) => room.worker.succeed(job));
  const { warnings } = executeCodeResponseSchema.parse(answer.json());
  expect(warnings.slice(0, 2)).toEqual([
    "unknown field ignored: userId",
    "period was ignored, since startDate or endDate says which bars to take",
  ]);
  expect(await room.store.readRequest(id)).toMatchObject({
    symbol: "AAPL",
    start: "2024-01-01",
    parameters: {},
  });
});

test("bars of the client's own stand instead of the symbol's, their unknown fields ignored", async () => {
  const bar = { timestamp: "2024-01-02T00:00:00Z", open: 1, high: 2, low: 1, close: 2, volume: 5, vwap: 1.5 };
  const { answer, id } = await execute({ ...SEED, marketData: [bar] }, (job) => room.worker.succeed(job));
  const body = executeCodeResponseSchema.parse(answer.json());
  expect(body.symbol).toBe("AAPL");
  expect(body.warnings[0]).toBe("unknown field ignored: marketData[].vwap");
  const request = await room.store.readRequest(id);
  expect(request?.symbol).toBeUndefined();
  expect(request?.bars).toEqual([
    { timestamp: bar.timestamp, open: 1, high: 2, low: 1, close: 2, volume: 5 },
  ]);
});

test("after its time the answer is 503 with the address of the job, which goes on", async () => {
  const brief = await startRoom({ limits: { executeCodeMs: 200 } });
  try {
    const answer = await brief.ask("/v1/strategies/execute-code", { body: SEED });
    expect([answer.status, answer.problem().code]).toEqual([503, "timeout"]);
    expect(answer.headers["retry-after"]).toBe("5");
    const id = answer.headers.location?.split("/").at(-1) ?? "";
    expect((await brief.read(id)).status).toBe("queued");
  } finally {
    await brief.stop();
  }
});

test("without an executor, health says so and validating is answered 503", async () => {
  const health = await room.ask("/v1/execution/health");
  expect(health.status).toBe(503);
  expect(executionHealthSchema.parse(health.json())).toMatchObject({
    status: "NOT_SERVING",
    executors: [{ name: "executor-1", serving: false }],
  });
  expect(health.text).not.toMatch(/127\.0\.0\.1|localhost/);
  const validation = await room.ask("/v1/validate", { body: { code: "x = 1" } });
  expect([validation.status, validation.problem().code]).toEqual([503, "unavailable"]);
  expect(validation.headers["retry-after"]).toBeDefined();
});
