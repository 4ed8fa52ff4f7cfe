/** The sweeps that this worker has read: a chunk's entry names its batch, and the batch is read once. */
import { LRUCache } from "lru-cache";
import { CellGrid } from "../../shared/batch/cell-grid.ts";
import type { Sweep } from "../../shared/batch/sweep.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";

const KEPT = 64;

export interface KnownBatch {
  sweep: Sweep;
  grid: CellGrid;
}

export class KnownBatches {
  readonly #store: Pick<BatchStore, "readSweep">;
  readonly #kept = new LRUCache<string, KnownBatch>({ max: KEPT });

  constructor(store: Pick<BatchStore, "readSweep">) {
    this.#store = store;
  }

  /** undefined where there is no such batch. Rejects with StoreUnavailableError. */
  async find(batchId: string): Promise<KnownBatch | undefined> {
    const kept = this.#kept.get(batchId);
    if (kept !== undefined) return kept;
    const sweep = await this.#store.readSweep(batchId);
    if (sweep === undefined) return undefined;
    const known = { sweep, grid: new CellGrid(sweep) };
    this.#kept.set(batchId, known);
    return known;
  }
}
