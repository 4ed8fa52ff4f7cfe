/**
 * One try of a job by this worker. It knows the job's last write (fence, version), makes every write conditional on
 * it, and tells each new state to the event channel: `running` after 25 ms, the others once they are stored.
 */
import type { Failure, Summary, Timings } from "../shared/contract/job.ts";
import { isTerminal } from "../shared/contract/job.ts";
import { newId } from "../shared/ids.ts";
import {
  type JobChange,
  type PresentableJob,
  RUNNING_STEP,
  STORED_STEP,
} from "../shared/job-store/job-record.ts";
import { type JobStore, WORTH_SHOWING_MS, type WriteOutcome } from "../shared/job-store/port.ts";
import type { Logger } from "../shared/logging.ts";
import type { EventPublisher } from "../shared/queue/event-channel.ts";

/**
 * An execution of 5 to 20 ms ends while its `running` would still be on its way to the reader: the event came too
 * late to tell anything, and its handling in Redis, API and client took 1 to 2 ms from the execution itself.
 */
export const RUNNING_EVENT_AFTER_MS = 25;
/** Most executions end before: for them the job store is written once. */
export const RUNNING_WRITE_AFTER_MS = WORTH_SHOWING_MS;

/** cancelled: the job's owner ended it. draining: the worker stops. superseded: the job is another attempt's now. */
export type StopReason = "cancelled" | "draining" | "superseded";

export interface AttemptParts {
  store: Pick<JobStore, "read" | "update" | "finish">;
  events: EventPublisher;
}

/** What the attempt starts from: the job as the queue entry or the store tells it, and its fence. */
export interface KnownJob {
  job: PresentableJob;
  fence: string;
}

type Change = Omit<JobChange, "version" | "updatedAt" | "attemptId">;

/** Where an end comes from: the identical job that it is taken from, or the work that was done. */
export type Origin = Pick<JobChange, "ofJob" | "work">;

export class Attempt {
  readonly id = newId();
  readonly jobId: string;
  readonly startedAt = Date.now();
  readonly logger: Logger;
  readonly #parts: AttemptParts;
  readonly #abort = new AbortController();
  #stopReason: StopReason | undefined;
  /** Attempts used up before this one. */
  readonly attemptsUsed: number;
  #known: KnownJob;
  #runningTimer: NodeJS.Timeout | undefined;
  /** Writes are made one after another, since each changes the fence of the next. */
  #runningWrite: Promise<void> = Promise.resolve();

  constructor(parts: AttemptParts, known: KnownJob, attemptsUsed: number, logger: Logger) {
    this.#parts = parts;
    this.#known = known;
    this.attemptsUsed = attemptsUsed;
    this.jobId = known.job.id;
    this.logger = logger.child({ jobId: this.jobId, attemptId: this.id });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Why the attempt is to end without a result of its own; undefined while it is to go on. */
  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  /** Whether this attempt ended the job. */
  get endedJob(): boolean {
    return isTerminal(this.#known.job.status);
  }

  stop(reason: StopReason): void {
    this.#stopReason ??= reason;
    this.#abort.abort();
  }

  /** Tells that the job runs if it still does after a moment, and writes it to the store after a while. */
  announceRunning(): void {
    this.#runningTimer = setTimeout(() => {
      this.#publishRunning();
      this.#runningTimer = setTimeout(() => {
        this.#runningWrite = this.#writeRunning();
      }, RUNNING_WRITE_AFTER_MS - RUNNING_EVENT_AFTER_MS);
    }, RUNNING_EVENT_AFTER_MS);
  }

  /** Ends the job with a result. false: another write ended it first, or it is another attempt's. */
  async succeed(
    result: Uint8Array,
    summary: Summary,
    timings: Timings,
    origin: Origin = {},
  ): Promise<boolean> {
    const change: Change = { status: "succeeded", ...this.#ending(timings), summary, ...origin };
    return this.#write(STORED_STEP, change, (fence, full) =>
      this.#parts.store.finish(this.jobId, fence, full, result),
    );
  }

  /** Ends the job with a failure. false as for succeed. */
  async fail(failure: Failure, timings: Timings, origin: Origin = {}): Promise<boolean> {
    const attempts = this.attemptsUsed + (failure.class === "platform" ? 1 : 0);
    return this.#update({ status: "failed", ...this.#ending(timings), failure, attempts, ...origin });
  }

  /** Counts this attempt as used up and leaves the job for the next one. false as for succeed. */
  async giveUp(): Promise<boolean> {
    return this.#update({ status: "queued", attempts: this.attemptsUsed + 1 });
  }

  /** Leaves the job as if it had not been taken: `running` in the store becomes `queued` again. */
  async putBack(): Promise<void> {
    await this.settle();
    if (this.#known.job.status === "running") await this.#update({ status: "queued" });
  }

  /** No write of this attempt is under way any more, and none will start by itself. */
  async settle(): Promise<void> {
    clearTimeout(this.#runningTimer);
    await this.#runningWrite;
  }

  #publishRunning(): void {
    const { job } = this.#known;
    void this.#parts.events.publish({
      ...job,
      status: "running",
      version: job.version + RUNNING_STEP,
      startedAt: this.startedAt,
      attempts: this.attemptsUsed,
    });
  }

  #ending(timings: Timings): Pick<Change, "startedAt" | "finishedAt" | "timings"> {
    return { startedAt: this.startedAt, finishedAt: Date.now(), timings };
  }

  async #writeRunning(): Promise<void> {
    try {
      const running: Change = { status: "running", startedAt: this.startedAt };
      const ours = await this.#tryWrite(RUNNING_STEP, running, (fence, full) =>
        this.#parts.store.update(this.jobId, fence, full),
      );
      if (!ours) this.stop("superseded");
    } catch (error) {
      this.logger.warn({ err: error }, "`running` could not be written; the execution goes on");
    }
  }

  #update(change: Change): Promise<boolean> {
    return this.#write(STORED_STEP, change, (fence, full) =>
      this.#parts.store.update(this.jobId, fence, full),
    );
  }

  async #write(step: number, change: Change, send: Send): Promise<boolean> {
    await this.settle();
    const written = await this.#tryWrite(step, change, send);
    // Not awaited: the slot is free now, and an event that Redis does not take is no failure.
    if (written) void this.#parts.events.publish(this.#known.job);
    return written;
  }

  /**
   * A conflict with a write of this very attempt means that its answer was lost: once more, with the new fence. An
   * own terminal write counts only if it says the same: a cancel may keep the attempt's id.
   */
  async #tryWrite(step: number, change: Change, send: Send, again = true): Promise<boolean> {
    const { written, stored } = await send(this.#known.fence, this.#complete(change, step));
    if (stored === undefined || !(written || stored.job.attemptId === this.id)) return false;
    this.#known = stored;
    if (written || isTerminal(stored.job.status)) return stored.job.status === change.status;
    return again && this.#tryWrite(step, change, send, false);
  }

  #complete(change: Change, step: number): JobChange & { attemptId: string } {
    return {
      attempts: this.attemptsUsed,
      ...change,
      version: this.#known.job.version + step,
      updatedAt: Date.now(),
      attemptId: this.id,
    };
  }
}

type Send = (fence: string, change: JobChange & { attemptId: string }) => Promise<WriteOutcome>;
