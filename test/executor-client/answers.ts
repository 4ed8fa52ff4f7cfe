/** Answers for the fake executor. */

export const doubles = (...values: number[]): Buffer => Buffer.from(Float64Array.from(values).buffer);
export const ints = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);
export const bytes = (...values: number[]): Buffer => Buffer.from(Int8Array.from(values).buffer);

/** A success over so many bars without signals; `changes` replace its fields. */
export function successOver(bars: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    success: true,
    result: resultOver(bars),
    liveSignal: { signalType: "HOLD", price: 1 },
    assumptions: { fill: "next-open", bars },
    metrics: { totalReturnPct: 1.5 },
    replay: { form: 2, way: "once", calls: 1 },
    timings: { compileMs: 0.5 },
    ...changes,
  };
}

export function resultOver(bars: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { equity: doubles(...Array.from({ length: bars }, () => 10_000)), ...changes };
}
