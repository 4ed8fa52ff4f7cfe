/** The same grid by ExecuteBatch, by public libraries and by plainer ways of our own, in one run. */
import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { Parameters } from "../src/shared/contract/values.ts";
import { startExecutor } from "../test/support/start-executor.ts";
import { type BatchRun, runGrid } from "./batch.ts";
import { connectBatchCaller } from "./batch-call.ts";
import { stolenSeconds } from "./measure.ts";
import type { Row, Table } from "./report.ts";
import { SMA_EVERY_BAR, smaGrid } from "./strategies.ts";

const SIDE = 50;
const SERIES = "examples/market-data/AAPL.csv";
const IN_README = /drawdown and trades|backtesting/;
const ONE_THREAD = { OPENBLAS_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };

const peerLine = z.object({
  what: z.string(),
  cells: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  returns: z.array(z.number()),
});
type PeerLine = z.infer<typeof peerLine>;

export async function benchPeers(): Promise<Table> {
  const grid = smaGrid(SIDE);
  const ours = await ourRun(grid);
  const rows: Row[] = [
    {
      what: "ours: ExecuteBatch, one sandbox, all metrics",
      figures: {
        cells: grid.length,
        "cells/s": ours.perSecond,
        "per core": ours.perCore,
        "of ours": 1,
        "stolen s": ours.stolen,
      },
    },
  ];
  await runAllPeers({ grid }, (line, stolen) => rows.push(rowOf(line, ours, stolen)));
  return {
    name: "peers",
    title: `SMA ${SIDE} x ${SIDE} over AAPL, 3,270 daily bars, by others without sandbox, in one process but for the pool`,
    rows,
  };
}

async function ourRun(grid: Parameters[]): Promise<BatchRun> {
  const executor = await startExecutor();
  const caller = connectBatchCaller(executor.target);
  try {
    const request = { code: SMA_EVERY_BAR, noSharedExpressions: false };
    await runGrid(executor, caller, { ...request, grid: smaGrid(10) });
    return await runGrid(executor, caller, { ...request, grid });
  } finally {
    caller.close();
    await executor.stop();
  }
}

/** What the peers are asked: a grid over AAPL, from a date on; the slow ones and the returns alone left out. */
interface PeerRequest {
  grid: readonly Parameters[];
  start?: string;
  whole_grid_only?: boolean;
}

/** Our own ways and public libraries, one after the other. */
export async function runAllPeers(
  request: PeerRequest,
  take: (line: PeerLine, stolen: number) => void,
): Promise<void> {
  execFileSync(process.execPath, ["scripts/setup.mjs", "--environment", "bench"], { stdio: "inherit" });
  const asked = JSON.stringify({ series: SERIES, code: SMA_EVERY_BAR, ...request });
  await runPeers(".venv/bin/python", "own_ways.py", asked, take);
  await runPeers(".venv-bench/bin/python", "public_libraries.py", asked, take);
}

/** Runs a script that prints a line for each peer. Rejects with what it said where it fails. */
async function runPeers(
  python: string,
  script: string,
  asked: string,
  take: (line: PeerLine, stolen: number) => void,
): Promise<void> {
  const child = spawn(python, [`bench/peers/${script}`], {
    env: { ...process.env, ...ONE_THREAD, PYTHONPATH: "executor" },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  let complaints = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2_000);
  });
  child.stdin.end(asked);
  let stolenBefore = stolenSeconds();
  for await (const line of createInterface(child.stdout)) {
    take(peerLine.parse(JSON.parse(line)), stolenSeconds() - stolenBefore);
    stolenBefore = stolenSeconds();
  }
  const code = await ended;
  if (code !== 0) throw new Error(`bench/peers/${script} ended with ${code}: ${complaints}`);
}

function rowOf({ what, cells, seconds, cpuSeconds, returns }: PeerLine, ours: BatchRun, stolen: number): Row {
  const perCore = cells / cpuSeconds;
  return {
    what,
    ...(IN_README.test(what) && { headline: ["per core", "of ours"] }),
    figures: {
      cells,
      "cells/s": cells / seconds,
      "per core": perCore,
      "of ours": perCore / ours.perCore,
      "return differs": differenceOf(returns, ours.returns).toExponential(0),
      "stolen s": stolen,
    },
  };
}

/** The largest relative difference of a total return; a peer may have taken every n-th cell only. */
function differenceOf(theirs: readonly number[], ours: Float64Array): number {
  const step = Math.floor(ours.length / theirs.length);
  const differences = theirs.map((value, index) => {
    const own = ours[index * step] ?? Number.NaN;
    return Math.abs(value - own) / Math.max(1, Math.abs(own));
  });
  return Math.max(...differences);
}
