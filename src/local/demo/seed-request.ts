/** The request that existing clients send, answered as they know it. */
import type { ApiClient } from "../api-client.ts";
import { EXAMPLE_CODE, EXAMPLE_SYMBOL } from "../example-request.ts";
import { printCode, printFields, printTitle } from "./pages.ts";
import { formatMs } from "./table.ts";

const REQUEST = {
  symbol: EXAMPLE_SYMBOL,
  timeframe: "1D",
  language: "python",
  code: EXAMPLE_CODE,
};

/** Answers what went wrong, undefined if nothing did. */
export async function showSeedRequest(client: ApiClient): Promise<string | undefined> {
  printTitle("1. One strategy, one request: POST /v1/strategies/execute-code (AAPL, daily bars)");
  printCode(EXAMPLE_CODE);
  const start = performance.now();
  const { signals, performance: figures, errors, executionTime } = await client.executeCode(REQUEST);
  const endToEnd = performance.now() - start;
  const first = signals[0];
  printFields([
    [
      "signals",
      first === undefined
        ? "none"
        : `${signals.length}, the first a ${first.type} at ${first.price} on ${first.timestamp.slice(0, 10)} (${first.reason})`,
    ],
    [
      "equity",
      figures === null
        ? undefined
        : `${figures.equityCurve.length.toLocaleString("en-US")} points from ${figures.startDate.slice(0, 10)} to ${figures.endDate.slice(0, 10)}`,
    ],
    ["time", `${formatMs(executionTime)} in the executor, ${formatMs(endToEnd)} for the whole request`],
    ["errors", errors.length === 0 ? undefined : errors.join("; ")],
  ]);
  if (errors.length > 0) return `the request of existing clients failed: ${errors.join("; ")}`;
  return signals.length === 0 ? "the request of existing clients found no signal" : undefined;
}
