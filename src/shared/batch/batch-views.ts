/** What is read of batches, kept: asked again, only the parts that have come since are read. */
import { LRUCache } from "lru-cache";
import type { BatchStore } from "../job-store/batch-port.ts";
import type { BatchRecord } from "../job-store/batch-record.ts";
import { CellGrid } from "./cell-grid.ts";
import { CellReader } from "./cell-reader.ts";
import { BatchColumns } from "./read-batch.ts";

const BYTES_PER_CELL = 32 * 8 + 9;
const BYTES_PER_BATCH = 100_000;

interface View {
  reader: CellReader;
  parts: BatchColumns;
  /** `writes` of the counters when it was last brought up to date. */
  upTo: number;
}

export class BatchViews {
  readonly #batches: Pick<BatchStore, "readSweep" | "readPartsAfter">;
  readonly #views: LRUCache<string, Promise<View>>;
  readonly #gone: () => Error;

  /** `gone`: what reading a batch rejects with that is not in the store any more. */
  constructor(
    batches: Pick<BatchStore, "readSweep" | "readPartsAfter">,
    { keptBytes, gone }: { keptBytes: number; gone: () => Error },
  ) {
    this.#batches = batches;
    this.#views = new LRUCache({ maxSize: keptBytes });
    this.#gone = gone;
  }

  /** Every part of the batch that was written before the counters said `writes`. */
  async read({ id, cells }: BatchRecord, writes: number): Promise<CellReader> {
    const view = await this.#open(id, cells);
    if (view.upTo < writes) {
      await view.parts.catchUp();
      view.upTo = Math.max(view.upTo, writes);
    }
    return view.reader;
  }

  /** Nobody will ask for the batch soon. */
  forget(id: string): void {
    this.#views.delete(id);
  }

  #open(id: string, cells: number): Promise<View> {
    const known = this.#views.get(id);
    if (known !== undefined) return known;
    const view = this.#load(id, cells);
    this.#views.set(id, view, { size: BYTES_PER_BATCH + cells * BYTES_PER_CELL });
    view.catch(() => this.#views.delete(id));
    return view;
  }

  async #load(id: string, cells: number): Promise<View> {
    const sweep = await this.#batches.readSweep(id);
    if (sweep === undefined) throw this.#gone();
    const parts = new BatchColumns(this.#batches, id, cells);
    return { reader: new CellReader(sweep, new CellGrid(sweep), parts.columns), parts, upTo: 0 };
  }
}
