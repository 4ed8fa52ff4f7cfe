/**
 * Brings the queue back in line with the job store: an interval in every worker, at work in one at a time.
 *
 * pass       jobs that are not terminal and were not written for a while, oldest first, at most 500; the next pass
 *            goes on where it stopped. Those whose entry the queue has lost are put back; those that their owner's
 *            listeners do not see yet are shown.
 * full pass  all of them, whatever their age, when Redis came back or lost its marker. First those that wait; those
 *            that run only after every live worker had the time to say which jobs it holds.
 * retention  deletes what ended long ago.
 */
import { isTerminal } from "../shared/contract/job.ts";
import { QueueUnavailableError, StoreUnavailableError } from "../shared/errors.ts";
import type { JobStore, StoredJob } from "../shared/job-store/port.ts";
import type { Logger } from "../shared/logging.ts";
import type { JobQueue } from "../shared/queue/job-queue.ts";
import { HEARTBEAT_MS } from "./heartbeat.ts";
import { type RestoreParts, restoreJob } from "./restore-job.ts";

const PASS_MAX_JOBS = 500;
const PAGE_JOBS = 100;
const RESTORES_AT_ONCE = 16;
const DELETED_AT_ONCE = 200;
/** Every worker that lives has beaten in it. */
const SETTLE_MS = HEARTBEAT_MS * 2 + 500;
const DAY_MS = 86_400_000;

export interface ReconcilerOptions {
  intervalMs: number;
  untouchedMs: number;
  retentionDays: number;
}

export interface ReconcilerParts extends RestoreParts {
  store: Pick<JobStore, "listUnfinished" | "show" | "readRequest" | "update" | "deleteFinished">;
  queue: Pick<JobQueue, "remove" | "enqueue" | "findMissing" | "connected">;
  lock: { hold(): Promise<boolean>; release(): Promise<void> };
  /** Those of the jobs that a live worker holds although their entry is gone. */
  held(jobIds: readonly string[]): Promise<Set<string>>;
  /** Redis was whole after a full pass. */
  setMarker(): Promise<void>;
  /** The same for chunks of batches. */
  batches: {
    pass(untouchedSince: number): Promise<unknown>;
    deleteFinished(before: number, limit: number): Promise<number>;
  };
  logger: Logger;
}

/** What a pass did. `reads`: job records and requests read from the job store. */
export interface PassReport {
  reads: number;
  enqueued: number;
  failed: number;
}

interface PassScope {
  untouchedSince: number;
  max: number;
  withRunning: boolean;
}

export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #options: ReconcilerOptions;
  readonly #interval: NodeJS.Timeout;
  #settling: NodeJS.Timeout | undefined;
  #wanted: "full" | "settled" | undefined;
  #inFullPass = false;
  #working: Promise<void> | undefined;
  #stopped = false;
  #cursor: string | undefined;

  constructor(parts: ReconcilerParts, options: ReconcilerOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#interval = setInterval(() => this.#wake(), options.intervalMs);
  }

  /** At once, or when the queue is connected. Asking again while one is under way changes nothing. */
  requestFullPass(): void {
    if (this.#inFullPass) return;
    this.#wanted = "full";
    this.#wake();
  }

  /** The queue is connected: what was asked for meanwhile is due now. */
  queueConnected(first: boolean): void {
    if (first) this.#wakeIfWanted();
    else this.requestFullPass();
  }

  /** Lets a pass that is under way end its page. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#interval);
    clearTimeout(this.#settling);
    await this.#working;
    if (!this.#parts.queue.connected()) return;
    await this.#parts.lock
      .release()
      .catch((error: unknown) => this.#parts.logger.debug({ err: error }, "The lock will expire"));
  }

  #wake(): void {
    if (this.#working !== undefined || this.#stopped) return;
    this.#working = this.#work().finally(() => {
      this.#working = undefined;
      this.#wakeIfWanted();
    });
  }

  #wakeIfWanted(): void {
    if (this.#wanted !== undefined && this.#parts.queue.connected()) this.#wake();
  }

  async #work(): Promise<void> {
    const { queue, lock, logger } = this.#parts;
    try {
      if (!queue.connected()) return;
      const wanted = this.#wanted;
      this.#wanted = undefined;
      if (!(await lock.hold())) return;
      if (wanted === undefined) await this.#regularPass();
      else await this.#fullPass(wanted === "settled");
      await this.#deleteFinished();
    } catch (error) {
      const expected = error instanceof StoreUnavailableError || error instanceof QueueUnavailableError;
      logger[expected ? "warn" : "error"]({ err: error }, "A reconciler pass ended early");
    }
  }

  async #regularPass(): Promise<void> {
    const untouchedSince = Date.now() - this.#options.untouchedMs;
    const scope = { untouchedSince, max: PASS_MAX_JOBS, withRunning: true };
    const report = await this.#pass(scope, this.#cursor, (next) => {
      this.#cursor = next;
    });
    this.#tell("pass", report);
    await this.#parts.batches.pass(untouchedSince);
  }

  async #fullPass(settled: boolean): Promise<void> {
    this.#inFullPass = true;
    try {
      const scope = { untouchedSince: Date.now(), max: Number.POSITIVE_INFINITY, withRunning: settled };
      this.#tell(settled ? "full pass, running jobs too" : "full pass", await this.#pass(scope));
      await this.#parts.batches.pass(scope.untouchedSince);
      await this.#parts.setMarker();
    } finally {
      this.#inFullPass = false;
    }
    clearTimeout(this.#settling);
    if (!settled && !this.#stopped) this.#settling = setTimeout(() => this.#passSettled(), SETTLE_MS);
  }

  #passSettled(): void {
    this.#wanted ??= "settled";
    this.#wake();
  }

  /** From `cursor` on; `keep` learns where the next pass goes on, undefined for the beginning. */
  async #pass(
    { untouchedSince, max, withRunning }: PassScope,
    cursor?: string,
    keep: (next: string | undefined) => void = () => undefined,
  ): Promise<PassReport> {
    const report: PassReport = { reads: 0, enqueued: 0, failed: 0 };
    let from = cursor;
    for (let seen = 0; seen < max && !this.#stopped; ) {
      const limit = Math.min(PAGE_JOBS, max - seen);
      const page = await this.#parts.store.listUnfinished(untouchedSince, { limit, cursor: from });
      seen += page.jobs.length;
      report.reads += page.jobs.length;
      const jobs = withRunning ? page.jobs : page.jobs.filter(({ job }) => job.status !== "running");
      await this.#restoreMissing(await this.#show(jobs), report);
      from = page.nextCursor ?? undefined;
      keep(from);
      if (from === undefined || !(await this.#parts.lock.hold())) break;
    }
    return report;
  }

  /** The jobs of a page as they are then, without those that ended; most are seen already and take no call. */
  async #show(jobs: StoredJob[]): Promise<StoredJob[]> {
    const { store } = this.#parts;
    const show = store.show?.bind(store);
    if (show === undefined) return jobs;
    const shown = await Promise.all(jobs.map(show));
    return shown.flatMap((stored) => (stored === undefined || isTerminal(stored.job.status) ? [] : stored));
  }

  async #restoreMissing(jobs: StoredJob[], report: PassReport): Promise<void> {
    if (jobs.length === 0) return;
    const missing = await this.#parts.queue.findMissing(jobs.map(({ job }) => job.id));
    const held = await this.#parts.held(missing);
    const lost = new Set(missing.filter((id) => !held.has(id)));
    const waiting = jobs.filter(({ job }) => lost.has(job.id));
    const restoreNext = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const restored = await restoreJob(this.#parts, next);
        report.reads += 1;
        if (restored !== "left") report[restored] += 1;
      }
    };
    waiting.reverse();
    await Promise.all(Array.from({ length: RESTORES_AT_ONCE }, restoreNext));
  }

  async #deleteFinished(): Promise<void> {
    const before = Date.now() - this.#options.retentionDays * DAY_MS;
    const { store, batches, logger } = this.#parts;
    const deleted = await store.deleteFinished(before, DELETED_AT_ONCE);
    const deletedBatches = await batches.deleteFinished(before, DELETED_AT_ONCE);
    if (deleted + deletedBatches > 0) {
      logger.info({ deleted, deletedBatches }, "deleted jobs and batches that ended long ago");
    }
  }

  #tell(what: string, report: PassReport): void {
    const quiet = report.reads === 0;
    this.#parts.logger[quiet ? "debug" : "info"]({ ...report }, `reconciler: ${what}`);
  }
}
