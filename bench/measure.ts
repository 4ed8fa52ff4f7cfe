/** Percentiles, CPU time of processes and time stolen by the host, from Linux' /proc. */
import { readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

export interface Spread {
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

/** Nearest-rank percentiles. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

/** CPU seconds that a process and its ended, waited-for children have used; 0 for one that is gone. */
function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = [11, 12, 13, 14].map((index) => Number(fields[index]));
    return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** Living children that its main thread started. */
export function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** CPU seconds of a process and everything below it. */
export function treeCpuSeconds(pid: number): number {
  return cpuSecondsOf(pid) + childrenOf(pid).reduce((sum, child) => sum + treeCpuSeconds(child), 0);
}

/** Seconds that the host took from this machine's cores since it started, all cores together. */
export function stolenSeconds(): number {
  const line = readFileSync("/proc/stat", "utf8").split("\n", 1)[0] ?? "";
  return Number(line.split(/\s+/)[8] ?? 0) / TICKS_PER_SECOND;
}

/** Runs `work` and tells how long it took and how much was stolen meanwhile, in seconds. */
export async function timed<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; seconds: number; stolen: number }> {
  const stolenBefore = stolenSeconds();
  const start = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - start) / 1000, stolen: stolenSeconds() - stolenBefore };
}

/** Calls `work` `count` times with `atOnce` under way. */
export async function inParallel(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const runner = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, runner));
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
