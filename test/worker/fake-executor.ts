/** A fake executor for unit tests: what it answers is the test's to say. The real one is in test/end-to-end. */
import { once } from "node:events";
import type { Failure, Metrics } from "../../src/shared/contract/job.ts";
import { formatTime } from "../../src/shared/contract/values.ts";
import { ExecutionAbortedError } from "../../src/shared/errors.ts";
import type {
  CallContext,
  ExecutionOutcome,
  ExecutionRequest,
  ExecutorClient,
  ExecutorHealth,
} from "../../src/shared/executor/port.ts";

export type Behaviour = (request: ExecutionRequest, context: CallContext) => Promise<ExecutionOutcome>;

export class FakeExecutor implements ExecutorClient {
  readonly calls: { request: ExecutionRequest; context: CallContext }[] = [];
  behaviour: Behaviour = async (request) => succeeded(request);
  slots = 2;
  serving = true;
  running = 0;
  mostAtOnce = 0;
  readonly #waiters: (() => void)[] = [];

  async execute(request: ExecutionRequest, context: CallContext): Promise<ExecutionOutcome> {
    this.calls.push({ request, context });
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    for (const wake of this.#waiters.splice(0)) wake();
    try {
      return await this.behaviour(request, context);
    } finally {
      this.running -= 1;
    }
  }

  /** Resolves when so many calls have come in all. */
  async called(times: number): Promise<void> {
    while (this.calls.length < times) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  executeBatch(): Promise<never> {
    throw new Error("Not asked in these tests");
  }

  validate(): Promise<never> {
    throw new Error("Not asked in these tests");
  }

  async health(): Promise<ExecutorHealth[]> {
    const replica: ExecutorHealth = {
      target: "fake",
      serving: this.serving,
      slots: this.serving ? this.slots : 0,
      busySlots: 0,
      waitingCalls: 0,
      maxTimeoutSeconds: 30,
      maxMemoryMb: 512,
      supportedLanguages: ["python"],
      metadata: {},
      instanceId: "fake",
    };
    return [replica];
  }

  close(): void {}
}

/** Runs until its signal is aborted. */
export const endless: Behaviour = async (_request, { signal }) => {
  if (signal !== undefined && !signal.aborted) await once(signal, "abort");
  throw new ExecutionAbortedError("The execution was ended.");
};

export function failed(failure: Failure): ExecutionOutcome {
  return { succeeded: false, failure, cpuMs: 5 };
}

export const USER_FAILURE: Failure = { class: "user", code: "exception", message: "ValueError: no (line 1)" };
export const PLATFORM_FAILURE: Failure = {
  class: "platform",
  code: "executor_failed",
  message: "The executor failed on its side.",
};

export function succeeded({ series }: ExecutionRequest): ExecutionOutcome {
  const timestamps = Array.from(series.timestampMs, (time) => formatTime(Number(time)));
  const last = timestamps[timestamps.length - 1] ?? "";
  const liveSignal = { type: "HOLD" as const, timestamp: last, price: 1, reason: "" };
  return {
    succeeded: true,
    cpuMs: 5,
    execution: {
      metrics: METRICS,
      liveSignal,
      compileMs: 1,
      cacheHit: false,
      guardDiffered: false,
      result: {
        timestamps,
        signals: [],
        liveSignal,
        indicators: [],
        trades: [],
        equityCurve: timestamps.map(() => 1_000),
        performance: METRICS,
        assumptions: {
          fill: "next-open",
          optimisticFill: false,
          direction: "long",
          initialCapital: 1_000,
          commissionPct: 0,
          slippagePct: 0,
          sizing: 1,
          fractional: false,
          barsPerYear: 252,
          barsPerYearSource: "timeframe",
          riskFreeRate: 0,
          timeframe: series.timeframe,
          bars: timestamps.length,
          dataHash: "",
          versions: {},
        },
        warnings: [],
        logs: [],
        replay: { form: 2, way: "loop", whyNotFaster: "", calls: timestamps.length, warmUpBars: 0 },
      },
    },
  };
}

const METRICS: Metrics = {
  totalReturnPct: 0,
  totalPnl: 0,
  cagrPct: null,
  volatilityPct: null,
  sharpe: null,
  sortino: null,
  maxDrawdownPct: 0,
  longestDrawdownBars: 0,
  calmar: null,
  winRatePct: null,
  avgWin: null,
  avgLoss: null,
  expectancy: null,
  profitFactor: null,
  sqn: null,
  exposurePct: 0,
  buyAndHoldPct: null,
  buyAndHoldPnl: null,
  outperformancePct: null,
  totalTrades: 0,
  profitableTrades: 0,
  buyCount: 0,
  sellCount: 0,
  ignoredSignals: 0,
  pendingSignals: 0,
  finalEquity: 1_000,
  openPosition: false,
  unavailable: {},
};
