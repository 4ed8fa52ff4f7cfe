import type { Readiness } from "../shared/admin-server.ts";
import { StoreUnavailableError } from "../shared/errors.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import type { JobQueue } from "../shared/queue/job-queue.ts";

export interface ReadinessParts {
  store: Pick<JobStore, "check">;
  queue: Pick<JobQueue, "connected">;
  executorServes: () => boolean;
}

/** Ready once store, queue and executor were each up; afterwards unless the store is down or the worker drains. */
export class WorkerReadiness {
  readonly #parts: ReadinessParts;
  readonly #seen = new Set<string>();
  #draining = false;

  constructor(parts: ReadinessParts) {
    this.#parts = parts;
  }

  draining(): void {
    this.#draining = true;
  }

  async read(): Promise<Readiness> {
    const parts = {
      store: await this.#storeAnswers(),
      queue: this.#parts.queue.connected(),
      executor: this.#parts.executorServes(),
    };
    for (const [name, up] of Object.entries(parts)) if (up) this.#seen.add(name);
    const ready = !this.#draining && parts.store && this.#seen.size === Object.keys(parts).length;
    return { ready, parts };
  }

  async #storeAnswers(): Promise<boolean> {
    try {
      await this.#parts.store.check();
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailableError) return false;
      throw error;
    }
  }
}
