/** Batch calls of the client and a real executor. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { FIGURE_COLUMNS, METRIC_COLUMNS } from "../../src/shared/batch/cell-columns.ts";
import { decodePart, encodePart } from "../../src/shared/batch/part-encoding.ts";
import { ExecutionAbortedError, StoreCorruptedError } from "../../src/shared/errors.ts";
import type { BatchExecutionRequest } from "../../src/shared/executor/batch-port.ts";
import { createCsvMarketData } from "../../src/shared/market-data/csv-market-data.ts";
import { type ExecutorPart, startExecutor } from "../support/start-executor.ts";
import { CONTEXT, connectTo, requestWith, seriesOf } from "./clients.ts";

const EXAMPLES = new URL("../../examples/market-data", import.meta.url).pathname;
const CROSSOVER = `
def strategy(data):
    fast = data["close"].rolling(param("fast", 10, min=1)).mean()
    slow = data["close"].rolling(param("slow", 30)).mean()
    return "BUY" if fast.iloc[-1] > slow.iloc[-1] else "SELL"
`;

let executor: ExecutorPart;
beforeAll(async () => {
  executor = await startExecutor({ slots: 1 });
});
afterAll(() => executor.stop());

function batchWith(changes: Partial<BatchExecutionRequest>): BatchExecutionRequest {
  return { owner: "ada", code: CROSSOVER, options: {}, series: [seriesOf(60)], cells: [], ...changes };
}

const cell = (fast: number, series = 0) => ({ series, parameters: { fast, slow: 30 } });

test("every cell of a batch has the figures of a single execution of it", async () => {
  const client = connectTo([executor.target]);
  const source = createCsvMarketData(EXAMPLES);
  const series = [await source.loadSeries("AAPL", "1D"), await source.loadSeries("MSFT", "1D")];
  const cells = [cell(5), cell(10), cell(5, 1)];
  const { columns, assumptions, cpuMs } = await client.executeBatch(batchWith({ series, cells }), CONTEXT);
  expect(cpuMs).toBeGreaterThan(0);
  for (const [row, one] of cells.entries()) {
    const single = await client.execute(
      requestWith({
        code: CROSSOVER,
        parameters: one.parameters,
        series: series[one.series] ?? seriesOf(1),
      }),
      CONTEXT,
    );
    if (!single.succeeded) throw new Error(single.failure.message);
    const { metrics, result } = single.execution;
    expect(columns.hasSucceeded(row)).toBe(true);
    for (const [name] of METRIC_COLUMNS) {
      const figure = columns.figure(name, row);
      expect([name, Number.isNaN(figure) ? null : figure]).toEqual([name, asNumber(metrics[name])]);
    }
    expect(assumptions.get(one.series)).toEqual(result.assumptions);
    expect(columns.figure("returns", row)).toBe(result.timestamps.length - 1);
  }
});

function asNumber(value: number | boolean | null): number | null {
  return value === null ? null : Number(value);
}

test("cells that fail say why and the others succeed; what is stored reads back the same", async () => {
  const client = connectTo([executor.target]);
  const cells = [cell(5), cell(-1), cell(6)];
  const { columns } = await client.executeBatch(batchWith({ cells }), CONTEXT);
  expect(columns.counts()).toEqual({ succeeded: 2, failedUser: 1, failedLimit: 0, failedPlatform: 0 });
  expect(columns.failureAt(1)).toMatchObject({ class: "user", code: "bad_parameter" });
  const stream = await encodePart(columns);
  const again = await decodePart(stream);
  expect(again.failureAt(1)).toEqual(columns.failureAt(1));
  expect(again.notesAt(0)).toEqual(columns.notesAt(0));
  for (const name of FIGURE_COLUMNS) expect(again.column(name)).toEqual(columns.column(name));
  await expect(decodePart(stream.subarray(0, 100))).rejects.toThrow(StoreCorruptedError);
});

test("code that does not compile fails every cell", async () => {
  const client = connectTo([executor.target]);
  const cells = [cell(1), cell(2)];
  const { columns } = await client.executeBatch(batchWith({ code: "def strategy(data:", cells }), CONTEXT);
  expect(columns.counts()).toMatchObject({ failedUser: 2 });
  expect(columns.failureAt(1)).toMatchObject({ code: "syntax_error" });
});

test("a batch that is cancelled gives its slot back at once", async () => {
  const client = connectTo([executor.target]);
  const code = "def strategy(data):\n    while True:\n        pass\n";
  const abort = new AbortController();
  const call = client.executeBatch(batchWith({ code, cells: [cell(1)] }), {
    ...CONTEXT,
    signal: abort.signal,
  });
  const refused = expect(call).rejects.toThrow(ExecutionAbortedError);
  while ((await client.health())[0]?.busySlots !== 1);
  abort.abort();
  await refused;
  const { columns } = await client.executeBatch(batchWith({ cells: [cell(3)] }), CONTEXT);
  expect(columns.counts().succeeded).toBe(1);
});
