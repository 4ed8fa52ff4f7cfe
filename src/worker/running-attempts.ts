import type { CancelPublisher, CancelSubscriber } from "../shared/queue/cancel-channel.ts";
import type { Attempt, StopReason } from "./attempt.ts";

/**
 * A cancel sent in the moment before an attempt began to listen reaches it by the key. An attempt that ends sooner
 * than this learns of it by its conditional write, without a question to Redis for each job.
 */
const ASK_AFTER_MS = 25;

/** The attempts of this worker that run now: cancels reach them here, heartbeats name them, draining stops them. */
export class RunningAttempts {
  readonly #attempts = new Map<string, Attempt>();
  readonly #subscriber: CancelSubscriber;
  readonly #cancelled: Pick<CancelPublisher, "isCancelled">;

  constructor(subscriber: CancelSubscriber, cancelled: Pick<CancelPublisher, "isCancelled">) {
    this.#subscriber = subscriber;
    this.#cancelled = cancelled;
    subscriber.onReconnect(() => {
      for (const attempt of this.#attempts.values()) void this.#checkKey(attempt);
    });
  }

  /** Answers how to stop. */
  watch(attempt: Attempt): () => void {
    this.#attempts.set(attempt.jobId, attempt);
    const unsubscribe = this.#subscriber.onCancel(attempt.jobId, () => attempt.stop("cancelled"));
    // Listening first, asking second: a cancel sent in between reaches us one way or the other.
    const asking = setTimeout(() => void this.#checkKey(attempt), ASK_AFTER_MS);
    return () => {
      clearTimeout(asking);
      unsubscribe();
      if (this.#attempts.get(attempt.jobId) === attempt) this.#attempts.delete(attempt.jobId);
    };
  }

  has(jobId: string): boolean {
    return this.#attempts.has(jobId);
  }

  ids(): string[] {
    return [...this.#attempts.keys()];
  }

  stopAll(reason: StopReason): void {
    for (const attempt of this.#attempts.values()) attempt.stop(reason);
  }

  async #checkKey(attempt: Attempt): Promise<void> {
    try {
      if (await this.#cancelled.isCancelled(attempt.jobId)) attempt.stop("cancelled");
    } catch (error) {
      attempt.logger.debug(
        { err: error },
        "Redis could not say whether the job is cancelled; the store will",
      );
    }
  }
}
