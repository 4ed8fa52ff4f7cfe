/**
 * Groups the writes of one turn of the event loop into one transaction.
 *
 * node:sqlite is synchronous: a lock that another process holds would stop the event loop for as long as SQLite's
 * busy timeout. So a transaction that cannot start is tried again later, until the deadline of each of its writes.
 * A write whose promise rejects has changed nothing.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { StoreUnavailableError } from "../../errors.ts";
import { lockedTooLong, retryDelay } from "./lock-retry.ts";
import { isLockedByAnother, isStoreBroken, mapSqliteError } from "./sqlite-errors.ts";

/** About what a write changes beside what it carries: pages of the row and of its indexes. */
export const ROW_WRITE_BYTES = 8_192;

/** Bounds how long one transaction keeps the event loop and the other process waiting. */
const GROUP_MAX_WRITES = 256;
const GROUP_MAX_BYTES = 4 * 1024 * 1024;

/** Bounds the memory of writes that wait for the lock. */
const WAITING_MAX_WRITES = 10_000;
const WAITING_MAX_BYTES = 128 * 1024 * 1024;

interface WaitingWrite {
  bytes: number;
  giveUpAt: number;
  /** Runs the statements and keeps their answer until the transaction is committed. */
  run(): void;
  succeed(): void;
  fail(error: unknown): void;
}

export class GroupedWrites {
  readonly #db: DatabaseSync;
  readonly #deadlineMs: number;
  readonly #committed: (bytes: number) => void;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #waiting: WaitingWrite[] = [];
  #waitingBytes = 0;
  #scheduled = false;
  #failedStarts = 0;
  #idle: (() => void) | undefined;

  /** `committed` is called after each transaction with the bytes of its writes. */
  constructor(db: DatabaseSync, deadlineMs: number, committed: (bytes: number) => void) {
    this.#db = db;
    this.#deadlineMs = deadlineMs;
    this.#committed = committed;
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
  }

  /**
   * Runs `write` in a transaction and answers what it returned, once that is committed. `write` may run again after
   * a rollback, so it must do nothing but run statements. `bytes` is roughly what it carries.
   */
  submit<Answer>(bytes: number, write: () => Answer): Promise<Answer> {
    if (this.#waiting.length >= WAITING_MAX_WRITES || this.#waitingBytes + bytes > WAITING_MAX_BYTES) {
      return Promise.reject(
        new StoreUnavailableError(`${this.#waiting.length} writes are waiting for the job store: try again`),
      );
    }
    return new Promise((resolve, reject) => {
      let answer: Answer;
      this.#waiting.push({
        bytes,
        giveUpAt: performance.now() + this.#deadlineMs,
        run: () => {
          answer = write();
        },
        succeed: () => resolve(answer),
        fail: reject,
      });
      this.#waitingBytes += bytes;
      this.#schedule();
    });
  }

  /** Resolves when no write is waiting; each either succeeded or met its deadline. */
  settled(): Promise<void> {
    if (!this.#scheduled) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const lock = this.#tryLock();
    if (lock === "locked by another") {
      setTimeout(this.#turn, retryDelay(this.#failedStarts));
      this.#failedStarts += 1;
      return;
    }
    this.#failedStarts = 0;
    this.#scheduled = false;
    if (lock === "ours") this.#runGroup(this.#takeGroup());
    if (this.#waiting.length > 0) this.#schedule();
    else this.#idle?.();
  };

  #tryLock(): "ours" | "locked by another" | "nothing to write" {
    try {
      this.#begin.run();
      return "ours";
    } catch (error) {
      const locked = isLockedByAnother(error);
      this.#failWaiting(locked ? performance.now() : Number.POSITIVE_INFINITY, (write) =>
        write.fail(locked ? lockedTooLong(this.#deadlineMs, error) : mapSqliteError(error)),
      );
      return this.#waiting.length > 0 ? "locked by another" : "nothing to write";
    }
  }

  #failWaiting(deadlineUpTo: number, fail: (write: WaitingWrite) => void): void {
    const late = this.#waiting.filter((write) => write.giveUpAt <= deadlineUpTo);
    if (late.length === 0) return;
    this.#waiting = this.#waiting.filter((write) => write.giveUpAt > deadlineUpTo);
    for (const write of late) {
      this.#waitingBytes -= write.bytes;
      fail(write);
    }
  }

  #takeGroup(): WaitingWrite[] {
    let bytes = 0;
    let size = 0;
    for (const write of this.#waiting) {
      if (size === GROUP_MAX_WRITES || (size > 0 && bytes + write.bytes > GROUP_MAX_BYTES)) break;
      bytes += write.bytes;
      size += 1;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, size);
  }

  /** Commits the group in the transaction that is open; where one write fails, runs each in its own. */
  #runGroup(group: readonly WaitingWrite[]): void {
    const failure = this.#commitAll(group);
    if (failure === undefined) {
      for (const write of group) write.succeed();
    } else if (group.length === 1 || isStoreBroken(failure.error)) {
      for (const write of group) write.fail(mapSqliteError(failure.error));
    } else {
      for (const write of group) this.#runAlone(write);
    }
  }

  #runAlone(write: WaitingWrite): void {
    try {
      this.#begin.run();
    } catch (error) {
      if (!isLockedByAnother(error)) return write.fail(mapSqliteError(error));
      this.#waiting.push(write);
      this.#waitingBytes += write.bytes;
      return;
    }
    this.#runGroup([write]);
  }

  #commitAll(group: readonly WaitingWrite[]): { error: unknown } | undefined {
    try {
      for (const write of group) write.run();
      this.#commit.run();
      this.#committed(group.reduce((bytes, write) => bytes + write.bytes, 0));
      return undefined;
    } catch (error) {
      return { error: this.#rollBack(error) };
    }
  }

  /** Answers what to tell the writers. Some errors, a full disk for one, have rolled the transaction back already. */
  #rollBack(reason: unknown): unknown {
    try {
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      return reason;
    } catch (error) {
      return new AggregateError(
        [reason, error],
        "A write failed and its transaction could not be rolled back",
      );
    }
  }
}
