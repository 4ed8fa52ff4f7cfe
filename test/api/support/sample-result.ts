import type { Metrics, Summary } from "../../../src/shared/contract/job.ts";
import type { JobResult } from "../../../src/shared/contract/job-result.ts";

const DAYS = ["2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z", "2024-01-04T00:00:00Z", "2024-01-05T00:00:00Z"];

const sampleMetrics: Metrics = {
  totalReturnPct: 1.5,
  totalPnl: 150,
  cagrPct: null,
  volatilityPct: null,
  sharpe: null,
  sortino: null,
  maxDrawdownPct: 0.5,
  longestDrawdownBars: 1,
  calmar: null,
  winRatePct: 100,
  avgWin: 150,
  avgLoss: null,
  expectancy: 150,
  profitFactor: null,
  sqn: null,
  exposurePct: 50,
  buyAndHoldPct: 2,
  buyAndHoldPnl: 200,
  outperformancePct: -0.5,
  totalTrades: 1,
  profitableTrades: 1,
  buyCount: 2,
  sellCount: 1,
  ignoredSignals: 0,
  pendingSignals: 1,
  finalEquity: 10_150,
  openPosition: false,
  unavailable: { sharpe: "fewer than 30 bars" },
};

const liveSignal = { type: "BUY", timestamp: "2024-01-05T00:00:00Z", price: 104, reason: "again" } as const;

/** Four bars: bought on the second, sold on the third, one signal pending on the last. */
export function sampleResult(jobId: string): JobResult {
  return {
    jobId,
    symbol: "AAPL",
    timeframe: "1D",
    timestamps: DAYS,
    signals: [
      {
        timestamp: DAYS[0] ?? "",
        type: "BUY",
        price: 100,
        reason: "fast, above slow",
        outcome: "filled",
        quantity: 98.9,
        fillPrice: 101,
      },
      {
        timestamp: DAYS[1] ?? "",
        type: "SELL",
        price: 102,
        reason: '=1+1 "quoted"',
        outcome: "filled",
        quantity: 98.9,
        fillPrice: 103,
      },
      {
        timestamp: DAYS[3] ?? "",
        type: "BUY",
        price: 104,
        reason: "again",
        outcome: "pending",
        quantity: 0,
        fillPrice: null,
      },
    ],
    liveSignal,
    indicators: [{ name: "sma", color: "blue", linewidth: 1, overlay: true, values: [null, 101, 102, 103] }],
    trades: [
      {
        direction: "long",
        entryTime: DAYS[1] ?? "",
        entryPrice: 101,
        exitTime: DAYS[2] ?? "",
        exitPrice: 103,
        quantity: 98.9,
        pnl: 150,
        pnlPct: 1.5,
        entryReason: "fast, above slow",
        exitReason: '=1+1 "quoted"',
      },
    ],
    equityCurve: [10_000, 10_050, 10_150, 10_150],
    performance: sampleMetrics,
    assumptions: {
      fill: "next-open",
      optimisticFill: false,
      direction: "long",
      initialCapital: 10_000,
      commissionPct: 0.05,
      slippagePct: 0.05,
      sizing: 1,
      fractional: true,
      barsPerYear: 252,
      barsPerYearSource: "1D",
      riskFreeRate: 0,
      timeframe: "1D",
      bars: 4,
      dataHash: "0".repeat(64),
      versions: { python: "3.11" },
    },
    warnings: [{ code: "pending", message: "The last signal was not filled." }],
    logs: ["hello"],
    replay: { form: 1, way: "prefixes", whyNotFaster: "", calls: 4, warmUpBars: 0 },
  };
}

export const sampleSummary: Summary = {
  bars: 4,
  firstBar: DAYS[0] ?? "",
  lastBar: DAYS[3] ?? "",
  metrics: sampleMetrics,
  liveSignal,
  warnings: 1,
};
