import type { Logger } from "../shared/logging.ts";

/** starting: not everything was up once. The others: what every job needs is down. */
export type ClosedBecause = "starting" | "executor" | "job store" | "Redis memory";

/** What the intake opens and closes: BullMQ's worker. */
export interface Tap {
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): Promise<void>;
}

/** Whether the worker takes jobs. It does while there is no reason against. */
export class Intake {
  readonly #tap: Tap;
  readonly #logger: Logger;
  readonly #reasons = new Set<ClosedBecause>();

  /** Starts closed ("starting"): the tap must not run yet. */
  constructor(tap: Tap, logger: Logger) {
    this.#tap = tap;
    this.#logger = logger;
    this.#reasons.add("starting");
  }

  isOpen(): boolean {
    return this.#reasons.size === 0;
  }

  isClosedBecause(reason: ClosedBecause): boolean {
    return this.#reasons.has(reason);
  }

  close(reason: ClosedBecause): void {
    if (this.#reasons.has(reason)) return;
    const wasOpen = this.isOpen();
    this.#reasons.add(reason);
    this.#logger.warn({ reason }, "taking no jobs");
    if (wasOpen) this.#turn(this.#tap.pause(true));
  }

  open(reason: ClosedBecause): void {
    if (!this.#reasons.delete(reason)) return;
    if (!this.isOpen()) return;
    this.#logger.info({ reason }, "taking jobs");
    this.#turn(this.#tap.resume());
  }

  #turn(turning: Promise<void>): void {
    turning.catch((error: unknown) => this.#logger.error({ err: error }, "The intake could not be turned"));
  }
}
