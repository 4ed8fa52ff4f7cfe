/** How fast the machine is just now: a host that is shared gives half its speed at times, and no counter shows it. */
import { cpuUsage } from "node:process";

const TIMES = 7;
const ROUNDS = 150_000;

/** CPU milliseconds of a fixed loop over some kB of numbers; the median of some runs. */
export function yardstickMs(): number {
  const taken = Array.from({ length: TIMES }, measured).sort((a, b) => a - b);
  return taken[Math.floor(TIMES / 2)] ?? Number.NaN;
}

function measured(): number {
  const before = cpuUsage();
  work();
  return cpuUsage(before).user / 1_000;
}

/** Its answer is of no use, but keeps the loop from being left out. */
function work(): number {
  const numbers = new Float64Array(1_024).fill(1);
  let sum = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const at = (round * 31) & 1_023;
    numbers[at] = (numbers[at] ?? 0) * 0.999 + round;
    for (let step = 0; step < 64; step += 1) sum += numbers[(at + step) & 1_023] ?? 0;
  }
  return sum;
}
