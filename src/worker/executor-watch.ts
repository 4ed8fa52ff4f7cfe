import type { ExecutorClient } from "../shared/executor/port.ts";
import { slotsForBatches } from "../shared/executor/slots-for-batches.ts";
import type { Logger } from "../shared/logging.ts";

const WHILE_SERVING_MS = 5_000;
const WHILE_AWAY_MS = 250;

export interface ExecutorWatchOptions {
  executor: Pick<ExecutorClient, "health">;
  /** After each look: slots of all replicas that serve, 0 if none does, and how many of them batches may use. */
  onSlots: (slots: number, batchSlots: number) => void;
  logger: Logger;
}

/** Knows whether an executor serves and how many slots there are: looks every 5 s, four times a second while none. */
export class ExecutorWatch {
  readonly #options: ExecutorWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  /** Asked while looking: what that look finds may be older than the question. */
  #lookAgain = false;
  #serving = 0;
  #versions = "";
  #stopped = false;

  constructor(options: ExecutorWatchOptions) {
    this.#options = options;
    this.lookNow();
  }

  /** How many replicas serve, as last seen. */
  serving(): number {
    return this.#serving;
  }

  /** Of everything that a result depends on, in all replicas that serve. */
  versions(): string {
    return this.#versions;
  }

  /** A call has failed: the next look need not wait. */
  lookNow(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#lookAgain = true;
      return;
    }
    this.#looking = true;
    clearTimeout(this.#timer);
    this.#look()
      .catch((error: unknown) =>
        this.#options.logger.error({ err: error }, "The executor's health is unknown"),
      )
      .finally(() => this.#lookLater());
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const replicas = await this.#options.executor.health();
    if (this.#stopped || this.#lookAgain) return;
    const serving = replicas.filter((replica) => replica.serving);
    this.#serving = serving.length;
    const versions = new Set(serving.map(({ metadata }) => metadata["versions"] ?? ""));
    if (serving.length > 0) this.#versions = [...versions].sort().join("; ");
    this.#options.onSlots(
      serving.reduce((sum, { slots }) => sum + slots, 0),
      slotsForBatches(serving),
    );
  }

  #lookLater(): void {
    this.#looking = false;
    if (this.#stopped) return;
    const pause = this.#serving > 0 ? WHILE_SERVING_MS : WHILE_AWAY_MS;
    this.#timer = setTimeout(() => this.lookNow(), this.#lookAgain ? 0 : pause);
    this.#lookAgain = false;
  }
}
