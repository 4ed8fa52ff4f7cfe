/** Jobs as the API would make them. */
import type { Summary } from "../../src/shared/contract/job.ts";
import { type JobRequest, jobRequestSchema } from "../../src/shared/contract/job-request.ts";
import { newId } from "../../src/shared/ids.ts";
import type { JobChange, JobRecord } from "../../src/shared/job-store/job-record.ts";

export const NOON = Date.parse("2026-03-02T12:00:00Z");

export function queuedJob(fields: Partial<JobRecord> = {}): JobRecord {
  return {
    id: newId(),
    owner: "alice",
    status: "queued",
    version: 1,
    createdAt: NOON,
    updatedAt: NOON,
    symbol: "AAPL",
    timeframe: "1D",
    labels: { desk: "équities 📈" },
    requestHash: "0".repeat(64),
    attempts: 0,
    ...fields,
  };
}

export function sampleRequest(code = "def strategy(data):\n    return None\n"): JobRequest {
  return jobRequestSchema.parse({
    strategy: { code, id: "sma" },
    symbol: "AAPL",
    parameters: { fast: 10, q: "ä" },
  });
}

export function cancellation(job: JobRecord): JobChange {
  return { status: "cancelled", version: job.version + 2, updatedAt: NOON + 5, finishedAt: NOON + 5 };
}

export function running(job: JobRecord, attemptId = newId()): JobChange {
  return { status: "running", version: job.version + 1, updatedAt: NOON + 1, startedAt: NOON + 1, attemptId };
}

export function success(job: JobRecord, attemptId = newId()): JobChange & { attemptId: string } {
  return {
    status: "succeeded",
    version: job.version + 2,
    updatedAt: NOON + 9,
    finishedAt: NOON + 9,
    attemptId,
    timings: { queuedMs: 1.5, executeMs: 4, totalMs: 9 },
    summary: sampleSummary(),
  };
}

function sampleSummary(): Summary {
  return {
    bars: 252,
    firstBar: "2025-01-02T00:00:00Z",
    lastBar: "2025-12-31T00:00:00Z",
    metrics: {
      totalReturnPct: 12.25,
      totalPnl: 1225,
      cagrPct: 12.25,
      volatilityPct: 18.1,
      sharpe: 0.7,
      sortino: null,
      maxDrawdownPct: 8,
      longestDrawdownBars: 31,
      calmar: 1.5,
      winRatePct: 50,
      avgWin: 900,
      avgLoss: -287.5,
      expectancy: 306.25,
      profitFactor: 3.1,
      sqn: null,
      exposurePct: 61,
      buyAndHoldPct: 9,
      buyAndHoldPnl: 900,
      outperformancePct: 3.25,
      totalTrades: 4,
      profitableTrades: 2,
      buyCount: 4,
      sellCount: 4,
      ignoredSignals: 0,
      pendingSignals: 0,
      finalEquity: 11_225,
      openPosition: false,
      unavailable: { sqn: "fewer than 5 trades" },
    },
    liveSignal: { type: "HOLD", timestamp: "2025-12-31T00:00:00Z", price: 250.1, reason: "no cross" },
    warnings: 0,
  };
}
