import type { Timings } from "../shared/contract/job.ts";

/** Milliseconds of each phase of an attempt. */
export interface Stopwatch {
  /** Adds what `step` takes to the phase, also where it throws. */
  measure<Answer>(phase: keyof Timings, step: () => Promise<Answer>): Promise<Answer>;
  set(phase: keyof Timings, milliseconds: number): void;
  /** So far; `totalMs` from the job's submission, `storeMs` without the write that carries these figures. */
  timings(): Timings;
}

/** `submittedAt`: epoch ms, perhaps of another machine's clock, so the time queued is never below 0. */
export function createStopwatch(submittedAt: number): Stopwatch {
  const timings: Timings = { queuedMs: Math.max(0, Date.now() - submittedAt) };
  return {
    async measure(phase, step) {
      const startedAt = performance.now();
      try {
        return await step();
      } finally {
        timings[phase] = rounded((timings[phase] ?? 0) + performance.now() - startedAt);
      }
    },
    set(phase, milliseconds) {
      timings[phase] = rounded(milliseconds);
    },
    timings: () => ({ ...timings, totalMs: Math.max(0, Date.now() - submittedAt) }),
  };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
