/**
 * Keeps what browsers are shown of running batches up to date, where the job store has browsers that listen: progress
 * and leaderboard, at most once a second, which is what Firestore takes for one document. Of each batch one worker does
 * it, so that each part is read once more and not once for every worker.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { BatchViews } from "../../shared/batch/batch-views.ts";
import { presentBatch } from "../../shared/batch/present-batch.ts";
import { standingsOf } from "../../shared/batch/standings.ts";
import { isTerminal } from "../../shared/contract/job.ts";
import type { BatchCounts, BatchStore } from "../../shared/job-store/batch-port.ts";
import type { Logger } from "../../shared/logging.ts";

const EVERY_MS = 1_000;
/** A worker that has stored no part for so long leaves the batch to another. */
export const SHOWING_MS = 3_000;

export interface ShowParts {
  batches: Pick<BatchStore, "read" | "show">;
  views: BatchViews;
  lockOf: (batchId: string) => { hold(): Promise<boolean> };
  logger: Logger;
}

export class ShownBatches {
  readonly #parts: ShowParts;
  readonly #stopped = new AbortController();
  /** The newest counters of batches that are looked at, or were within the last second. */
  readonly #newest = new Map<string, BatchCounts>();
  readonly #looking = new Set<Promise<void>>();

  constructor(parts: ShowParts) {
    this.#parts = parts;
  }

  /** A part of the batch was stored. What that shows comes by and by; nothing waits for it or fails with it. */
  partStored(batchId: string, counts: BatchCounts): void {
    if (this.#parts.batches.show === undefined || this.#stopped.signal.aborted) return;
    const isLookedAt = this.#newest.has(batchId);
    this.#newest.set(batchId, counts);
    if (isLookedAt) return;
    const looking = this.#followUntilQuiet(batchId).finally(() => this.#looking.delete(looking));
    this.#looking.add(looking);
  }

  /** Resolves when nothing is being shown any more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#looking);
  }

  async #followUntilQuiet(batchId: string): Promise<void> {
    const { signal } = this.#stopped;
    for (let seen: BatchCounts | undefined; !signal.aborted; ) {
      const newest = this.#newest.get(batchId);
      if (newest === undefined || newest === seen) break;
      seen = newest;
      await this.#show(batchId, newest).catch((error: unknown) =>
        this.#parts.logger.debug({ err: error, batchId }, "A batch was not shown; the next part shows it"),
      );
      await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    this.#newest.delete(batchId);
  }

  async #show(batchId: string, counts: BatchCounts): Promise<void> {
    const { batches, views, lockOf } = this.#parts;
    if (!(await lockOf(batchId).hold())) return;
    const stored = await batches.read(batchId);
    if (stored === undefined || isTerminal(stored.batch.status)) return views.forget(batchId);
    const reader = await views.read(stored.batch, counts.writes);
    await batches.show?.(batchId, presentBatch(stored.batch, counts, standingsOf(reader)));
  }
}
