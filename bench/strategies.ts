/** The strategies and requests that the benchmarks share. */
import type { JobRequest } from "../src/shared/contract/job-request.ts";
import { jobRequestSchema } from "../src/shared/contract/job-request.ts";
import type { Parameters } from "../src/shared/contract/values.ts";

/** Form 1, asked at every bar: the crossover that other libraries' documentation shows too. */
export const SMA_EVERY_BAR = `def strategy(data):
    fast = data["close"].rolling(param("fast", 10)).mean()
    slow = data["close"].rolling(param("slow", 30)).mean()
    if fast.iloc[-1] > slow.iloc[-1]:
        return "BUY"
    return "SELL"
`;

/** Form 1 with seven decision paths. */
export const RSI_WITH_EMA = `def strategy(data):
    change = data["close"].diff()
    gain = change.clip(lower=0).ewm(alpha=1 / 14).mean()
    loss = (change.clip(upper=0) * -1).ewm(alpha=1 / 14).mean()
    rsi = 100 - 100 / (1 + gain / loss)
    ema = data["close"].ewm(span=20).mean()
    if rsi.iloc[-1] < 30 and data["close"].iloc[-1] > ema.iloc[-1] * 0.9:
        return "BUY"
    if rsi.iloc[-1] > 70 or (rsi.iloc[-1] > 50 and rsi.iloc[-2] <= 50 and data["close"].iloc[-1] < ema.iloc[-1]):
        return "SELL"
    return "HOLD"
`;

/** Form 1 with three decision paths and a parameter in every step. */
export const RSI_LEVELS = `def strategy(data):
    period = param("period", 14)
    change = data["close"].diff()
    gain = change.clip(lower=0).ewm(alpha=1 / period).mean()
    loss = (change.clip(upper=0) * -1).ewm(alpha=1 / period).mean()
    rsi = 100 - 100 / (1 + gain / loss)
    if rsi.iloc[-1] < param("low", 30):
        return "BUY"
    if rsi.iloc[-1] > param("high", 70):
        return "SELL"
    return "HOLD"
`;

/** Every pair of `side` fast and `side` slow windows. */
export function smaGrid(side: number): Parameters[] {
  const fasts = range(2, side);
  const slows = range(side + 10, side);
  return fasts.flatMap((fast) => slows.map((slow) => ({ fast, slow })));
}

/** 20 periods, 10 lower and 10 upper levels. */
export function rsiGrid(): Parameters[] {
  return range(5, 20).flatMap((period) =>
    range(20, 10).flatMap((low) => range(65, 10).map((high) => ({ period, low, high }))),
  );
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** Runs until it is ended. */
export const ENDLESS = `def strategy(data):
    while True:
        pass
`;

/** Form 2: one call for all bars. */
export const SMA_COLUMN = `def strategy(data):
    close = data["close"]
    return close.rolling(param("fast", 10)).mean() > close.rolling(param("slow", 30)).mean()
`;

/** Form 2 over the last year of daily bars that there is of AAPL: 252 bars and the holidays' worth of slack. */
export function oneYearJob(): JobRequest {
  return jobRequestSchema.parse({
    strategy: { code: SMA_COLUMN },
    symbol: "AAPL",
    start: "2012-02-29",
    end: "2013-03-01",
    // Identical work of an owner would be done once.
    cache: "no",
  });
}
