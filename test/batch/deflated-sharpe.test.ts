import { expect, test } from "vitest";
import { deflatedSharpe, expectedBestSharpe } from "../../src/shared/batch/deflated-sharpe.ts";
import { normalCdf, normalQuantile } from "../../src/shared/batch/normal-distribution.ts";

/** The numerical example of the paper: 1,250 daily returns, 100 trials, annualised V = 0.5, best Sharpe ratio 2.5. */
test("the published example comes out as published", () => {
  const days = 250;
  const benchmark = expectedBestSharpe(100, 0.5 / days);
  expect(benchmark).toBeCloseTo(0.1132, 4);
  const moments = { n: 1_250, sharpe: 2.5 / Math.sqrt(days), skewness: -3, kurtosis: 10 };
  expect(deflatedSharpe(moments, benchmark)).toBeCloseTo(0.9004, 4);
});

test("the paper's second point: had it taken 46 trials only, the same Sharpe ratio would be above 95 %", () => {
  const moments = { n: 1_250, sharpe: 2.5 / Math.sqrt(250), skewness: -3, kurtosis: 10 };
  expect(deflatedSharpe(moments, expectedBestSharpe(46, 0.5 / 250))).toBeCloseTo(0.9505, 3);
});

test("a single trial is measured against zero, and what cannot be computed is null", () => {
  expect(expectedBestSharpe(1, 1)).toBe(0);
  expect(deflatedSharpe({ n: 100, sharpe: 0, skewness: 0, kurtosis: 3 }, 0)).toBe(0.5);
  expect(deflatedSharpe({ n: 100, sharpe: Number.NaN, skewness: 0, kurtosis: 3 }, 0)).toBeNull();
  expect(deflatedSharpe({ n: 1, sharpe: 1, skewness: 0, kurtosis: 3 }, 0)).toBeNull();
});

test("the normal distribution agrees with its tables", () => {
  for (const [x, probability] of [
    [0, 0.5],
    [1.959963984540054, 0.975],
    [-2.3263478740408408, 0.01],
    [4.264890793922825, 0.99999],
  ] as const) {
    expect(normalCdf(x)).toBeCloseTo(probability, 12);
    expect(normalQuantile(probability)).toBeCloseTo(x, 9);
  }
});
