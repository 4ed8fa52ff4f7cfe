/** A finished job as the seed answered: what is null elsewhere is 0 here, and only closed trades are listed. */
import type { ExecuteCodeResponse } from "../../shared/contract/execute-code.ts";
import type { Failure, Job } from "../../shared/contract/job.ts";
import type { JobResult } from "../../shared/contract/job-result.ts";
import { performanceOf } from "./performance.ts";
import type { ReadExecuteCode } from "./read-request.ts";

const INT32_MAX = 2 ** 31 - 1;

/** `result` is undefined where the job failed or was cancelled: `errors` then says why. */
export function executeCodeAnswer(
  { given, warnings }: ReadExecuteCode,
  job: Job,
  result: JobResult | undefined,
): ExecuteCodeResponse {
  return {
    strategyId: given.strategyId ?? job.id,
    symbol: given.symbol,
    signals: result === undefined ? [] : signalsOf(result),
    indicators: result === undefined ? [] : indicatorsOf(result),
    performance: result === undefined ? null : performanceOf(result, job.finishedAt ?? job.createdAt),
    errors: result === undefined ? [whyNot(job)] : [],
    warnings: [...warnings, ...(result?.warnings ?? []).map(({ message }) => message)],
    executionTime: Math.max(1, Math.round(job.timings?.executeMs ?? 0)),
    logs: result?.logs ?? [],
  };
}

function signalsOf(result: JobResult): ExecuteCodeResponse["signals"] {
  return result.signals.map(({ timestamp, type, price, quantity, reason }) => ({
    timestamp,
    type,
    price,
    quantity: Math.min(Math.trunc(quantity), INT32_MAX),
    reason,
  }));
}

function indicatorsOf(result: JobResult): ExecuteCodeResponse["indicators"] {
  return result.indicators.map(({ name, values }) => ({
    name,
    data: result.timestamps.flatMap((timestamp, bar) => {
      const value = values[bar];
      return value === null || value === undefined ? [] : [{ timestamp, value }];
    }),
  }));
}

function whyNot(job: Job): string {
  return job.failure === undefined ? "The job was cancelled." : sentenceOf(job.failure);
}

/** `TypeName: message (line N)`, as the executor's old contract has it. */
function sentenceOf({ type, message, line }: Failure): string {
  const named = `${type ?? "Error"}: ${message}`;
  return line === undefined ? named : `${named} (line ${line})`;
}
