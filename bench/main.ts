/** `npm run bench [-- NAME ...]`: every benchmark, or those named; tables to the terminal, JSON to bench/results/. */
import { benchBatch } from "./batch.ts";
import { benchExecutor } from "./executor.ts";
import { benchLatency } from "./latency.ts";
import { benchListener } from "./listener.ts";
import { benchMarketData } from "./market-data.ts";
import { benchPeers } from "./peers.ts";
import { benchPipeline } from "./pipeline.ts";
import { printHeader, printTable, type Table, writeTable } from "./report.ts";
import { benchSubmit } from "./submit.ts";
import { benchSweep, benchSweepMemory } from "./sweep.ts";

const BENCHES: Record<string, () => Promise<Table>> = {
  executor: benchExecutor,
  batch: benchBatch,
  peers: benchPeers,
  latency: benchLatency,
  listener: benchListener,
  "market-data": benchMarketData,
  pipeline: benchPipeline,
  submit: benchSubmit,
  sweep: benchSweep,
  "sweep-memory": benchSweepMemory,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0 || asked.includes("--help")) {
  console.log(`usage: npm run bench [-- NAME ...]\nnames: ${Object.keys(BENCHES).join(", ")}; none runs all`);
  process.exit(asked.includes("--help") ? 0 : 2);
}
printHeader();
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const table = await bench();
  printTable(table);
  writeTable(table);
}
