/** The standard normal distribution. */

/** Beyond, the distribution differs from 0 or 1 by less than 1e-15. */
const FAR = 8;

/**
 * Probability of a value of at most `x`, to about 1e-15: G. Marsaglia, "Evaluating the Normal Distribution", Journal
 * of Statistical Software 11 (4), 2004.
 */
export function normalCdf(x: number): number {
  if (x < -FAR) return 0;
  if (x > FAR) return 1;
  let term = x;
  let sum = x;
  for (let k = 3; ; k += 2) {
    term *= (x * x) / k;
    const next = sum + term;
    if (next === sum) break;
    sum = next;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The value that is not exceeded with that probability, by bisection. */
export function normalQuantile(probability: number): number {
  let low = -FAR;
  let high = FAR;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
