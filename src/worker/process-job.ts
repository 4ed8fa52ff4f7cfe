/** One attempt at a job: load bars, execute, write the result. */
import type { Failure, Summary, Timings } from "../shared/contract/job.ts";
import type { JobResult } from "../shared/contract/job-result.ts";
import { StoreUnavailableError } from "../shared/errors.ts";
import type { Execution, ExecutorClient } from "../shared/executor/port.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import { encodeResult } from "../shared/job-store/result-encoding.ts";
import type { Logger } from "../shared/logging.ts";
import type { MarketDataSource, Series } from "../shared/market-data/series.ts";
import type { StrategyMetrics } from "../shared/metrics.ts";
import type { QueueEntry } from "../shared/queue/entry.ts";
import type { EventPublisher } from "../shared/queue/event-channel.ts";
import { ATTEMPTS_MAX } from "../shared/queue/job-queue.ts";
import type { Attempt } from "./attempt.ts";
import { type Cause, causeOf } from "./cause.ts";
import type { Delivery } from "./delivery.ts";
import { executeStrategy } from "./execute-strategy.ts";
import { loadSeries } from "./load-series.ts";
import type { Chance, Reuse, UsableEnd } from "./reuse.ts";
import { createStopwatch, type Stopwatch } from "./stopwatch.ts";
import { takeJob } from "./take-job.ts";
import { inTurn, type Turn, type Turns } from "./turns.ts";
import { busyDelay, ENDED, outageDelay, type Verdict, WAIT_FOR_SAME } from "./verdict.ts";
import { asBarsAway, mustWait, waitForStore } from "./wait-for-store.ts";
import { withinDeadline } from "./within-deadline.ts";
import { writeReused } from "./write-reused.ts";

export interface JobParts {
  store: Pick<JobStore, "read" | "readRequest" | "update" | "finish" | "check">;
  events: EventPublisher;
  executor: Pick<ExecutorClient, "execute">;
  marketData: Pick<MarketDataSource, "loadSeries">;
  metrics: StrategyMetrics;
  /** Learns of every attempt while it runs: cancels and drains it, names it in heartbeats. Answers how to stop. */
  watch(attempt: Attempt): () => void;
  /** The owners' accounts: whose turn it is, and what each turn cost. */
  turns: Turns<QueueEntry>;
  /** Identical work that was done, or is. */
  reuse: Reuse;
  /** Told how each call of the executor went, and of parts that are down. */
  observe: Observer;
  logger: Logger;
}

export interface Observer {
  executed(executeMs: number): void;
  busy(): void;
  failedPlatform(code: string): void;
  storeUnavailable(): void;
}

/** Runs the job of a delivery to its end, or as far as it gets; says what becomes of the entry. */
export function processJob(parts: JobParts, delivery: Delivery): Promise<Verdict> {
  return inTurn(parts.turns, delivery.entry, (turn) => takeTurn(parts, delivery, turn));
}

async function takeTurn(parts: JobParts, delivery: Delivery, turn: Turn): Promise<Verdict> {
  const { entry } = delivery;
  const logger = parts.logger.child({ requestId: entry.requestId });
  const watch = createStopwatch(entry.createdAt);
  let attempt: Attempt | undefined;
  try {
    attempt = await watch.measure("storeMs", () => takeJob(parts, delivery, logger));
    if (attempt === undefined) return ENDED;
    return await run(parts, entry, attempt, watch, turn);
  } catch (error) {
    if (attempt !== undefined && (await mustWait(parts, attempt, error))) return waitForStore(parts, attempt);
    const cause = causeOf(error, attempt?.stopReason);
    if (cause.kind === "failure" && cause.unexpected) logger.error({ err: error }, "An attempt broke");
    return attempt === undefined ? untaken(parts, cause) : settle(parts, attempt, cause, watch);
  }
}

async function run(
  parts: JobParts,
  entry: QueueEntry,
  attempt: Attempt,
  watch: Stopwatch,
  turn: Turn,
): Promise<Verdict> {
  const unwatch = parts.watch(attempt);
  try {
    attempt.announceRunning();
    const series = await watch.measure("marketDataMs", () => loadSeries(parts, entry).catch(asBarsAway));
    attempt.signal.throwIfAborted();
    const chance = await parts.reuse.lookFor(entry, series);
    if (chance.kind === "reuse") return await takeOver(attempt, chance.end, watch);
    if (chance.kind === "run") return await execute(parts, { entry, attempt, watch, turn, series }, chance);
    await attempt.putBack();
    return WAIT_FOR_SAME;
  } finally {
    unwatch();
    await attempt.settle();
  }
}

async function takeOver(attempt: Attempt, end: UsableEnd, watch: Stopwatch): Promise<Verdict> {
  const written = await writeReused(attempt, end, watch);
  logEnd(attempt, written ? "reused" : "discarded", watch.timings());
  return ENDED;
}

interface Loaded {
  entry: QueueEntry;
  attempt: Attempt;
  watch: Stopwatch;
  turn: Turn;
  series: Series;
}

async function execute(
  parts: JobParts,
  { entry, attempt, watch, turn, series }: Loaded,
  chance: Extract<Chance, { kind: "run" }>,
): Promise<Verdict> {
  let usable = false;
  try {
    attempt.signal.throwIfAborted();
    const outcome = await watch.measure("executeMs", () =>
      executeStrategy(parts, entry, attempt, series, turn),
    );
    parts.observe.executed(watch.timings().executeMs ?? 0);
    watch.set("cpuMs", outcome.cpuMs);
    usable = outcome.succeeded || outcome.failure.class === "user";
    const work = usable ? chance.work : undefined;
    if (!outcome.succeeded) return await settle(parts, attempt, failureCause(outcome.failure), watch, work);
    watch.set("compileMs", outcome.execution.compileMs);
    return await writeResult(attempt, entry, outcome.execution, watch, work);
  } finally {
    chance.end(usable && attempt.endedJob);
  }
}

async function writeResult(
  attempt: Attempt,
  entry: QueueEntry,
  execution: Execution,
  watch: Stopwatch,
  work: string | undefined,
): Promise<Verdict> {
  const { symbol, timeframe } = entry.request;
  const result: JobResult = { jobId: entry.jobId, symbol, timeframe, ...execution.result };
  const stream = await watch.measure("storeMs", () => encodeResult(result));
  const summary = summarize(execution);
  const written = await withinDeadline(() => attempt.succeed(stream, summary, watch.timings(), { work }));
  logEnd(attempt, written ? "succeeded" : "discarded", watch.timings());
  return ENDED;
}

function summarize({ result, metrics, liveSignal }: Execution): Summary {
  const { timestamps, warnings } = result;
  return {
    bars: timestamps.length,
    firstBar: timestamps[0] ?? "",
    lastBar: timestamps[timestamps.length - 1] ?? "",
    metrics,
    liveSignal,
    warnings: warnings.length,
  };
}

/** What becomes of an attempt that has no result. */
async function settle(
  parts: JobParts,
  attempt: Attempt,
  cause: Cause,
  watch: Stopwatch,
  work?: string,
): Promise<Verdict> {
  await attempt.settle();
  switch (cause.kind) {
    case "busy":
      parts.observe.busy();
      return busyDelay();
    case "stopped":
      logEnd(attempt, cause.reason, watch.timings());
      if (cause.reason !== "draining") return ENDED;
      // What the store cannot be told now, the next worker finds out: the entry was delivered before.
      await attempt.putBack().catch((error: unknown) => {
        if (!(error instanceof StoreUnavailableError)) throw error;
      });
      return { kind: "put-back" };
    case "failure":
      return settleFailure(parts, attempt, cause.failure, watch, work);
  }
}

async function settleFailure(
  parts: JobParts,
  attempt: Attempt,
  failure: Failure,
  watch: Stopwatch,
  work: string | undefined,
): Promise<Verdict> {
  const { observe } = parts;
  const retried = failure.class === "platform" && attempt.attemptsUsed + 1 < ATTEMPTS_MAX;
  if (failure.class === "platform") observe.failedPlatform(failure.code);
  try {
    const written = await withinDeadline(() =>
      retried ? attempt.giveUp() : attempt.fail(failure, watch.timings(), { work }),
    );
    logEnd(attempt, written ? (retried ? "retried" : "failed") : "discarded", watch.timings(), failure);
    return retried && written ? { kind: "retry", failure } : ENDED;
  } catch (error) {
    if (await mustWait(parts, attempt, error)) return waitForStore(parts, attempt);
    // The queue counts the attempt, and the next one that reaches the store writes it down.
    attempt.logger.error({ err: error, failure }, "The end of an attempt could not be written");
    observe.storeUnavailable();
    return { kind: "retry", failure };
  }
}

/** The job store could not be asked: nothing was tried. */
function untaken({ observe }: JobParts, cause: Cause): Verdict {
  observe.storeUnavailable();
  return cause.kind === "failure" && cause.unexpected
    ? { kind: "retry", failure: cause.failure }
    : outageDelay();
}

function failureCause(failure: Failure): Cause {
  return { kind: "failure", failure, unexpected: false };
}

function logEnd(attempt: Attempt, outcome: string, timings: Timings, failure?: Failure): void {
  attempt.logger.info(
    { outcome, ...timings, failureClass: failure?.class, failureCode: failure?.code },
    "attempt ended",
  );
}
