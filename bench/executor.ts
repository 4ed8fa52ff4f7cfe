/** Round trips to the executor, one caller with gaps, beside an empty gRPC echo of the same size in turn. */

import { createExecutorClient } from "../src/shared/executor/grpc-executor-client.ts";
import type { ExecutorClient } from "../src/shared/executor/port.ts";
import { createLogger } from "../src/shared/logging.ts";
import { createCsvMarketData } from "../src/shared/market-data/csv-market-data.ts";
import type { Series } from "../src/shared/market-data/series.ts";
import { startExecutor } from "../test/support/start-executor.ts";
import { type Echo, startEcho } from "./echo.ts";
import { deadlineOvershoot, waitingChildren } from "./executor-children.ts";
import { inParallel, pause, spreadOf, stolenSeconds, timed, treeCpuSeconds } from "./measure.ts";
import type { Row, Table } from "./report.ts";
import { RSI_WITH_EMA, SMA_COLUMN, SMA_EVERY_BAR } from "./strategies.ts";

const CALLS = 200;
const GAP_MS = 20;
const WARM_UP_CALLS = 20;
const BYTES_PER_BAR = 48;
const PARALLEL_CALLS = 400;

interface Case {
  what: string;
  code: string;
  bars: number;
  /** Makes each call's source new to the executor. */
  unseen?: boolean;
  target: string;
  /** Shown in the README. */
  isHeadline?: boolean;
  reached: (p50: number, p99: number, echoP50: number) => boolean;
}

const CASES: Case[] = [
  { what: "form 2 SMA, 252 bars", code: SMA_COLUMN, bars: 252, target: "", reached: () => true },
  { what: "form 2 SMA, 2,520 bars", code: SMA_COLUMN, bars: 2_520, target: "", reached: () => true },
  {
    what: "form 1 SMA 10/30, 2,520 bars",
    code: SMA_EVERY_BAR,
    bars: 2_520,
    target: "p50 <= echo + 3.5 ms, p99 <= 25 ms",
    isHeadline: true,
    reached: (p50, p99, echoP50) => p50 <= echoP50 + 3.5 && p99 <= 25,
  },
  {
    what: "the same, first time seen",
    code: SMA_EVERY_BAR,
    bars: 2_520,
    unseen: true,
    target: "p50 <= 8 ms",
    reached: (p50) => p50 <= 8,
  },
  {
    what: "form 1 RSI with EMA, 2,520 bars",
    code: RSI_WITH_EMA,
    bars: 2_520,
    target: "p50 <= 12 ms",
    reached: (p50) => p50 <= 12,
  },
];

export async function benchExecutor(): Promise<Table> {
  const executor = await startExecutor();
  const client = createExecutorClient(
    { EXECUTOR_TARGETS: [executor.target], EXECUTOR_TLS: false },
    createLogger("bench", "silent"),
  );
  const echo = await startEcho();
  try {
    const whole = await createCsvMarketData("examples/market-data").loadSeries("AAPL", "1D");
    const rows: Row[] = [];
    for (const each of CASES) rows.push(await roundTrips(client, echo, lastBars(whole, each.bars), each));
    rows.push(await throughput(client, lastBars(whole, 2_520), executor.pid));
    rows.push(await waitingChildren(executor.pid));
    rows.push(await deadlineOvershoot(client, lastBars(whole, 2_520)));
    return {
      name: "executor",
      title: `Executor round trip, columns, one caller with ${GAP_MS} ms gaps, ${CALLS} calls`,
      rows,
    };
  } finally {
    client.close();
    echo.stop();
    await executor.stop();
  }
}

function lastBars(series: Series, bars: number): Series {
  const from = series.length - bars;
  const { timestampMs, open, high, low, close, volume } = series;
  return {
    ...series,
    length: bars,
    timestampMs: timestampMs.slice(from),
    open: open.slice(from),
    high: high.slice(from),
    low: low.slice(from),
    close: close.slice(from),
    volume: volume.slice(from),
  };
}

async function execute(client: ExecutorClient, code: string, series: Series): Promise<number> {
  const start = performance.now();
  const request = { owner: "bench", code, parameters: {}, series, options: {} };
  const outcome = await client.execute(request, { requestId: "bench" });
  if (!outcome.succeeded) throw new Error(`the executor failed: ${outcome.failure.message}`);
  return performance.now() - start;
}

async function roundTrips(client: ExecutorClient, echo: Echo, series: Series, each: Case): Promise<Row> {
  for (let call = 0; call < WARM_UP_CALLS; call += 1) await execute(client, each.code, series);
  const ours: number[] = [];
  const echoes: number[] = [];
  const stolenBefore = stolenSeconds();
  for (let call = 0; call < CALLS; call += 1) {
    await pause(GAP_MS);
    ours.push(await execute(client, each.unseen === true ? `${each.code}# ${call}\n` : each.code, series));
    await pause(GAP_MS);
    echoes.push(await echo.call(each.bars * BYTES_PER_BAR + each.code.length, each.bars * 8));
  }
  const spread = spreadOf(ours);
  const echoP50 = spreadOf(echoes).p50;
  const row: Row = {
    what: each.what,
    figures: {
      "p50 ms": spread.p50,
      "p90 ms": spread.p90,
      "p99 ms": spread.p99,
      "echo p50 ms": echoP50,
      "stolen s": stolenSeconds() - stolenBefore,
    },
  };
  if (each.isHeadline === true) row.headline = ["p50 ms", "p99 ms", "echo p50 ms"];
  if (each.target === "") return row;
  return { ...row, target: each.target, reached: each.reached(spread.p50, spread.p99, echoP50) };
}

async function throughput(client: ExecutorClient, series: Series, pid: number): Promise<Row> {
  const cpuBefore = treeCpuSeconds(pid);
  const { seconds, stolen } = await timed(() =>
    inParallel(PARALLEL_CALLS, 8, async () => {
      await execute(client, SMA_EVERY_BAR, series);
    }),
  );
  const perCore = PARALLEL_CALLS / seconds / 2;
  return {
    what: "8 callers, both cores, client included",
    figures: {
      "per s and core": perCore,
      "CPU ms each": ((treeCpuSeconds(pid) - cpuBefore) * 1000) / PARALLEL_CALLS,
      "stolen s": stolen,
    },
    headline: ["per s and core"],
    target: ">= 45 /s per core",
    reached: perCore >= 45,
  };
}
