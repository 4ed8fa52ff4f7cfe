/**
 * What a Sharpe ratio is worth that was picked from many trials.
 *
 * D. H. Bailey and M. Lopez de Prado, "The Deflated Sharpe Ratio: Correcting for Selection Bias, Backtest Overfitting
 * and Non-Normality", Journal of Portfolio Management 40 (5), 2014. All Sharpe ratios here are per bar, not annualised.
 */
import { normalCdf, normalQuantile } from "./normal-distribution.ts";

const EULER_MASCHERONI = 0.5772156649015329;

/**
 * The best Sharpe ratio to expect of N independent trials whose true Sharpe ratio is 0:
 * SR0 = sqrt(V) ((1 - g) Z(1 - 1/N) + g Z(1 - 1/(N e))), with V the variance of the Sharpe ratios over the trials, g
 * the Euler-Mascheroni constant and Z the normal quantile. 0 for a single trial.
 */
export function expectedBestSharpe(trials: number, variance: number): number {
  if (trials < 2) return 0;
  const first = normalQuantile(1 - 1 / trials);
  const second = normalQuantile(1 - 1 / (trials * Math.E));
  return Math.sqrt(variance) * ((1 - EULER_MASCHERONI) * first + EULER_MASCHERONI * second);
}

export interface ReturnMoments {
  /** Returns that the Sharpe ratio is over. */
  n: number;
  sharpe: number;
  skewness: number;
  /** 3 for a normal distribution. */
  kurtosis: number;
}

/**
 * The probability that the true Sharpe ratio is above `benchmark` (SR0 of expectedBestSharpe):
 * DSR = F((SR - SR0) sqrt(n - 1) / sqrt(1 - skewness SR + (kurtosis - 1) / 4 SR^2)), F the normal distribution.
 * null where it cannot be computed.
 */
export function deflatedSharpe(
  { n, sharpe, skewness, kurtosis }: ReturnMoments,
  benchmark: number,
): number | null {
  const spread = 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
  const score = ((sharpe - benchmark) * Math.sqrt(n - 1)) / Math.sqrt(spread);
  return n > 1 && spread > 0 && Number.isFinite(score) ? normalCdf(score) : null;
}
