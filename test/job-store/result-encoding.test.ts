import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { JobResult } from "../../src/shared/contract/job-result.ts";
import { newId } from "../../src/shared/ids.ts";
import { decodeResult, decodeResultText, encodeResult } from "../../src/shared/job-store/result-encoding.ts";
import { NOON, queuedJob, success } from "./sample-jobs.ts";

function resultOf(bars: number): JobResult {
  const summary = success(queuedJob()).summary ?? expect.fail("the sample has no summary");
  const numbers = Array.from({ length: bars }, (_, bar) => 10_000 + Math.sin(bar) * 37);
  return {
    jobId: newId(),
    symbol: "AAPL",
    timeframe: "1D",
    timestamps: numbers.map((_, bar) => new Date(NOON + bar * 86_400_000).toISOString()),
    signals: [],
    liveSignal: summary.liveSignal,
    indicators: [
      {
        name: "SMA 10 — schnell",
        color: "#fff",
        linewidth: 1,
        overlay: true,
        values: [null, ...numbers.slice(1)],
      },
    ],
    trades: [],
    equityCurve: numbers,
    performance: summary.metrics,
    assumptions: {
      fill: "next-open",
      optimisticFill: false,
      direction: "long",
      initialCapital: 10_000,
      commissionPct: 0,
      slippagePct: 0,
      sizing: 1,
      fractional: false,
      barsPerYear: 252,
      barsPerYearSource: "timeframe",
      riskFreeRate: 0,
      timeframe: "1D",
      bars,
      dataHash: "d".repeat(64),
      versions: { executor: "1.0.0" },
    },
    warnings: [],
    logs: ["première ligne", "二"],
    replay: { form: 1, way: "loop", whyNotFaster: "", calls: bars, warmUpBars: 30 },
  };
}

test.each([1, 252, 20_000])("a result over %d bars decodes to the same numbers and letters", async (bars) => {
  const result = resultOf(bars);
  const stream = await encodeResult(result);
  expect(await decodeResult(stream)).toEqual(result);
  expect(await decodeResultText(stream)).toBe(JSON.stringify(result));
  expect(gunzipSync(stream).toString()).toBe(JSON.stringify(result));
});

test("a stream that unfolds to more than any result is refused before it fills the memory", async () => {
  const member = gzipSync(Buffer.alloc(1024 * 1024));
  const bomb = Buffer.concat(Array.from({ length: 130 }, () => member));
  await expect(decodeResultText(bomb)).rejects.toMatchObject({ code: "ERR_BUFFER_TOO_LARGE" });
});
