/** What the author of a strategy gets that does not work. */
import type { Failure } from "../../shared/contract/job.ts";
import type { ApiClient, NewJob } from "../api-client.ts";
import { printCode, printFields, printTitle } from "./pages.ts";
import { formatMs } from "./table.ts";

const TIMEOUT_SECONDS = 2;

const BROKEN = `def strategy(data):
    fast = data["Close"].rolling(10).mean()
    return "BUY" if fast.iloc[-1] > data["close"].iloc[-1] else "SELL"
`;

const ENDLESS = `def strategy(data):
    while True:
        pass
`;

/** Answers what went wrong, undefined if nothing did: both strategies are meant to fail. */
export async function showFailures(client: ApiClient): Promise<string | undefined> {
  const broken = await show(client, "3. A broken strategy", BROKEN, "user", {});
  const title = `4. A strategy that never ends, with a limit of ${TIMEOUT_SECONDS} s`;
  const endless = await show(client, title, ENDLESS, "limit", { timeoutSeconds: TIMEOUT_SECONDS });
  return broken ?? endless;
}

async function show(
  client: ApiClient,
  title: string,
  code: string,
  expected: Failure["class"],
  limits: NonNullable<NewJob["limits"]>,
): Promise<string | undefined> {
  printTitle(title);
  printCode(code);
  const start = performance.now();
  const job = await client.waitForEnd(await client.submitJob({ strategy: { code }, symbol: "AAPL", limits }));
  const { failure } = job;
  if (failure === undefined) return `${title}: it was meant to fail and ${job.status}`;
  printFields([
    ["status", `${job.status}, class ${failure.class}, code ${failure.code}`],
    ["message", failure.type === undefined ? failure.message : `${failure.type}: ${failure.message}`],
    ["line", failure.line === undefined ? undefined : `${failure.line}: ${failure.sourceLine?.trim() ?? ""}`],
    ["hint", failure.hint],
    ["after", formatMs(performance.now() - start)],
  ]);
  return failure.class === expected
    ? undefined
    : `${title}: it failed with class ${failure.class}, not ${expected}`;
}
