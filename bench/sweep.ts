/** A sweep of 10,000 cells through API, queue, worker and store, beside the executor streaming the same cells itself. */
import { readFileSync } from "node:fs";
import { CellGrid } from "../src/shared/batch/cell-grid.ts";
import { type Cell, cellSchema } from "../src/shared/contract/batch.ts";
import { createExecutorClient } from "../src/shared/executor/grpc-executor-client.ts";
import type { ExecutorClient } from "../src/shared/executor/port.ts";
import { slotsForBatches } from "../src/shared/executor/slots-for-batches.ts";
import { createLogger } from "../src/shared/logging.ts";
import { createCsvMarketData } from "../src/shared/market-data/csv-market-data.ts";
import type { Series } from "../src/shared/market-data/series.ts";
import { selectWindow } from "../src/shared/market-data/window.ts";
import { connectRedis } from "../src/shared/redis.ts";
import { batchBecomes, hasEnded, submitBatch } from "../test/support/batches.ts";
import { type Stack, startStack } from "../test/support/start-stack.ts";
import { timed, treeCpuSeconds } from "./measure.ts";
import { runAllPeers } from "./peers.ts";
import type { Row, Table } from "./report.ts";
import { SMA_EVERY_BAR } from "./strategies.ts";

const ROUNDS = 5;
/** Each look at a running batch costs the API some ms of the same two cores. */
const POLL_MS = 500;
const SAMPLE = 100;
const SEED = 20_261_129;
/** The newest ten years of daily bars that there are of AAPL: 2,516. */
const WINDOW = { start: "2003-03-01" };

const sweepOf = (fast: number, slow: number) => ({
  strategy: { code: SMA_EVERY_BAR, language: "python" as const },
  symbols: ["AAPL"],
  ...WINDOW,
  parameters: { fast: { from: 2, to: fast + 1, step: 1 }, slow: { from: 10, to: slow + 9, step: 1 } },
});

export async function benchSweep(): Promise<Table> {
  const sweep = sweepOf(100, 100);
  const stack = await startStack({ environment: { LOG_LEVEL: "warn" } });
  const client = createExecutorClient(
    { EXECUTOR_TARGETS: [stack.executor.target], EXECUTOR_TLS: false },
    createLogger("bench", "silent"),
  );
  try {
    const whole = await createCsvMarketData("examples/market-data").loadSeries("AAPL", "1D");
    const series = selectWindow(whole, WINDOW);
    const rounds = [];
    let id = "";
    for (let round = 0; round < ROUNDS; round += 1) {
      const direct = await streamed(stack, client, series, sweep);
      const service = await throughService(stack, sweep);
      id = service.id;
      rounds.push({ direct, service, ratio: service.perSecond / direct.perSecond });
    }
    rounds.sort((a, b) => a.ratio - b.ratio);
    const middle = rounds[Math.floor(ROUNDS / 2)];
    if (middle === undefined) throw new Error("no round was run");
    const { direct, service, ratio } = middle;
    return {
      name: "sweep",
      title: `SMA crossover, form 1, 100 x 100 cells over ${series.length} bars, all metrics; median of ${ROUNDS} rounds by ratio`,
      rows: [
        { what: `executor, streaming calls at once: ${direct.calls}`, figures: direct.figures },
        {
          what: "POST /batches to its end",
          figures: { "cells/s": service.perSecond, ...service.cpuMs, "stolen s": service.stolen },
          target: `>= 1,500 cells/s, >= 0.85 of the executor's own: ${ratio.toFixed(2)}`,
          reached: service.perSecond >= 1_500 && ratio >= 0.85,
        },
        await compared(stack, client, series, sweep, id),
        ...(await peersOf(sweep)),
      ],
    };
  } finally {
    client.close();
    await stack.stop();
  }
}

/** The same grid over the same bars. */
async function peersOf(sweep: Sweep): Promise<Row[]> {
  const grid = gridOf(sweep);
  const cells = Array.from({ length: grid.cells }, (_, set) => grid.parametersOf(set));
  const rows: Row[] = [];
  await runAllPeers(
    { grid: cells, start: WINDOW.start, whole_grid_only: true },
    ({ what, ...line }, stolen) => {
      rows.push({ what, figures: { "cells/s": line.cells / line.seconds, "stolen s": stolen } });
    },
  );
  return rows;
}

type Sweep = ReturnType<typeof sweepOf>;

function gridOf(sweep: Sweep): CellGrid {
  return new CellGrid({ ...sweep, windows: [WINDOW], folds: undefined, sample: undefined });
}

/** The executor's own rate: its cells in as many calls as batches may have slots. */
async function streamed(stack: Stack, client: ExecutorClient, series: Series, sweep: Sweep) {
  const grid = gridOf(sweep);
  const cells = Array.from({ length: grid.cells }, (_, set) => ({
    series: 0,
    parameters: grid.parametersOf(set),
  }));
  const calls = slotsForBatches(await client.health());
  const each = Math.ceil(grid.cells / calls);
  const request = { owner: "bench", code: SMA_EVERY_BAR, options: {}, series: [series] };
  const cpuBefore = treeCpuSeconds(stack.executor.pid);
  const { result, seconds, stolen } = await timed(() =>
    Promise.all(
      Array.from({ length: calls }, (_, call) => {
        const part = cells.slice(call * each, (call + 1) * each);
        return client.executeBatch({ ...request, cells: part }, { requestId: "bench" });
      }),
    ),
  );
  const succeeded = result.reduce((sum, { columns }) => sum + columns.counts().succeeded, 0);
  if (succeeded !== grid.cells)
    throw new Error(`the direct calls answered ${succeeded} of ${grid.cells} cells: is the machine busy?`);
  const perSecond = grid.cells / seconds;
  const executorMs = ((treeCpuSeconds(stack.executor.pid) - cpuBefore) * 1_000) / grid.cells;
  const figures = { "cells/s": perSecond, "executor CPU ms": executorMs, "stolen s": stolen };
  return { perSecond, figures, calls };
}

/** By the batch's own times: from its submission to its end in the store. */
async function throughService(stack: Stack, sweep: Sweep) {
  const pids = {
    "executor CPU ms": stack.executor.pid,
    "worker CPU ms": stack.workers[0]?.pid ?? 0,
    "api CPU ms": stack.api.pid,
    "valkey CPU ms": stack.valkey.pid,
  };
  const before = Object.entries(pids).map(([part, pid]) => [part, pid, treeCpuSeconds(pid)] as const);
  const { result: batch, stolen } = await timed(async () => {
    const id = await submitBatch(stack.url, sweep);
    return await batchBecomes(stack.url, id, hasEnded, 120_000, POLL_MS);
  });
  const { total, succeeded } = batch.counts;
  if (succeeded !== total) throw new Error(`${total - succeeded} cells of the batch have not succeeded`);
  const seconds = (Date.parse(batch.finishedAt ?? "") - Date.parse(batch.createdAt)) / 1_000;
  const cpuMs = Object.fromEntries(
    before.map(([part, pid, cpu]) => [part, ((treeCpuSeconds(pid) - cpu) * 1_000) / total]),
  );
  return { id: batch.id, perSecond: total / seconds, cpuMs, stolen };
}

/** A random sample of the cells, each run alone. */
async function compared(
  stack: Stack,
  client: ExecutorClient,
  series: Series,
  sweep: Sweep,
  id: string,
): Promise<Row> {
  const grid = gridOf(sweep);
  const stored = await cellsOf(stack.url, id);
  let state = SEED;
  let equal = 0;
  for (let drawn = 0; drawn < SAMPLE; drawn += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const cell = state % grid.cells;
    const request = { owner: "bench", code: SMA_EVERY_BAR, parameters: grid.parametersOf(cell), series };
    const outcome = await client.execute({ ...request, options: {} }, { requestId: "bench" });
    if (!outcome.succeeded) throw new Error(outcome.failure.message);
    const { unavailable: _, ...metrics } = outcome.execution.metrics;
    if (JSON.stringify(metrics) === JSON.stringify(stored[cell]?.metrics)) equal += 1;
  }
  return {
    what: `${SAMPLE} random cells, each run alone`,
    figures: { "equal in all metrics": equal },
    target: "all",
    reached: equal === SAMPLE,
  };
}

async function cellsOf(url: string, id: string): Promise<Cell[]> {
  const answer = await fetch(`${url}/v1/batches/${id}/cells`, {
    headers: { accept: "application/x-ndjson" },
  });
  const lines = (await answer.text()).split("\n").filter((line) => line !== "");
  return lines.map((line) => cellSchema.parse(JSON.parse(line)));
}

/** What 100,000 cells take in memory: at most, of each process, over the whole batch and its reading. */
export async function benchSweepMemory(): Promise<Table> {
  const stack = await startStack({ environment: { LOG_LEVEL: "warn" } });
  try {
    const id = await submitBatch(stack.url, sweepOf(400, 250));
    const batch = await batchBecomes(stack.url, id, hasEnded, 300_000, POLL_MS);
    await cellsOf(stack.url, id);
    const seconds = (Date.parse(batch.finishedAt ?? "") - Date.parse(batch.createdAt)) / 1_000;
    return {
      name: "sweep-memory",
      title: `${batch.counts.total.toLocaleString("en-US")} cells of the same sweep: memory at the peak`,
      rows: [
        { what: "cells/s", figures: { "": batch.counts.succeeded / seconds } },
        memoryRow("API, all cells read as NDJSON too", peakMb(stack.api.pid), 300),
        memoryRow("worker", peakMb(stack.workers[0]?.pid ?? 0), 300),
        memoryRow("Valkey, used_memory_peak", await redisPeakMb(stack.valkey.url), 64),
      ],
    };
  } finally {
    await stack.stop();
  }
}

function memoryRow(what: string, megabytes: number, most: number): Row {
  return { what, figures: { MB: megabytes }, target: `< ${most} MB`, reached: megabytes < most };
}

/** Of resident memory. */
function peakMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1_024;
}

async function redisPeakMb(url: string): Promise<number> {
  const connection = connectRedis(url, "worker", createLogger("bench", "silent"));
  const info = await connection.info("memory");
  connection.disconnect();
  return Number(/used_memory_peak:(\d+)/.exec(info)?.[1] ?? Number.NaN) / 1_048_576;
}
