import type { ExecuteCodeResponse } from "../../shared/contract/execute-code.ts";
import type { JobResult, ResultTrade } from "../../shared/contract/job-result.ts";

type Performance = NonNullable<ExecuteCodeResponse["performance"]>;

/** The seed's performance block. `testedAt` is when the job ended. */
export function performanceOf(result: JobResult, testedAt: string): Performance {
  const { performance: metrics, timestamps } = result;
  const first = timestamps[0] ?? "";
  const last = timestamps.at(-1) ?? "";
  return {
    totalReturn: metrics.totalReturnPct,
    totalPnl: metrics.totalPnl,
    winRate: metrics.winRatePct ?? 0,
    totalTrades: metrics.totalTrades,
    profitableTrades: metrics.profitableTrades,
    buyCount: metrics.buyCount,
    sellCount: metrics.sellCount,
    avgWin: metrics.avgWin ?? 0,
    avgLoss: metrics.avgLoss ?? 0,
    profitFactor: metrics.profitFactor ?? 0,
    maxDrawdown: metrics.maxDrawdownPct,
    sharpeRatio: metrics.sharpe ?? 0,
    trades: result.trades.flatMap(closedTrade),
    lastTestedAt: testedAt,
    equityCurve: equityCurve(result),
    startDate: first,
    endDate: last,
    testPeriod: `${Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000)} days`,
    buyAndHoldReturn: metrics.buyAndHoldPnl ?? 0,
    buyAndHoldReturnPercent: metrics.buyAndHoldPct ?? 0,
    outperformance: metrics.outperformancePct ?? 0,
  };
}

/** A short is entered by a sale: its buy is the exit. An open position has no second half and is left out. */
function closedTrade(trade: ResultTrade): Performance["trades"] {
  if (trade.exitTime === null) return [];
  const entry = { time: trade.entryTime, price: trade.entryPrice, reason: trade.entryReason };
  const exit = { time: trade.exitTime, price: trade.exitPrice, reason: trade.exitReason };
  const [buy, sell] = trade.direction === "long" ? [entry, exit] : [exit, entry];
  return [
    {
      buyTimestamp: buy.time,
      sellTimestamp: sell.time,
      buyPrice: buy.price,
      sellPrice: sell.price,
      pnl: trade.pnl,
      pnlPercent: trade.pnlPct,
      win: trade.pnl > 0,
      buyReason: buy.reason,
      sellReason: sell.reason,
    },
  ];
}

/** One point a bar: the first is the initial capital, the last `final`, bars with a fill `buy` or `sell`. */
function equityCurve(result: JobResult): Performance["equityCurve"] {
  const fills = fillsByTime(result.trades);
  const points = result.timestamps.map((timestamp, bar) => ({
    timestamp,
    portfolioValue: result.equityCurve[bar] ?? 0,
    type: fills.get(timestamp) ?? "bar",
  }));
  const last = points.at(-1);
  if (last !== undefined) last.type = "final";
  const [first] = points;
  if (first !== undefined) {
    first.type = "initial";
    first.portfolioValue = result.assumptions.initialCapital;
  }
  return points;
}

function fillsByTime(trades: readonly ResultTrade[]): Map<string, string> {
  const fills = new Map<string, string>();
  for (const { direction, entryTime, exitTime } of trades) {
    fills.set(entryTime, direction === "long" ? "buy" : "sell");
    if (exitTime !== null) fills.set(exitTime, direction === "long" ? "sell" : "buy");
  }
  return fills;
}
