/** The executor's answer as an outcome: parsed and checked here once, trusted inside. */
import { executorFailureCodeSchema } from "../contract/failure-code.ts";
import {
  type Failure,
  failureClassSchema,
  type LiveSignal,
  liveSignalSchema,
  type Metrics,
} from "../contract/job.ts";
import type { JobResult } from "../contract/job-result.ts";
import { ExecutionFailure } from "../errors.ts";
import type { Series } from "../market-data/series.ts";
import { InvalidAnswer } from "./answer-columns.ts";
import { readEquity, readIndicators, readSignals, readTrades } from "./answer-parts.ts";
import { barTimes } from "./bar-times.ts";
import type { ExecutionOutcome } from "./port.ts";
import type {
  WireExecuteResponse,
  WireFailure,
  WireLiveSignal,
  WireMetrics,
  WireWarning,
} from "./wire-messages.ts";

/**
 * Throws InvalidAnswer where the answer breaks the contract, and ExecutionFailure where the executor says that the
 * failure is its own (class platform).
 */
export function readOutcome(response: WireExecuteResponse, series: Series): ExecutionOutcome {
  const cpuMs = readCost(response.timings);
  if (!response.success) return { succeeded: false, failure: readFailure(response.failure), cpuMs };
  const { assumptions, liveSignal, metrics, replay, result } = response;
  if (assumptions === null || liveSignal === null || metrics === null || replay === null || result === null) {
    throw new InvalidAnswer("a success without assumptions, live signal, metrics, replay or result");
  }
  const { guardDifferenceBar, ...shownReplay } = replay;
  const timestamps = barTimes(series);
  const performance = readMetrics(metrics);
  const live = readLiveSignal(liveSignal, timestamps.at(-1) ?? "");
  return {
    succeeded: true,
    cpuMs,
    execution: {
      metrics: performance,
      liveSignal: live,
      compileMs: response.timings?.compileMs ?? 0,
      cacheHit: response.cacheHit,
      guardDiffered: guardDifferenceBar > 0,
      result: {
        timestamps,
        signals: readSignals(result.signals, timestamps),
        liveSignal: live,
        indicators: readIndicators(result.plots, series.length),
        trades: readTrades(result.trades, timestamps),
        equityCurve: readEquity(result.equity, series.length),
        performance,
        assumptions,
        warnings: response.warnings.map(readWarning),
        logs: result.logs,
        replay: shownReplay,
      },
    },
  };
}

/** Of a child that was killed before it answered the server knows how long it ran: no more CPU time than that. */
function readCost(timings: WireExecuteResponse["timings"]): number {
  const { childCpuMs = 0, totalMs = 0, queueMs = 0 } = timings ?? {};
  const cost = childCpuMs > 0 ? childCpuMs : totalMs - queueMs;
  return Number.isFinite(cost) ? Math.max(0, cost) : 0;
}

function readFailure(wire: WireFailure | null): Failure {
  const failure = readAnyFailure(wire);
  if (failure.class === "platform") throw new ExecutionFailure(failure);
  return failure;
}

/** One of class platform too. Throws InvalidAnswer. */
export function readAnyFailure(wire: WireFailure | null): Failure {
  const failureClass = failureClassSchema.safeParse(wire?.class);
  const code = executorFailureCodeSchema.safeParse(wire?.code);
  if (wire === null || !failureClass.success || !code.success) {
    const said = wire === null ? "nothing" : `class "${wire.class}" and code "${wire.code}"`;
    throw new InvalidAnswer(`a failure that says ${said}`);
  }
  const failure: Failure = {
    class: failureClass.data,
    code: code.data,
    message: wire.message,
    ...(wire.type !== "" && { type: wire.type }),
    ...(wire.line > 0 && { line: wire.line }),
    ...(wire.sourceLine !== "" && { sourceLine: wire.sourceLine }),
    ...(wire.hint !== "" && { hint: wire.hint }),
    ...(wire.barTimestamp !== "" && { bar: wire.barTimestamp }),
    ...(wire.limitName !== "" && { limit: limitOf(wire) }),
  };
  return failure;
}

function limitOf({ limitName, limitValue, limitUsed, limitUnit }: WireFailure): Failure["limit"] {
  const limit = { name: limitName, value: limitValue, unit: limitUnit };
  return limitUsed > 0 ? { ...limit, used: limitUsed } : limit;
}

function readWarning({ code, message, barTimestamp }: WireWarning): JobResult["warnings"][number] {
  return barTimestamp === "" ? { code, message } : { code, message, bar: barTimestamp };
}

function readLiveSignal(wire: WireLiveSignal, timestamp: string): LiveSignal {
  const { price, reason, signalType: type } = wire;
  const live = liveSignalSchema.safeParse({ type, timestamp, price, reason });
  if (!live.success) throw new InvalidAnswer(`a live signal of type ${type} at price ${price}`);
  return live.data;
}

/** The names are those of the wire; what could not be computed is null, with the reason in `unavailable`. */
function readMetrics(wire: WireMetrics): Metrics {
  return {
    totalReturnPct: wire.totalReturnPct,
    totalPnl: wire.totalPnl,
    cagrPct: wire.cagrPct ?? null,
    volatilityPct: wire.volatilityPct ?? null,
    sharpe: wire.sharpe ?? null,
    sortino: wire.sortino ?? null,
    maxDrawdownPct: wire.maxDrawdownPct,
    longestDrawdownBars: wire.longestDrawdownBars,
    calmar: wire.calmar ?? null,
    winRatePct: wire.winRatePct ?? null,
    avgWin: wire.avgWin ?? null,
    avgLoss: wire.avgLoss ?? null,
    expectancy: wire.expectancy ?? null,
    profitFactor: wire.profitFactor ?? null,
    sqn: wire.sqn ?? null,
    exposurePct: wire.exposurePct,
    buyAndHoldPct: wire.buyAndHoldPct ?? null,
    buyAndHoldPnl: wire.buyAndHoldPnl ?? null,
    outperformancePct: wire.outperformancePct ?? null,
    totalTrades: wire.totalTrades,
    profitableTrades: wire.profitableTrades,
    buyCount: wire.buyCount,
    sellCount: wire.sellCount,
    ignoredSignals: wire.ignoredSignals,
    pendingSignals: wire.pendingSignals,
    finalEquity: wire.finalEquity,
    openPosition: wire.openPosition,
    unavailable: camelCaseKeys(wire.unavailable),
  };
}

export function camelCaseKeys(reasons: Record<string, string>): Record<string, string> {
  const entries = Object.entries(reasons);
  return Object.fromEntries(
    entries.map(([name, why]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      why,
    ]),
  );
}
