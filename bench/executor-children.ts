/** The executor's waiting children, and how promptly one that does not end is ended. */
import { readFileSync } from "node:fs";
import type { ExecutorClient } from "../src/shared/executor/port.ts";
import type { Series } from "../src/shared/market-data/series.ts";
import { childrenOf, pause, spreadOf, stolenSeconds } from "./measure.ts";
import type { Row } from "./report.ts";
import { ENDLESS } from "./strategies.ts";

const REHEARSED_MS = 1_000;
const ENDLESS_CALLS = 25;
const LIMIT_SECONDS = 1;
const KILOBYTES_PER_MEGABYTE = 1_024;

/** Private memory of the children of an idle executor: of those that wait, and of the next, which has rehearsed. */
export async function waitingChildren(executor: number): Promise<Row> {
  await pause(REHEARSED_MS);
  const megabytes = childrenOf(executor).flatMap(childrenOf).map(privateMegabytes);
  megabytes.sort((a, b) => a - b);
  const next = megabytes.pop() ?? Number.NaN;
  const most = megabytes.at(-1) ?? Number.NaN;
  return {
    what: `${megabytes.length + 1} waiting children, private memory`,
    figures: { "MB each": most, "MB of the next": next },
    target: "<= 8 MB each",
    reached: most <= 8,
  };
}

function privateMegabytes(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kilobytes = [...rollup.matchAll(/^Private_\w+: +(\d+) kB/gm)].map((match) => Number(match[1]));
  return kilobytes.reduce((sum, value) => sum + value, 0) / KILOBYTES_PER_MEGABYTE;
}

/** What the caller of a strategy without an end waits beyond the strategy's own time limit. */
export async function deadlineOvershoot(client: ExecutorClient, series: Series): Promise<Row> {
  const request = {
    owner: "bench",
    code: ENDLESS,
    parameters: {},
    series,
    options: {},
    timeoutSeconds: LIMIT_SECONDS,
  };
  const overshoot: number[] = [];
  const stolenBefore = stolenSeconds();
  for (let call = 0; call < ENDLESS_CALLS; call += 1) {
    const start = performance.now();
    const outcome = await client.execute(request, { requestId: "bench" });
    if (outcome.succeeded || outcome.failure.code !== "timeout") throw new Error("an endless strategy ended");
    overshoot.push(performance.now() - start - LIMIT_SECONDS * 1_000);
  }
  const { p50, p90, p99, max } = spreadOf(overshoot);
  return {
    what: `beyond a limit of ${LIMIT_SECONDS} s, ${ENDLESS_CALLS} endless strategies`,
    figures: { "p50 ms": p50, "p90 ms": p90, "p99 ms": p99, "stolen s": stolenSeconds() - stolenBefore },
    target: "p99 <= 25 ms, never above 100",
    reached: p99 <= 25 && max <= 100,
  };
}
