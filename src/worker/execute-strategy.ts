import type { ExecutionOutcome, ExecutorClient } from "../shared/executor/port.ts";
import type { Series } from "../shared/market-data/series.ts";
import type { EndedExecution, StrategyMetrics } from "../shared/metrics.ts";
import type { QueueEntry } from "../shared/queue/entry.ts";
import type { Attempt } from "./attempt.ts";
import { causeOf } from "./cause.ts";
import type { Turn } from "./turns.ts";

/** One call of the executor, measured and told to the turn. Rejects as ExecutorClient.execute does. */
export async function executeStrategy(
  { executor, metrics }: { executor: Pick<ExecutorClient, "execute">; metrics: StrategyMetrics },
  { jobId, owner, request, requestId, traceparent }: QueueEntry,
  attempt: Attempt,
  series: Series,
  turn: Turn,
): Promise<ExecutionOutcome> {
  const { strategy, parameters, options, limits } = request;
  const startedAt = performance.now();
  const end = (how: Omit<EndedExecution, "executeMs">, cpuMs?: number): void => {
    const executeMs = performance.now() - startedAt;
    // Without an answer (cancelled, lost) nobody measured the CPU time: it was at most the time that passed.
    turn.spent(cpuMs ?? executeMs, executeMs);
    metrics.executionEnded({ executeMs, ...how });
  };
  metrics.executionStarted(series.length);
  try {
    const outcome = await executor.execute(
      { owner, strategyId: strategy.id, code: strategy.code, parameters, series, options, ...limits },
      { requestId, jobId, attemptId: attempt.id, traceparent, signal: attempt.signal },
    );
    if (outcome.succeeded) {
      const { compileMs, cacheHit, guardDiffered } = outcome.execution;
      end({ status: "success", compileMs, cacheHit, guardDiffered }, outcome.cpuMs);
    } else {
      end({ status: "failure", errorType: outcome.failure.code }, outcome.cpuMs);
    }
    return outcome;
  } catch (error) {
    const cause = causeOf(error, attempt.stopReason);
    if (cause.kind === "busy") metrics.executionRefused();
    else if (cause.kind === "stopped") end({ status: "cancelled" });
    else end({ status: "failure", errorType: cause.failure.code });
    throw error;
  }
}
