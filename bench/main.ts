/** `npm run bench [-- NAME ...]`: every benchmark, or those named; tables to the terminal, JSON to bench/results/. */
import { parseArgs } from "node:util";
import { benchBatch } from "./batch.ts";
import { benchExecutor } from "./executor.ts";
import { benchFairness } from "./fairness.ts";
import { benchLatency } from "./latency.ts";
import { benchListener } from "./listener.ts";
import { benchMarketData } from "./market-data.ts";
import { benchPeers } from "./peers.ts";
import { benchPipeline } from "./pipeline.ts";
import { describeMachine, printHeader, printTable, readTable, type Table, writeTable } from "./report.ts";
import { benchSoak } from "./soak.ts";
import { benchSubmit } from "./submit.ts";
import { benchSweep, benchSweepMemory } from "./sweep.ts";
import { writeIntoPage, writeIntoReadme } from "./write-docs.ts";
import { yardstickMs } from "./yardstick.ts";

const BENCHES: Record<string, () => Promise<Table>> = {
  executor: benchExecutor,
  batch: benchBatch,
  peers: benchPeers,
  latency: benchLatency,
  fairness: benchFairness,
  listener: benchListener,
  "market-data": benchMarketData,
  pipeline: benchPipeline,
  submit: benchSubmit,
  sweep: benchSweep,
  "sweep-memory": benchSweepMemory,
  soak: () => benchSoak(executions),
};
/** Minutes long: it runs when it is named. */
const NAMED_ONLY = new Set(["soak"]);

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { help: { type: "boolean" }, docs: { type: "boolean" }, executions: { type: "string" } },
});
const executions = values.executions === undefined ? undefined : Number(values.executions);
const unknown = asked.filter((name) => !(name in BENCHES));
if (unknown.length > 0 || values.help === true) {
  console.log(`usage: npm run bench [-- NAME ... [--docs] [--executions N]]
names: ${Object.keys(BENCHES).join(", ")}; none runs all but ${[...NAMED_ONLY].join(", ")}
  --docs           also puts the tables into docs/benchmarks.md, and the last of every name into README.md
  --executions N   of the soak, 20000 unless told`);
  process.exit(values.help === true ? 0 : 2);
}
const machine = describeMachine();
printHeader(machine);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length > 0 ? !asked.includes(name) : NAMED_ONLY.has(name)) continue;
  const before = yardstickMs();
  const table = await bench();
  table.yardstick = `yardstick ${before.toFixed(0)} ms before, ${yardstickMs().toFixed(0)} after`;
  printTable(table);
  writeTable(table, machine);
  if (values.docs === true) writeIntoPage(table, machine);
  if (table.mustReach === true && table.rows.some(({ reached }) => reached === false)) process.exitCode = 1;
}
if (values.docs === true) {
  writeIntoReadme(
    Object.keys(BENCHES).flatMap((name) => readTable(name) ?? []),
    machine,
  );
}
console.log(`${Math.round(performance.now() / 1000)} s in all`);
