/** Two strategies on every symbol there is, submitted at once, watched while they run, then compared. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { isTerminal, type Job } from "../../shared/contract/job.ts";
import type { ApiClient } from "../api-client.ts";
import { ROOT } from "../paths.ts";
import { printTitle } from "./pages.ts";
import { showProgress, type Tracked } from "./progress.ts";
import { type Column, formatMs, formatPercent, formatRatio, formatTable } from "./table.ts";

const STRATEGIES = [
  { name: "sma_crossover", what: "def strategy(data) answers for one bar: BUY, SELL or HOLD" },
  { name: "rsi_mean_reversion", what: "def strategy(data) answers for all bars at once: a Series" },
];
const TIMEFRAME = "1D";

interface Backtest extends Tracked {
  code: string;
  job?: Job;
  endToEndMs?: number;
}

/** Answers what went wrong, undefined if nothing did. */
export async function showBacktests(client: ApiClient): Promise<string | undefined> {
  const symbols = await client.listSymbols();
  printTitle(`2. Two strategies on ${symbols.length} symbols: POST /v1/jobs, GET /v1/jobs/:id/events`);
  for (const { name, what } of STRATEGIES) console.log(`  examples/strategies/${name}.py: ${what}`);
  console.log();
  const backtests = STRATEGIES.flatMap(({ name }) => {
    const code = readFileSync(join(ROOT, "examples", "strategies", `${name}.py`), "utf8");
    return symbols.map(({ symbol }): Backtest => ({ group: name, label: symbol, status: "queued", code }));
  });
  const progress = showProgress(backtests, process.stdout);
  const start = performance.now();
  await Promise.all(
    backtests.map((backtest) => run(client, backtest, (note) => progress.update(backtest, note))),
  );
  progress.finish();
  for (const { name } of STRATEGIES) {
    const own = backtests.filter(({ group }) => group === name);
    console.log(`  ${styleText("bold", name)}`);
    for (const line of formatTable(COLUMNS, own)) console.log(`  ${line}`);
    console.log();
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `  ${backtests.length} jobs at once, all done after ${seconds} s. "executor" is the worker's call of it,\n  "end to end" is from the POST to the last event, the wait for a free slot included.`,
  );
  return complain(backtests);
}

async function run(client: ApiClient, backtest: Backtest, moved: (note: string) => void): Promise<void> {
  const start = performance.now();
  const id = await client.submitJob({
    strategy: { id: backtest.group, code: backtest.code },
    symbol: backtest.label,
    timeframe: TIMEFRAME,
  });
  for await (const job of client.watchJob(id)) {
    backtest.job = job;
    backtest.status = job.status;
    backtest.endToEndMs = performance.now() - start;
    moved(isTerminal(job.status) ? formatMs(backtest.endToEndMs) : "");
  }
}

const COLUMNS: Column<Backtest>[] = [
  { title: "symbol", align: "left", cell: ({ label }) => label },
  { title: "bars", align: "right", cell: ({ job }) => job?.summary?.bars.toLocaleString("en-US") ?? "–" },
  { title: "signals", align: "right", cell: ({ job }) => countSignals(job) },
  { title: "trades", align: "right", cell: ({ job }) => String(job?.summary?.metrics.totalTrades ?? "–") },
  { title: "return", align: "right", cell: ({ job }) => formatPercent(job?.summary?.metrics.totalReturnPct) },
  {
    title: "buy and hold",
    align: "right",
    cell: ({ job }) => formatPercent(job?.summary?.metrics.buyAndHoldPct),
  },
  { title: "Sharpe", align: "right", cell: ({ job }) => formatRatio(job?.summary?.metrics.sharpe) },
  {
    title: "max drawdown",
    align: "right",
    cell: ({ job }) => formatPercent(job?.summary?.metrics.maxDrawdownPct, false),
  },
  { title: "executor", align: "right", cell: ({ job }) => formatMs(job?.timings?.executeMs) },
  { title: "end to end", align: "right", cell: ({ endToEndMs }) => formatMs(endToEndMs) },
];

function countSignals(job: Job | undefined): string {
  const metrics = job?.summary?.metrics;
  return metrics === undefined ? "–" : String(metrics.buyCount + metrics.sellCount);
}

function complain(backtests: Backtest[]): string | undefined {
  const bad = backtests.filter(({ status }) => status !== "succeeded");
  if (bad.length === 0) return undefined;
  const reasons = bad.map(
    ({ group, label, job }) => `${group} on ${label}: ${job?.failure?.message ?? job?.status ?? "no answer"}`,
  );
  return `${bad.length} of ${backtests.length} backtests did not succeed: ${reasons.join("; ")}`;
}
