/** How many jobs this worker takes at once. */

/** Below this average an execution is over so soon that the executor would wait for the worker's next call. */
const SHORT_EXECUTION_MS = 250;
/** Calls beyond the slots, held by the executor's short line, so that a free slot finds work at once. */
const AHEAD = 2;
/** Weight of the newest execution in the average. */
const SMOOTHING = 0.1;

export interface ConcurrencyLimits {
  /** WORKER_CONCURRENCY. */
  max?: number | undefined;
  /** Calls beyond the slots while executions are short. */
  ahead?: number;
  /** Below this average executions are short. */
  shortMs?: number;
}

/**
 * ceil(executor slots / live workers), a little more while executions are short, one less after each call that found
 * no slot, one more again after each that did.
 */
export class Concurrency {
  readonly #apply: (concurrency: number) => void;
  readonly #max: number;
  readonly #ahead: number;
  readonly #shortMs: number;
  #slots = 1;
  #workers = 1;
  #averageMs = 0;
  #less = 0;
  #mayRunAhead = true;
  #applied = 0;

  /** `apply` is called with every new value, the first one included. */
  constructor(
    apply: (concurrency: number) => void,
    { max, ahead = AHEAD, shortMs = SHORT_EXECUTION_MS }: ConcurrencyLimits = {},
  ) {
    this.#apply = apply;
    this.#ahead = ahead;
    this.#shortMs = shortMs;
    this.#max = max ?? Number.POSITIVE_INFINITY;
    this.#update();
  }

  get current(): number {
    return this.#applied;
  }

  /** Jobs at once of all workers, if each has as many as this one. */
  get ofAllWorkers(): number {
    return this.#applied * this.#workers;
  }

  get slots(): number {
    return this.#slots;
  }

  slotsSeen(slots: number): void {
    // 0 is an executor that is away for now: it will come back with about as many.
    if (slots > 0) this.#slots = slots;
    this.#update();
  }

  workersSeen(workers: number): void {
    this.#workers = Math.max(1, workers);
    this.#update();
  }

  /** Whether calls beyond the slots are wanted at all. */
  runAhead(may: boolean): void {
    this.#mayRunAhead = may;
    this.#update();
  }

  busy(): void {
    this.#less = Math.min(this.#less + 1, this.#target() - 1);
    this.#update();
  }

  executed(milliseconds: number): void {
    this.#averageMs += SMOOTHING * (milliseconds - this.#averageMs);
    this.#less = Math.max(0, this.#less - 1);
    this.#update();
  }

  #target(): number {
    const share = Math.ceil(this.#slots / this.#workers);
    return Math.min(
      share + (this.#mayRunAhead && this.#averageMs < this.#shortMs ? this.#ahead : 0),
      this.#max,
    );
  }

  #update(): void {
    const wanted = Math.max(1, this.#target() - this.#less);
    if (wanted === this.#applied) return;
    this.#applied = wanted;
    this.#apply(wanted);
  }
}
