/** Moves committed writes from the WAL into the database, in a thread, at most once a second. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Logger } from "../../logging.ts";

export type CheckpointOrder = "checkpoint" | "close";

export interface CheckpointAnswer {
  /** In the WAL, 4 KiB each. */
  pages: number;
  failure?: string;
}

/** Also what a loss of power may cost: what is committed is on the disk after its next checkpoint. */
const INTERVAL_MS = 1_000;
const CLOSE_MS = 5_000;

export class Checkpoints {
  readonly #thread: Worker;
  readonly #logger: Logger;
  #state: "idle" | "waiting" | "running" | "running, written since" = "idle";

  constructor(path: string, logger: Logger) {
    this.#logger = logger;
    this.#thread = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), { workerData: { path } });
    this.#thread.unref();
    this.#thread.on("message", this.#finished);
    // The connection's own automatic checkpoints then do the work: slower, but nothing is lost.
    this.#thread.on("error", (error) => logger.error({ err: error }, "checkpoints of the job store stopped"));
  }

  /** To be told of every commit. */
  readonly committed = (): void => {
    if (this.#state === "idle") this.#wait();
    else if (this.#state === "running") this.#state = "running, written since";
  };

  async close(): Promise<void> {
    const closed = new AbortController();
    const exited = once(this.#thread, "exit").finally(() => closed.abort());
    this.#order("close");
    const tooLate = sleep(CLOSE_MS, undefined, { signal: closed.signal }).then(
      () => this.#thread.terminate(),
      () => undefined,
    );
    await Promise.race([exited, tooLate]);
  }

  #wait(): void {
    this.#state = "waiting";
    setTimeout(() => {
      this.#state = "running";
      this.#order("checkpoint");
    }, INTERVAL_MS).unref();
  }

  readonly #finished = (answer: CheckpointAnswer): void => {
    if (answer.failure !== undefined) this.#logger.warn({ reason: answer.failure }, "checkpoint failed");
    if (this.#state === "running, written since" || answer.failure !== undefined) this.#wait();
    else this.#state = "idle";
  };

  #order(order: CheckpointOrder): void {
    this.#thread.postMessage(order);
  }
}
