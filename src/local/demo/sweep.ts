/** One strategy over a grid of parameters, and what the best of many is worth. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "../../sdk/index.ts";
import type { Leader } from "../../shared/contract/batch.ts";
import { ROOT } from "../paths.ts";
import { printTitle } from "./pages.ts";
import { type Column, formatMs, formatPercent, formatRatio, formatTable } from "./table.ts";

const SHOWN = 3;
const SYMBOL = "MSFT";
const PARAMETERS = { fast: { from: 5, to: 24, step: 1 }, slow: { from: 30, to: 125, step: 5 } };

const COLUMNS: Column<Leader>[] = [
  { title: "fast", align: "right", cell: ({ parameters }) => String(parameters["fast"]) },
  { title: "slow", align: "right", cell: ({ parameters }) => String(parameters["slow"]) },
  { title: "trades", align: "right", cell: ({ metrics }) => String(metrics.totalTrades) },
  { title: "return", align: "right", cell: ({ metrics }) => formatPercent(metrics.totalReturnPct) },
  { title: "Sharpe", align: "right", cell: ({ metrics }) => formatRatio(metrics.sharpe) },
  { title: "deflated", align: "right", cell: ({ deflatedSharpe }) => formatRatio(deflatedSharpe) },
];

/** Answers what went wrong, undefined if nothing did. */
export async function showSweep(url: string): Promise<string | undefined> {
  const code = readFileSync(join(ROOT, "examples/strategies/sma_crossover.py"), "utf8");
  const client = createClient({ url });
  const start = performance.now();
  const { id, cells } = await client.submitBatch({
    strategy: { code },
    symbols: [SYMBOL],
    parameters: PARAMETERS,
  });
  printTitle(`5. sma_crossover on ${SYMBOL} with ${cells} sets of parameters: one batch`);
  const batch = await client.finishedBatch(id);
  const { counts, leaderboard, honesty } = batch;
  if (counts.succeeded !== cells) return `${cells - counts.succeeded} cells of the batch did not succeed`;
  for (const line of formatTable(COLUMNS, leaderboard.slice(0, SHOWN))) console.log(`  ${line}`);
  console.log(`\n  ${honesty.sentence}`);
  console.log(`  ${counts.succeeded} backtests, all done after ${formatMs(performance.now() - start)}.`);
  return undefined;
}
