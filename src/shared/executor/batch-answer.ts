/** Gathers the messages of one ExecuteBatch call; each is checked against what was asked before anything is kept. */
import {
  CellColumns,
  METRIC_COLUMNS,
  MOMENT_COLUMNS,
  NO_NOTES,
  SUCCEEDED,
  UNANSWERED,
} from "../batch/cell-columns.ts";
import type { Failure } from "../contract/job.ts";
import type { JobResult } from "../contract/job-result.ts";
import { ExecutionFailure } from "../errors.ts";
import { InvalidAnswer, readBytes, readDoubles, readInts } from "./answer-columns.ts";
import { camelCaseKeys, readAnyFailure } from "./answer-message.ts";
import type { BatchExecution } from "./batch-port.ts";
import type { WireBatchResponse, WireCellSummaries } from "./batch-wire-messages.ts";
import type { WireFailure } from "./wire-messages.ts";

/** The executor's code for cells whose turn never came: they did not fail, they were not run. */
const NOT_REACHED = "call_deadline";

export class BatchAnswer {
  readonly #columns: CellColumns;
  readonly #assumptions = new Map<number, JobResult["assumptions"]>();
  readonly #series: number;
  #cpuMs = 0;
  #ended = false;

  constructor(cells: number, series: number) {
    this.#columns = new CellColumns(cells);
    this.#series = series;
  }

  /** Throws InvalidAnswer where the message breaks the contract. */
  take(message: WireBatchResponse): void {
    if (this.#ended) throw new InvalidAnswer("a message after the totals");
    this.#cpuMs += amount(message.childCpuMs, "child_cpu_ms");
    if (message.summaries !== null) this.#takeSummaries(message.summaries);
    for (const { failure, cell } of message.failures) this.#takeFailures(readAnyFailure(failure), cell);
    for (const { series, assumptions } of message.assumptions) {
      if (assumptions === null || series < 0 || series >= this.#series) {
        throw new InvalidAnswer(`assumptions of series ${series}`);
      }
      this.#assumptions.set(series, assumptions);
    }
    if (message.totals === null) return;
    this.#ended = true;
    if (message.failure !== null) this.#takeEnd(message.failure);
  }

  /**
   * The whole answer. Throws InvalidAnswer if the stream ended before its totals or left a cell out, and
   * ExecutionFailure if the executor could not go on for a fault of its own.
   */
  complete(): BatchExecution {
    if (!this.#ended) throw new InvalidAnswer("a stream without totals");
    return { columns: this.#columns, assumptions: this.#assumptions, cpuMs: this.#cpuMs };
  }

  #takeSummaries(summaries: WireCellSummaries): void {
    const columns = this.#columns;
    const cells = readInts(summaries.cell, "summaries.cell");
    for (const cell of cells) this.#answer(cell, SUCCEEDED);
    for (const [name, kind] of METRIC_COLUMNS) {
      const bytes = summaries.metrics?.[name] ?? Buffer.alloc(0);
      const values = readDoubles(bytes, cells.length, `summaries.metrics.${name}`);
      if (kind === "number" && values.some((value) => Number.isNaN(value))) {
        throw new InvalidAnswer(`summaries.metrics.${name} is missing`);
      }
      scatter(columns.column(name), cells, values, name);
    }
    const returns = readInts(summaries.returns, "summaries.returns");
    for (const name of MOMENT_COLUMNS) {
      const values = name === "returns" ? returns : readDoubles(summaries[name], cells.length, name);
      scatter(columns.column(name), cells, values, name);
    }
    scatter(columns.live, cells, readBytes(summaries.live, cells.length, "summaries.live"), "live");
    this.#takeNotes(summaries, cells);
  }

  #takeNotes({ notes: bytes, noteSets }: WireCellSummaries, cells: Int32Array): void {
    const numbers = noteSets.map(({ warnings, unavailable, whyNotFaster }) =>
      this.#columns.addNotes({ warnings, unavailable: camelCaseKeys(unavailable), whyNotFaster }),
    );
    const notes = readInts(bytes, "summaries.notes").map((note) => {
      const number = note === NO_NOTES ? NO_NOTES : numbers[note];
      if (number === undefined) throw new InvalidAnswer(`summaries.notes names set ${note}`);
      return number;
    });
    scatter(this.#columns.noteOf, cells, notes, "notes");
  }

  #takeFailures(failure: Failure, bytes: Buffer): void {
    const number = failure.code === NOT_REACHED ? UNANSWERED : this.#columns.addFailure(failure);
    for (const cell of readInts(bytes, "failures.cell")) this.#answer(cell, number);
  }

  /** What ended the call before every cell was answered. */
  #takeEnd(wire: WireFailure): void {
    const failure = readAnyFailure(wire);
    if (failure.code === NOT_REACHED) return;
    if (failure.class === "platform") throw new ExecutionFailure(failure);
    this.#columns.failUnanswered(failure);
  }

  #answer(cell: number, what: number): void {
    const { failureOf } = this.#columns;
    if (failureOf[cell] !== UNANSWERED) throw new InvalidAnswer(`cell ${cell} was not asked for, or twice`);
    failureOf[cell] = what;
  }
}

function scatter(
  target: Float64Array | Int32Array | Int8Array,
  cells: Int32Array,
  values: ArrayLike<number>,
  name: string,
): void {
  if (values.length !== cells.length) {
    throw new InvalidAnswer(`${name} has ${values.length} entries, not ${cells.length}`);
  }
  for (let row = 0; row < cells.length; row += 1) {
    const value = values[row] ?? Number.NaN;
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw new InvalidAnswer(`${name} is not finite`);
    }
    target[cells[row] ?? 0] = value;
  }
}

function amount(value: number, name: string): number {
  if (!Number.isFinite(value) || value < 0) throw new InvalidAnswer(`${name} is ${value}`);
  return value;
}
