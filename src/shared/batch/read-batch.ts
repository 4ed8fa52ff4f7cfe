/** All parts of a batch put together, a few at a time. */
import type { BatchStore } from "../job-store/batch-port.ts";
import { CellColumns } from "./cell-columns.ts";
import { decodePart } from "./part-encoding.ts";

/** Parts in memory at once beside the columns: some 4 MB. */
const PARTS_AT_ONCE = 8;

/** Columns of a batch that grow with its parts; read again, they take only what has come since. */
export class BatchColumns {
  readonly columns: CellColumns;
  readonly #store: Pick<BatchStore, "readPartsAfter">;
  readonly #id: string;
  #mark: string | undefined;
  #catchingUp: Promise<void> | undefined;

  constructor(store: Pick<BatchStore, "readPartsAfter">, id: string, cells: number) {
    this.#store = store;
    this.#id = id;
    this.columns = new CellColumns(cells);
  }

  /** Reads every part that was written until now. Rejects with StoreUnavailableError or StoreCorruptedError. */
  async catchUp(): Promise<void> {
    // What is under way may have asked before the newest part came.
    await this.#catchingUp;
    this.#catchingUp ??= this.#read().finally(() => {
      this.#catchingUp = undefined;
    });
    await this.#catchingUp;
  }

  async #read(): Promise<void> {
    for (;;) {
      const { parts, mark } = await this.#store.readPartsAfter(this.#id, this.#mark, PARTS_AT_ONCE);
      if (parts.length === 0) return;
      for (const part of parts) {
        const columns = await decodePart(part.bytes);
        this.columns.take(columns, (row) => part.first + row);
      }
      this.#mark = mark;
    }
  }
}
