/** Moves committed writes from the WAL into the database, in a thread, each second and whenever enough have come. */
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
/** Of committed writes, roughly: keeps the WAL small, where its pages are still in the kernel's cache. */
const ENOUGH_BYTES = 8 * 1024 * 1024;
const CLOSE_MS = 5_000;

/** The id of a thread that is no more. */
const ENDED = -1;

export class Checkpoints {
  readonly #path: string;
  readonly #logger: Logger;
  /** Started when it first has something to do. */
  #thread: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running = false;
  #uncheckedBytes = 0;

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /** To be told of every commit, with about how much it wrote. */
  readonly committed = (bytes: number): void => {
    this.#uncheckedBytes += bytes;
    this.#plan();
  };

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const thread = this.#thread;
    if (thread === undefined || thread.threadId === ENDED) return;
    thread.ref();
    thread.postMessage("close" satisfies CheckpointOrder);
    const tooLate = setTimeout(() => void thread.terminate(), CLOSE_MS);
    await new Promise((resolve) => thread.once("exit", resolve));
    clearTimeout(tooLate);
  }

  #plan(): void {
    if (this.#running) return;
    if (this.#uncheckedBytes >= ENOUGH_BYTES) this.#run();
    else this.#timer ??= setTimeout(this.#run, INTERVAL_MS).unref();
  }

  readonly #run = (): void => {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running = true;
    this.#uncheckedBytes = 0;
    this.#thread ??= this.#startThread();
    this.#thread.postMessage("checkpoint" satisfies CheckpointOrder);
  };

  readonly #finished = (answer: CheckpointAnswer): void => {
    this.#running = false;
    if (answer.failure !== undefined) this.#logger.warn({ reason: answer.failure }, "checkpoint failed");
    if (answer.failure !== undefined || this.#uncheckedBytes > 0) this.#plan();
  };

  #startThread(): Worker {
    const thread = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), { workerData: this.#path });
    thread.unref();
    thread.on("message", this.#finished);
    // The connection's own automatic checkpoints then do the work: slower, but nothing is lost.
    thread.on("error", (error) => this.#logger.error({ err: error }, "checkpoints of the job store stopped"));
    return thread;
  }
}
