/** `npm run demo`: starts the service, does real work on it through its HTTP API, stops it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiClient } from "../api-client.ts";
import { formatLogLine } from "../log-lines.ts";
import { readOptions, stackOptions } from "../options.ts";
import { runUntilStopped } from "../run-until-stopped.ts";
import { showBacktests } from "./backtests.ts";
import { showFailures } from "./failures.ts";
import { showSeedRequest } from "./seed-request.ts";
import { showSweep } from "./sweep.ts";

const LOG_LINES_KEPT = 40;

/** Warnings and errors of the stack; shown only if the demo fails. */
const complaints: string[] = [];

function keepComplaint(name: string, line: string): void {
  const text = formatLogLine(name, line, false);
  if (text === undefined || !/ (WARN|WARNING|ERROR|FATAL) /.test(text)) return;
  complaints.push(text);
  if (complaints.length > LOG_LINES_KEPT) complaints.shift();
}

async function show(url: string): Promise<number> {
  const client = new ApiClient(url);
  const chapters = [showSeedRequest, showBacktests, showFailures, () => showSweep(url)];
  for (const chapter of chapters) {
    const problem = await chapter(client);
    if (problem === undefined) continue;
    console.error(`\nThe demo failed: ${problem}`);
    for (const line of complaints) console.error(`  ${line}`);
    return 1;
  }
  console.log("\nNext: npm start   (the same service, staying up; it prints a request to paste)");
  return 0;
}

const scratch = mkdtempSync(join(tmpdir(), "strategiz-demo-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

await runUntilStopped(async (start) => {
  const options = readOptions({
    name: "npm run demo --",
    description: "Shows the service at work: starts it, runs strategies on real bars, stops it.",
    port: 0,
    state: scratch,
    stateIs: "a temporary directory",
  });
  const began = performance.now();
  process.stdout.write("Starting Valkey, executor, worker and API ...");
  const stack = await start({
    ...stackOptions(options),
    environment: process.env,
    onLine: keepComplaint,
  });
  console.log(` ready in ${((performance.now() - began) / 1000).toFixed(1)} s at ${stack.url}`);
  return { stack, done: show(stack.url) };
});
