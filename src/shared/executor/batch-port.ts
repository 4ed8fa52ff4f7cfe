/** A batch call of the executor: one owner's strategy over many cells, in one sandbox. */
import type { CellColumns } from "../batch/cell-columns.ts";
import type { BacktestOptions } from "../contract/job-request.ts";
import type { JobResult } from "../contract/job-result.ts";
import type { Parameters } from "../contract/values.ts";
import type { Series } from "../market-data/series.ts";

export interface BatchExecutionRequest {
  owner: string;
  strategyId?: string | undefined;
  code: string;
  options: BacktestOptions;
  series: readonly Series[];
  /** Of each cell, in order. */
  cells: readonly { series: number; parameters: Parameters }[];
  /** Of one cell. */
  timeoutSeconds?: number | undefined;
  memoryMb?: number | undefined;
}

export interface BatchExecution {
  /** One row a cell, in the order of the request; UNANSWERED where the call's time was over before its turn. */
  columns: CellColumns;
  /** Of each series that a cell succeeded on, by its index. */
  assumptions: Map<number, JobResult["assumptions"]>;
  /** Of the sandboxes, measured by the executor's server. */
  cpuMs: number;
}
