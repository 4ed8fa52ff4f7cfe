/** `npm start`: the whole service on this machine, until Ctrl-C or SIGTERM. */

import { standardOutput } from "../shared/log-output.ts";
import { EXAMPLE_CODE, EXAMPLE_SYMBOL } from "./example-request.ts";
import { formatLogLine } from "./log-lines.ts";
import { readOptions, stackOptions } from "./options.ts";
import { runUntilStopped } from "./run-until-stopped.ts";
import type { LocalStack } from "./stack.ts";

const DEFAULTS = {
  name: "npm start --",
  description: "Starts Valkey, executor, worker and API on this machine and keeps them up.",
  port: 8080,
  state: ".strategiz",
  stateIs: ".strategiz",
};

function printLine(name: string, line: string): void {
  const text = formatLogLine(name, line, process.stdout.isTTY);
  if (text !== undefined) standardOutput().write(`${text}\n`);
}

function describe({ url, metricsUrls, jobStore }: LocalStack): string {
  const example = JSON.stringify({ symbol: EXAMPLE_SYMBOL, strategy: { code: EXAMPLE_CODE } });
  return `
Ready: ${url}
  API, described     ${url}/v1/docs
  metrics            ${metricsUrls.api}
                     ${metricsUrls.worker}
  jobs               ${jobStore}
  Try it:
    curl -s '${url}/v1/jobs' -H 'Content-Type: application/json' -H 'Prefer: wait=10' -d '${example}'
  Ctrl-C stops all of it.
`;
}

await runUntilStopped(async (start) => {
  const options = readOptions(DEFAULTS);
  console.log(`Starting on ${options.state} ...`);
  const stack = await start({
    ...stackOptions(options),
    environment: process.env,
    onLine: printLine,
  });
  console.log(describe(stack));
  return { stack, done: new Promise<number>(() => undefined) };
});
