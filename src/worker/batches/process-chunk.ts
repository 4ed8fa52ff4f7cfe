/** A chunk from its delivery to its part in the job store. */
import { CellColumns } from "../../shared/batch/cell-columns.ts";
import { costOfCell } from "../../shared/batch/chunk-plan.ts";
import { decodePart, encodePart } from "../../shared/batch/part-encoding.ts";
import type { Failure } from "../../shared/contract/job.ts";
import { platformFailure } from "../../shared/failure-codes.ts";
import type { BatchCounts } from "../../shared/job-store/batch-port.ts";
import type { Logger } from "../../shared/logging.ts";
import type { ChunkEntry } from "../../shared/queue/chunk-entry.ts";
import { ATTEMPTS_MAX } from "../../shared/queue/job-queue.ts";
import { causeOf } from "../cause.ts";
import type { Observer } from "../process-job.ts";
import { inTurn, type Turn, type Turns } from "../turns.ts";
import { busyDelay, ENDED, outageDelay, type Verdict } from "../verdict.ts";
import { withinDeadline } from "../within-deadline.ts";
import { type AdvanceParts, advanceBatch } from "./advance-batch.ts";
import type { BatchMetrics } from "./batch-metrics.ts";
import { ChunkRun } from "./chunk-run.ts";
import type { KnownBatch, KnownBatches } from "./known-batches.ts";
import { type RunParts, runChunk } from "./run-chunk.ts";
import type { RunningChunks } from "./running-chunks.ts";
import type { ShownBatches } from "./shown-batches.ts";

export interface ChunkParts extends Omit<RunParts, "spent">, AdvanceParts {
  known: KnownBatches;
  running: RunningChunks;
  observe: Observer;
  metrics: BatchMetrics;
  shown: Pick<ShownBatches, "partStored">;
  /** The owners' accounts: whose turn it is, and what each turn cost. */
  turns: Turns<ChunkEntry>;
  logger: Logger;
}

export interface ChunkDelivery {
  entry: ChunkEntry;
  /** Failed attempts, and those whose worker was lost. */
  attemptsUsed: number;
}

/** Runs the chunk of a delivery, or as far as it gets; says what becomes of the entry. */
export function processChunk(parts: ChunkParts, delivery: ChunkDelivery): Promise<Verdict> {
  return inTurn(parts.turns, delivery.entry, (turn) => takeTurn(parts, delivery, turn));
}

async function takeTurn(parts: ChunkParts, delivery: ChunkDelivery, turn: Turn): Promise<Verdict> {
  const { entry, attemptsUsed } = delivery;
  const run = new ChunkRun(entry);
  const logger = parts.logger.child({ batchId: entry.batchId, first: entry.first, attemptId: run.attemptId });
  const startedAt = performance.now();
  let cpuMs = 0;
  try {
    const known = await parts.known.find(entry.batchId);
    if (known === undefined) return ENDED;
    await parts.running.watch(run);
    run.signal.throwIfAborted();
    const columns = await begin(parts, entry, known);
    if (columns === undefined) return ENDED;
    if (attemptsUsed >= ATTEMPTS_MAX) columns.failUnanswered(platformFailure("worker_lost").failure);
    const { requestId, traceparent, batchId: jobId } = entry;
    const context = { requestId, traceparent, jobId, attemptId: run.attemptId, signal: run.signal };
    const spent = (cpu: number, wall: number): void => {
      cpuMs += cpu;
      turn.spent(cpu, wall);
    };
    await runChunk({ ...parts, spent }, known, entry, columns, context);
    parts.observe.executed(performance.now() - startedAt);
    await finish(parts, entry, columns, cpuMs, logger);
    return ENDED;
  } catch (error) {
    const cause = causeOf(error, run.stopReason);
    if (cause.kind === "failure" && cause.unexpected) logger.error({ err: error }, "A chunk broke");
    if (cause.kind === "busy") parts.observe.busy();
    if (cause.kind === "busy") return busyDelay();
    if (cause.kind === "stopped") return cause.reason === "draining" ? { kind: "put-back" } : ENDED;
    return await settleFailure(parts, delivery, cause.failure, logger);
  } finally {
    parts.running.unwatch(run);
  }
}

/** The chunk's columns with what is to be run unanswered; undefined where it was run already. */
async function begin(
  { batches }: ChunkParts,
  { batchId, first, cells, generation }: ChunkEntry,
  { grid }: KnownBatch,
): Promise<CellColumns | undefined> {
  if (first + cells > grid.cells) return undefined;
  const columns = new CellColumns(cells);
  if (generation === 0) return columns;
  const old = await batches.readPart(batchId, first);
  if (old === undefined || old.generation >= generation || old.cells !== cells) return undefined;
  const before = await decodePart(old.bytes);
  columns.take(before, (row) => (before.failureAt(row)?.class === "platform" ? undefined : row));
  return columns;
}

async function finish(
  parts: ChunkParts,
  entry: ChunkEntry,
  columns: CellColumns,
  cpuMs: number,
  logger: Logger,
): Promise<void> {
  const { batchId, first, cells, generation } = entry;
  const counts = columns.counts();
  const bytes = await encodePart(columns);
  const part = { first, cells, generation, ...counts, cpuMs, bytes };
  const outcome = await withinDeadline(() => parts.batches.storePart(batchId, part));
  logger.info({ outcome: outcome.stored ? "stored" : "discarded", cells, ...counts, cpuMs }, "chunk ended");
  if (outcome.stored) parts.metrics.chunkStored(counts, cpuMs);
  // Also where it was stored before: the answer of that write may have been lost.
  parts.shown.partStored(batchId, outcome.counts);
  await goOn(parts, entry, outcome.counts, costOfCell(cpuMs, cells), logger);
}

/** What the batch needs next. Should that fail, the chunk is done all the same, and the reconciler goes on. */
async function goOn(
  parts: ChunkParts,
  entry: ChunkEntry,
  counts: BatchCounts,
  msPerCell: number,
  logger: Logger,
): Promise<void> {
  void parts.progress.publish(entry.batchId);
  try {
    await advanceBatch(parts, entry, counts, msPerCell);
  } catch (error) {
    logger.warn({ err: error }, "The batch could not go on; the reconciler will see to it");
  }
}

async function settleFailure(
  parts: ChunkParts,
  { entry, attemptsUsed }: ChunkDelivery,
  failure: Failure,
  logger: Logger,
): Promise<Verdict> {
  parts.observe.failedPlatform(failure.code);
  logger.warn({ failure, attemptsUsed }, "a chunk failed");
  if (failure.code === "job_store_unavailable") {
    parts.observe.storeUnavailable();
    return outageDelay();
  }
  if (attemptsUsed + 1 < ATTEMPTS_MAX) return { kind: "retry", failure };
  const known = await parts.known.find(entry.batchId);
  const columns = known === undefined ? undefined : await begin(parts, entry, known);
  columns?.failUnanswered(failure);
  if (columns !== undefined) await finish(parts, entry, columns, 0, logger);
  return ENDED;
}
