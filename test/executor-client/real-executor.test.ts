/** The client and a real executor. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { jobResultSchema } from "../../src/shared/contract/job-result.ts";
import { ExecutionAbortedError, ExecutorBusyError } from "../../src/shared/errors.ts";
import type { ExecutionOutcome, ExecutorClient } from "../../src/shared/executor/port.ts";
import { createCsvMarketData } from "../../src/shared/market-data/csv-market-data.ts";
import { selectWindow } from "../../src/shared/market-data/window.ts";
import { type ExecutorPart, startExecutor } from "../support/start-executor.ts";
import { CONTEXT, connectTo, rejection, requestWith, seriesOf } from "./clients.ts";

const EXAMPLES = new URL("../../examples/market-data", import.meta.url).pathname;
const CROSSOVER = `
def strategy(data):
    fast = data["close"].rolling(param("fast", 10)).mean()
    plot(fast, "fast")
    return fast > data["close"].rolling(30).mean()
`;
const ENDLESS = "def strategy(data):\n    while True:\n        pass\n";

let executor: ExecutorPart;
beforeAll(async () => {
  executor = await startExecutor({ slots: 1, switches: ["--line", "0"] });
});
afterAll(() => executor.stop());

function succeeded(outcome: ExecutionOutcome) {
  if (!outcome.succeeded) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  return outcome.execution;
}

/** Resolves once the executor runs so many executions. */
async function busySlots(client: ExecutorClient, wanted: number): Promise<void> {
  const deadline = Date.now() + 5_000;
  while ((await client.health())[0]?.busySlots !== wanted) {
    if (Date.now() > deadline) throw new Error(`there were never ${wanted} busy slots`);
  }
}

test("a strategy over a window of real bars gives a whole result for exactly those bars", async () => {
  const client = connectTo([executor.target]);
  const aapl = await createCsvMarketData(EXAMPLES).loadSeries("AAPL", "1D");
  const series = selectWindow(aapl, { start: "2010-01-01", end: "2011-12-31" });
  const { result, metrics } = succeeded(
    await client.execute(requestWith({ code: CROSSOVER, parameters: { fast: 5 }, series }), CONTEXT),
  );
  expect(jobResultSchema.parse({ jobId: "x", timeframe: "1D", ...result })).toBeDefined();
  expect(result.timestamps).toHaveLength(series.length);
  expect([result.timestamps[0], result.timestamps.at(-1)]).toEqual([
    "2010-01-04T00:00:00Z",
    "2011-12-30T00:00:00Z",
  ]);
  expect(result.equityCurve).toHaveLength(series.length);
  expect(result.equityCurve.at(-1)).toBe(metrics.finalEquity);
  expect(result.indicators.map(({ name, values }) => [name, values.slice(3, 5)])).toEqual([
    ["fast", [null, expect.any(Number)]],
  ]);
  const mean = [0, 1, 2, 3, 4].reduce((sum, bar) => sum + (series.close[bar] ?? 0), 0) / 5;
  expect(result.indicators[0]?.values[4]).toBeCloseTo(mean, 9);
  expect(metrics.buyCount).toBeGreaterThan(3);
  expect(result.signals.filter(({ type }) => type === "BUY")).toHaveLength(metrics.buyCount);
  expect(result.trades.filter(({ exitTime }) => exitTime !== null)).toHaveLength(metrics.totalTrades);
  expect(result.assumptions).toMatchObject({ bars: series.length, timeframe: "1D", fill: "next-open" });
  expect(result.liveSignal.timestamp).toBe("2011-12-30T00:00:00Z");
});

test("a strategy that looks ahead is named in the warnings, unless the check was left out", async () => {
  const code = "def strategy(data):\n    return data['close'].shift(-1) > data['close']\n";
  const client = connectTo([executor.target]);
  const warnings = async (options: { lookAheadCheck?: boolean }) =>
    succeeded(await client.execute(requestWith({ code, series: seriesOf(200), options }), CONTEXT)).result
      .warnings;
  expect(await warnings({})).toEqual([
    {
      code: "look_ahead",
      message: expect.stringContaining("depend on later bars"),
      bar: expect.any(String),
    },
  ]);
  expect(await warnings({ lookAheadCheck: false })).toEqual([]);
});

test("one bar is enough to run, and what cannot be computed from it is null with a reason", async () => {
  const request = requestWith({ code: "def strategy(data):\n    return 'BUY'\n", series: seriesOf(1) });
  const { metrics } = succeeded(await connectTo([executor.target]).execute(request, CONTEXT));
  expect(metrics.sharpe).toBeNull();
  expect(Object.keys(metrics.unavailable)).toContain("sharpe");
  expect(Object.keys(metrics.unavailable)).toContain("buyAndHoldPct");
});

test("a strategy that fails is an outcome that names the line", async () => {
  const code = "def strategy(data):\n    return data['Close']\n";
  const outcome = await connectTo([executor.target]).execute(requestWith({ code }), CONTEXT);
  expect(outcome).toMatchObject({
    succeeded: false,
    failure: { class: "user", type: "KeyError", line: 2, hint: expect.stringContaining("close") },
  });
});

test("an endless loop ends in class limit at its timeout, before the call's deadline", async () => {
  const request = requestWith({ code: ENDLESS, timeoutSeconds: 1 });
  const outcome = await connectTo([executor.target]).execute(request, CONTEXT);
  expect(outcome).toMatchObject({
    succeeded: false,
    failure: { class: "limit", limit: { value: 1, unit: "s" } },
  });
});

test("a call that finds no slot is told that the executor is busy", async () => {
  const client = connectTo([executor.target]);
  const abort = new AbortController();
  const running = client.execute(requestWith({ code: ENDLESS }), { ...CONTEXT, signal: abort.signal });
  running.catch(() => undefined);
  await busySlots(client, 1);
  const second = client.execute(requestWith({ code: CROSSOVER }), CONTEXT);
  await expect(second).rejects.toBeInstanceOf(ExecutorBusyError);
  abort.abort();
  await expect(running).rejects.toBeInstanceOf(ExecutionAbortedError);
});

test("an aborted execution frees its slot", async () => {
  const client = connectTo([executor.target]);
  const abort = new AbortController();
  const running = client.execute(requestWith({ code: ENDLESS }), { ...CONTEXT, signal: abort.signal });
  running.catch(() => undefined);
  await busySlots(client, 1);
  abort.abort();
  await expect(running).rejects.toBeInstanceOf(ExecutionAbortedError);
  await busySlots(client, 0);
  succeeded(await client.execute(requestWith({ code: CROSSOVER, series: seriesOf(60) }), CONTEXT));
});

test("a validation agrees with the run", async () => {
  const client = connectTo([executor.target]);
  expect(await client.validate(CROSSOVER, "ada", CONTEXT)).toMatchObject({
    valid: true,
    parameters: [{ name: "fast", type: "int", default: 10, line: 3 }],
  });
  expect(await client.validate("def strategy(data:\n", "ada", CONTEXT)).toMatchObject({
    valid: false,
    diagnostics: [{ severity: "error", line: 1 }],
  });
});

test("health tells slots, limits and who answers", async () => {
  expect(await connectTo([executor.target]).health()).toMatchObject([
    {
      target: executor.target,
      serving: true,
      slots: 1,
      maxTimeoutSeconds: 30,
      supportedLanguages: ["python"],
      metadata: { service: expect.any(String), version: expect.any(String) },
      instanceId: expect.stringMatching(/./),
    },
  ]);
});

test("only a caller with the executor's token gets in", async () => {
  const guarded = await startExecutor({ slots: 1, environment: { EXECUTOR_TOKEN: "right" } });
  onTestFinished(() => guarded.stop());
  const stranger = connectTo([guarded.target], { EXECUTOR_TOKEN: "wrong" });
  expect(await rejection(stranger.execute(requestWith({ code: CROSSOVER }), CONTEXT))).toMatchObject({
    class: "platform",
    code: "executor_refused",
  });
  expect(await stranger.health()).toMatchObject([{ serving: false }]);
  const known = connectTo([guarded.target], { EXECUTOR_TOKEN: "right" });
  succeeded(await known.execute(requestWith({ code: CROSSOVER, series: seriesOf(60) }), CONTEXT));
});
