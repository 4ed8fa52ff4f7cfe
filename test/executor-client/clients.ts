/** Clients of the executor, closed when the test ends. */
import { type Logger, pino } from "pino";
import { onTestFinished } from "vitest";
import type { ExecutorConfig } from "../../src/shared/config.ts";
import type { Failure } from "../../src/shared/contract/job.ts";
import { ExecutionFailure } from "../../src/shared/errors.ts";
import { createExecutorClient } from "../../src/shared/executor/grpc-executor-client.ts";
import type { CallContext, ExecutionRequest, ExecutorClient } from "../../src/shared/executor/port.ts";
import type { Series } from "../../src/shared/market-data/series.ts";

export const CONTEXT: CallContext = { requestId: "a-request" };

export function connectTo(
  targets: string[],
  config: Partial<ExecutorConfig> = {},
  logger: Logger = pino({ level: "silent" }),
): ExecutorClient {
  const client = createExecutorClient({ EXECUTOR_TARGETS: targets, EXECUTOR_TLS: false, ...config }, logger);
  onTestFinished(() => client.close());
  return client;
}

/** A logger whose lines can be read afterwards. */
export function recordingLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  return { logger: pino({ level: "trace" }, { write: (line: string) => lines.push(line) }), lines };
}

/** So many daily bars from 2020-01-01 on whose price goes up and down. */
export function seriesOf(bars: number): Series {
  const close = Float64Array.from({ length: bars }, (_, bar) => 100 + 10 * Math.sin(bar / 7) + bar / 50);
  return {
    symbol: "TEST",
    timeframe: "1D",
    length: bars,
    timestampMs: BigInt64Array.from({ length: bars }, (_, bar) => BigInt(Date.UTC(2020, 0, 1 + bar))),
    open: close.map((price) => price - 0.25),
    high: close.map((price) => price + 1),
    low: close.map((price) => price - 1),
    close,
    volume: BigInt64Array.from({ length: bars }, () => 1_000n),
  };
}

export function requestWith(changes: Partial<ExecutionRequest>): ExecutionRequest {
  return { owner: "ada", code: "", parameters: {}, series: seriesOf(10), options: {}, ...changes };
}

/** The failure that the promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => new Error("it did not fail"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof ExecutionFailure) return error.failure;
  throw error;
}
