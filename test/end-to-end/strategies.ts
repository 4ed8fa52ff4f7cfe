/** Strategies that behave in a way a test can wait for. */
import type { NewJob } from "../../src/local/api-client.ts";

const CROSSOVER = `def strategy(data):
    return data["close"].rolling(5).mean() > data["close"].rolling(20).mean()
`;

/** A second or two of work that always comes out the same. */
function spin(seconds: number): string {
  return `import time
end = time.monotonic() + ${seconds}
while time.monotonic() < end:
    pass
plot(df["close"], "close")
`;
}

const ENDLESS = `while True:
    pass
plot(df["close"], "close")
`;

/** Form 2 on some 250 bars: a few milliseconds. */
export function quickJob(label = ""): NewJob {
  return { strategy: { code: CROSSOVER }, symbol: "IBM", period: "1y", labels: { test: label } };
}

/** Runs for so long and succeeds. */
export function slowJob(seconds: number): NewJob {
  return {
    strategy: { code: spin(seconds) },
    symbol: "IBM",
    period: "1y",
    options: { lookAheadCheck: false },
    limits: { timeoutSeconds: 30 },
  };
}

/** Runs until its limit, or until somebody ends it. */
export function endlessJob(timeoutSeconds = 30): NewJob {
  return { strategy: { code: ENDLESS }, symbol: "IBM", period: "1y", limits: { timeoutSeconds } };
}

export const BROKEN_JOB: NewJob = {
  strategy: { code: 'def strategy(data):\n    return data["Close"] > 0\n' },
  symbol: "IBM",
  period: "1y",
};
