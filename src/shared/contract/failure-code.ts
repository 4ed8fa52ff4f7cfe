/**
 * The closed list of failure codes. `docs/strategies.md` says of each what happened; the executor's own stand in
 * executor/strategiz_executor/strategy/codes.py, and a test compares the two.
 */
import { z } from "zod";

/** What the executor says of an execution. */
export const EXECUTOR_FAILURE_CODES = [
  "syntax_error",
  "nothing_to_run",
  "wrong_arguments",
  "mixed_signals",
  "bad_signal",
  "signal_without_bar",
  "bad_answer",
  "bad_plot",
  "bad_parameter",
  "bad_option",
  "bad_market_data",
  "no_bars_yet",
  "import_not_allowed",
  "not_available",
  "chained_assignment",
  "exception",
  "backtest_overflow",
  "crashed",
  "invalid_result",
  "timeout",
  "call_deadline",
  "cpu",
  "memory",
  "signals",
  "source",
  "bars",
  "result",
  "executor_error",
  "child_died",
  "no_child",
  "no_core",
] as const;

/** What the author of a job can mend, found before the executor is asked. */
export const REQUEST_FAILURE_CODES = ["unknown_symbol", "unknown_timeframe", "no_bars_in_window"] as const;

/** Faults of ours outside the executor, which the queue retries. */
export const PLATFORM_FAILURE_CODES = [
  "executor_unavailable",
  "executor_lost",
  "executor_timeout",
  "executor_refused",
  "executor_failed",
  "executor_invalid_answer",
  "market_data_unavailable",
  "market_data_invalid",
  "job_store_unavailable",
  "worker_failed",
  "worker_lost",
] as const;

export const executorFailureCodeSchema = z.enum(EXECUTOR_FAILURE_CODES);

export const failureCodeSchema = z.enum([
  ...EXECUTOR_FAILURE_CODES,
  ...REQUEST_FAILURE_CODES,
  ...PLATFORM_FAILURE_CODES,
]);
export type FailureCode = z.infer<typeof failureCodeSchema>;
