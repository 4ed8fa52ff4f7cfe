/** What is read of batches, kept: asked again, only the parts that have come since are read. */
import { LRUCache } from "lru-cache";
import { CellGrid } from "../../shared/batch/cell-grid.ts";
import { CellReader } from "../../shared/batch/cell-reader.ts";
import { BatchColumns } from "../../shared/batch/read-batch.ts";
import type { BatchStore } from "../../shared/job-store/batch-port.ts";
import type { BatchRecord } from "../../shared/job-store/batch-record.ts";
import { notFound } from "../problem-details.ts";

/** Two batches of 100,000 cells, or many small ones. */
const KEPT_BYTES = 64 * 1024 * 1024;
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
  readonly #views = new LRUCache<string, Promise<View>>({ maxSize: KEPT_BYTES });

  constructor(batches: Pick<BatchStore, "readSweep" | "readPartsAfter">) {
    this.#batches = batches;
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
    if (sweep === undefined) throw notFound("The batch is gone.");
    const parts = new BatchColumns(this.#batches, id, cells);
    return { reader: new CellReader(sweep, new CellGrid(sweep), parts.columns), parts, upTo: 0 };
  }
}
