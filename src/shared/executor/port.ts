/** The executor as API and worker see it. */
import type { Failure, LiveSignal, Metrics } from "../contract/job.ts";
import type { BacktestOptions } from "../contract/job-request.ts";
import type { JobResult } from "../contract/job-result.ts";
import type { Validation } from "../contract/validation.ts";
import type { Parameters } from "../contract/values.ts";
import type { Series } from "../market-data/series.ts";
import type { BatchExecution, BatchExecutionRequest } from "./batch-port.ts";

/** Carried as RPC metadata, for logs. */
export interface CallContext {
  requestId: string;
  jobId?: string | undefined;
  attemptId?: string | undefined;
  traceparent?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface ExecutionRequest {
  owner: string;
  strategyId?: string | undefined;
  code: string;
  parameters: Parameters;
  series: Series;
  options: BacktestOptions;
  timeoutSeconds?: number | undefined;
  memoryMb?: number | undefined;
}

/** A finished execution: what a job's result carries besides its own id, symbol and timeframe. */
export interface Execution {
  result: Omit<JobResult, "jobId" | "symbol" | "timeframe">;
  metrics: Metrics;
  liveSignal: LiveSignal;
  compileMs: number;
  cacheHit: boolean;
  /** The executor found one of its fast ways of replay wrong, and answered by the plain loop. */
  guardDiffered: boolean;
}

/** cpuMs: what it cost, as the executor's server measured it. */
export type ExecutionOutcome =
  | { succeeded: true; execution: Execution; cpuMs: number }
  | { succeeded: false; failure: Failure; cpuMs: number };

export interface ExecutorHealth {
  target: string;
  serving: boolean;
  /** Executions that run at once; 0 while it is not reachable. */
  slots: number;
  busySlots: number;
  waitingCalls: number;
  maxTimeoutSeconds: number;
  maxMemoryMb: number;
  supportedLanguages: string[];
  metadata: Record<string, string>;
  instanceId: string;
}

export interface ExecutorClient {
  /**
   * Runs a strategy. A failing strategy is an outcome. Rejects with ExecutorBusyError (no slot),
   * ExecutionAbortedError (signal), or ExecutionFailure of class platform (unreachable, lost, internal).
   */
  execute(request: ExecutionRequest, context: CallContext): Promise<ExecutionOutcome>;
  /** Runs a strategy over many cells; failing cells are part of the answer. Rejects like execute. */
  executeBatch(request: BatchExecutionRequest, context: CallContext): Promise<BatchExecution>;
  /** Rejects like execute. */
  validate(code: string, owner: string, context: CallContext): Promise<Validation>;
  /** One entry for each replica, the unreachable ones included. Never rejects. */
  health(): Promise<ExecutorHealth[]>;
  close(): void;
}
