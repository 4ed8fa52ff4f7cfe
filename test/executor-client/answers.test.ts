/** What the client makes of answers, by a fake executor that gives any answer it is told. */
import { expect, onTestFinished, test } from "vitest";
import { jobResultSchema } from "../../src/shared/contract/job-result.ts";
import { bytes, doubles, ints, resultOver, successOver } from "./answers.ts";
import { CONTEXT, connectTo, recordingLogger, rejection, requestWith, seriesOf } from "./clients.ts";
import { type Respond, startFakeExecutor } from "./fake-executor.ts";

async function answered(execute: Respond) {
  const fake = await startFakeExecutor({ execute });
  onTestFinished(() => fake.stop());
  const { logger, lines } = recordingLogger();
  const client = connectTo([fake.target], {}, logger);
  return { lines, outcome: client.execute(requestWith({ series: seriesOf(3) }), CONTEXT) };
}

const SIGNALS = {
  bar: ints(0, 2),
  type: bytes(1, -1),
  outcome: bytes(0, 1),
  quantity: doubles(10, 0),
  fillPrice: doubles(100.5, Number.NaN),
  price: doubles(100, 101),
  reason: ["crossed", ""],
  icon: ["▲", ""],
};
const TRADES = {
  entryBar: ints(1, 2),
  exitBar: ints(2, -1),
  direction: bytes(1, -1),
  quantity: doubles(10, 5),
  entryPrice: doubles(100.5, 101),
  exitPrice: doubles(101, 102),
  pnl: doubles(5, -5),
  pnlPercent: doubles(0.5, -1),
  entryReason: ["crossed", ""],
  exitReason: ["", ""],
};

test("columns become signals, trades, indicators and equity with the times of their bars", async () => {
  const plot = {
    name: "sma",
    color: "blue",
    linewidth: 1.5,
    overlay: true,
    values: doubles(Number.NaN, 1, 2),
  };
  const result = resultOver(3, { signals: SIGNALS, trades: TRADES, plots: [plot], logs: ["hello"] });
  const replay = { form: 1, guardDifferenceBar: 2 };
  const { outcome } = await answered(() => successOver(3, { result, cacheHit: true, replay }));
  const answer = await outcome;
  if (!answer.succeeded) throw new Error(answer.failure.message);
  const { execution } = answer;
  expect(execution.result.timestamps).toEqual([
    "2020-01-01T00:00:00Z",
    "2020-01-02T00:00:00Z",
    "2020-01-03T00:00:00Z",
  ]);
  expect(execution.result.signals).toEqual([
    {
      timestamp: "2020-01-01T00:00:00Z",
      type: "BUY",
      price: 100,
      reason: "crossed",
      icon: "▲",
      outcome: "filled",
      quantity: 10,
      fillPrice: 100.5,
    },
    {
      timestamp: "2020-01-03T00:00:00Z",
      type: "SELL",
      price: 101,
      reason: "",
      outcome: "pending",
      quantity: 0,
      fillPrice: null,
    },
  ]);
  expect(execution.result.trades).toEqual([
    {
      direction: "long",
      entryTime: "2020-01-02T00:00:00Z",
      entryPrice: 100.5,
      exitTime: "2020-01-03T00:00:00Z",
      exitPrice: 101,
      quantity: 10,
      pnl: 5,
      pnlPct: 0.5,
      entryReason: "crossed",
      exitReason: "",
    },
    {
      direction: "short",
      entryTime: "2020-01-03T00:00:00Z",
      entryPrice: 101,
      exitTime: null,
      exitPrice: 102,
      quantity: 5,
      pnl: -5,
      pnlPct: -1,
      entryReason: "",
      exitReason: "",
    },
  ]);
  expect(execution.result.indicators).toEqual([
    { name: "sma", color: "blue", linewidth: 1.5, overlay: true, values: [null, 1, 2] },
  ]);
  expect(execution.result.equityCurve).toEqual([10_000, 10_000, 10_000]);
  expect(execution.result.logs).toEqual(["hello"]);
  expect(execution.liveSignal).toEqual({
    type: "HOLD",
    timestamp: "2020-01-03T00:00:00Z",
    price: 1,
    reason: "",
  });
  expect(execution).toMatchObject({ compileMs: 0.5, cacheHit: true, guardDiffered: true });
  const whole = { jobId: "x", timeframe: "1D", ...execution.result };
  expect(jobResultSchema.parse(whole)).toEqual(whole);
});

test("a metric that could not be computed is null with its reason, never 0", async () => {
  const metrics = {
    totalReturnPct: 1,
    sharpe: 0,
    unavailable: { avg_win: "no win", buy_and_hold_pct: "one bar" },
  };
  const { outcome } = await answered(() => successOver(3, { metrics }));
  const answer = await outcome;
  if (!answer.succeeded) throw new Error(answer.failure.message);
  expect(answer.execution.metrics).toMatchObject({
    totalReturnPct: 1,
    sharpe: 0,
    sortino: null,
    avgWin: null,
    unavailable: { avgWin: "no win", buyAndHoldPct: "one bar" },
  });
});

test("a strategy's failure is an outcome with everything that its author needs", async () => {
  const failure = {
    class: "limit",
    code: "timeout",
    message: "execution exceeded the limit of 1 s",
    type: "TimeoutError",
    line: 3,
    sourceLine: "while True: pass",
    hint: "end the loop",
    barTimestamp: "2020-01-02T00:00:00Z",
    limitName: "time",
    limitValue: 1,
    limitUsed: 1.02,
    limitUnit: "s",
  };
  const { outcome } = await answered(() => ({ success: false, failure }));
  expect(await outcome).toEqual({
    succeeded: false,
    cpuMs: 0,
    failure: {
      class: "limit",
      code: "timeout",
      message: "execution exceeded the limit of 1 s",
      type: "TimeoutError",
      line: 3,
      sourceLine: "while True: pass",
      hint: "end the loop",
      bar: "2020-01-02T00:00:00Z",
      limit: { name: "time", value: 1, used: 1.02, unit: "s" },
    },
  });
});

test("a failure without details carries no empty ones", async () => {
  const failure = { class: "user", code: "exception", message: "no" };
  const { outcome } = await answered(() => ({ success: false, failure }));
  expect(await outcome).toEqual({ succeeded: false, failure, cpuMs: 0 });
});

test("a failure that the executor calls its own is one that the queue retries", async () => {
  const failure = { class: "platform", code: "child_died", message: "the sandbox process ended" };
  const { outcome } = await answered(() => ({ success: false, failure }));
  expect(await rejection(outcome)).toEqual(failure);
});

const failing = (failure: Record<string, unknown>) => ({ success: false, failure });
const broken = (changes: Record<string, unknown>) => successOver(3, { result: resultOver(3, changes) });
test.each<[string, Record<string, unknown>, string]>([
  ["no result", successOver(3, { result: null }), "a success without"],
  ["equity for another number of bars", successOver(2), "equity has 16 bytes, not 24"],
  ["equity that is not finite", broken({ equity: doubles(1, Number.NaN, 1) }), "equity is NaN"],
  [
    "a signal at a bar that was not sent",
    broken({ signals: { ...SIGNALS, bar: ints(0, 3) } }),
    "names bar 3 of 3",
  ],
  [
    "a column cut short",
    broken({ signals: { ...SIGNALS, price: doubles(1) } }),
    "signals.price has 8 bytes, not 16",
  ],
  [
    "a column of half values",
    broken({ signals: { ...SIGNALS, bar: bytes(1, 2, 3) } }),
    "not a multiple of 4",
  ],
  ["an unknown outcome", broken({ signals: { ...SIGNALS, outcome: bytes(0, 9) } }), "signals.outcome is 9"],
  [
    "a missing reason",
    broken({ signals: { ...SIGNALS, reason: ["x"] } }),
    "signals.reason has 1 entries, not 2",
  ],
  [
    "a trade in neither direction",
    broken({ trades: { ...TRADES, direction: bytes(1, 0) } }),
    "trades.direction is 0",
  ],
  [
    "a trade without a price",
    broken({ trades: { ...TRADES, exitPrice: doubles(1, Number.NaN) } }),
    "exit_price is NaN",
  ],
  ["a failure without a class", failing({ code: "exception" }), "a failure that says class"],
  ["an unknown code", failing({ class: "user", code: "bad_luck" }), "bad_luck"],
  ["no failure", { success: false, error: "ValueError: no" }, "a failure that says nothing"],
  [
    "an unknown live signal",
    successOver(3, { liveSignal: { signalType: "MAYBE" } }),
    "a live signal of type MAYBE",
  ],
])("an answer with %s is a failure of ours, explained in the log alone", async (_, response, reason) => {
  const { outcome, lines } = await answered(() => response);
  expect(await rejection(outcome)).toEqual({
    class: "platform",
    code: "executor_invalid_answer",
    message: "The executor gave an answer that makes no sense.",
  });
  expect(lines.join("")).toContain(reason);
});

test("an answer of 8 MB arrives whole", async () => {
  const bars = 20_000;
  const plots = Array.from({ length: 50 }, (_, plot) => ({
    name: `plot ${plot}`,
    values: doubles(...Array.from({ length: bars }, (_unused, bar) => bar + plot)),
  }));
  const fake = await startFakeExecutor({
    execute: () => successOver(bars, { result: resultOver(bars, { plots }) }),
  });
  onTestFinished(() => fake.stop());
  const answer = await connectTo([fake.target]).execute(requestWith({ series: seriesOf(bars) }), CONTEXT);
  if (!answer.succeeded) throw new Error(answer.failure.message);
  expect(answer.execution.result.indicators.map(({ values }) => values.at(-1))).toEqual(
    Array.from({ length: 50 }, (_, plot) => bars - 1 + plot),
  );
});

test("the request holds the bars of the window as raw columns, and everything else that was asked for", async () => {
  const series = seriesOf(5);
  const received: Record<string, unknown>[] = [];
  const fake = await startFakeExecutor({
    execute: (request) => {
      received.push(request);
      return successOver(5);
    },
  });
  onTestFinished(() => fake.stop());
  await connectTo([fake.target]).execute(
    requestWith({
      code: "signal('BUY')",
      series,
      strategyId: "mine",
      parameters: { fast: 10, name: "x", on: true },
      options: { commissionPct: 0, fractional: false, fill: "close", lookAheadCheck: false },
      timeoutSeconds: 7,
      memoryMb: 64,
    }),
    CONTEXT,
  );
  const bufferOf = ({ buffer, byteOffset, byteLength }: Float64Array | BigInt64Array) =>
    Buffer.from(buffer, byteOffset, byteLength);
  expect(received[0]).toMatchObject({
    code: "signal('BUY')",
    language: "python",
    userId: "ada",
    strategyId: "mine",
    timeoutSeconds: 7,
    memoryMb: 64,
    symbol: "TEST",
    timeframe: "1D",
    parametersJson: '{"fast":10,"name":"x","on":true}',
    bars: {
      timestampMs: bufferOf(series.timestampMs),
      open: bufferOf(series.open),
      close: bufferOf(series.close),
      volume: bufferOf(series.volume),
    },
  });
  // Unset options stay unset, so that the executor's defaults hold; 0 and false are not unset.
  expect(received[0]?.["options"]).toMatchObject({ commissionPct: 0, fractional: false, fill: "close" });
  expect(received[0]?.["options"]).not.toHaveProperty("slippagePct");
});
