/** One try of a chunk by this worker. */
import { newId } from "../../shared/ids.ts";
import type { ChunkEntry } from "../../shared/queue/chunk-entry.ts";
import { chunkId } from "../../shared/queue/chunk-entry.ts";
import type { StopReason } from "../attempt.ts";

export class ChunkRun {
  readonly attemptId = newId();
  readonly id: string;
  readonly batchId: string;
  readonly #abort = new AbortController();
  #stopReason: StopReason | undefined;

  constructor(entry: ChunkEntry) {
    this.id = chunkId(entry);
    this.batchId = entry.batchId;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Why it is to end without an answer; undefined while it is to go on. */
  get stopReason(): StopReason | undefined {
    return this.#stopReason;
  }

  stop(reason: StopReason): void {
    this.#stopReason ??= reason;
    this.#abort.abort();
  }
}
