import type { Logger } from "../../shared/logging.ts";
import type { CancelPublisher, CancelSubscriber } from "../../shared/queue/cancel-channel.ts";
import type { StopReason } from "../attempt.ts";
import type { ChunkRun } from "./chunk-run.ts";

/** The chunks that run in this worker: a cancelled batch stops its own, draining stops all. */
export class RunningChunks {
  readonly #runs = new Set<ChunkRun>();
  readonly #subscriber: CancelSubscriber;
  readonly #cancelled: Pick<CancelPublisher, "isCancelled">;
  readonly #logger: Logger;
  /** How to stop listening for a batch that has chunks here. */
  readonly #listening = new Map<string, () => void>();

  constructor(subscriber: CancelSubscriber, cancelled: Pick<CancelPublisher, "isCancelled">, logger: Logger) {
    this.#subscriber = subscriber;
    this.#cancelled = cancelled;
    this.#logger = logger;
    subscriber.onReconnect(() => {
      for (const run of this.#runs) void this.#ask(run);
    });
  }

  /** Resolves once it is known whether the batch was cancelled before; `run` is stopped then. */
  async watch(run: ChunkRun): Promise<void> {
    const { batchId } = run;
    this.#runs.add(run);
    if (!this.#listening.has(batchId)) {
      const stop = (): void => this.#stopBatch(batchId);
      this.#listening.set(batchId, this.#subscriber.onCancel(batchId, stop));
    }
    // Listening first, asking second: a cancel sent in between reaches us one way or the other.
    await this.#ask(run);
  }

  unwatch(run: ChunkRun): void {
    this.#runs.delete(run);
    if ([...this.#runs].some(({ batchId }) => batchId === run.batchId)) return;
    this.#listening.get(run.batchId)?.();
    this.#listening.delete(run.batchId);
  }

  ids(): string[] {
    return Array.from(this.#runs, ({ id }) => id);
  }

  has(id: string): boolean {
    return this.ids().includes(id);
  }

  stopAll(reason: StopReason): void {
    for (const run of this.#runs) run.stop(reason);
  }

  #stopBatch(batchId: string): void {
    for (const run of this.#runs) if (run.batchId === batchId) run.stop("cancelled");
  }

  async #ask(run: ChunkRun): Promise<void> {
    try {
      if (await this.#cancelled.isCancelled(run.batchId)) run.stop("cancelled");
    } catch (error) {
      this.#logger.debug(
        { err: error, batchId: run.batchId },
        "Redis could not say whether the batch is cancelled",
      );
    }
  }
}
