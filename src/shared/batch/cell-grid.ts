/**
 * The cells of a sweep by their numbers. Nothing is listed: a cell's symbol, window and parameters follow from its
 * number by arithmetic, symbol outermost, then window, then the parameters in the order of the request, the last
 * one fastest. So neighbours share a series, and a chunk of them needs few.
 */

import type { Axis } from "../contract/batch-request.ts";
import { countOfRange, GRID_MAX, valueOfRange } from "../contract/batch-request.ts";
import type { Parameters } from "../contract/values.ts";
import { createSampleOrder } from "./sample-order.ts";
import type { Sweep } from "./sweep.ts";

export interface CellPlace {
  /** Index in the sweep's symbols. */
  symbol: number;
  /** Index among the symbol's windows: with walkForward twice the fold for its training, one more for its test. */
  window: number;
  /** Number of the parameter set, the same for every symbol and window. */
  set: number;
}

interface GridAxis {
  name: string;
  count: number;
  valueAt: (place: number) => Parameters[string];
}

export class CellGrid {
  /** Cells in all. */
  readonly cells: number;
  /** Parameter sets: those of the grid, or those drawn. */
  readonly sets: number;
  readonly #axes: GridAxis[];
  readonly #draw: (set: number) => number;
  /** Windows of each symbol. */
  readonly #windows: number[];
  /** Number of the first cell of each symbol, and after the last one the count of all. */
  readonly #starts: number[] = [0];

  constructor(sweep: Pick<Sweep, "symbols" | "windows" | "folds" | "parameters" | "sample">) {
    this.#axes = Object.entries(sweep.parameters).map(([name, axis]) => toGridAxis(name, axis));
    const grid = gridSize(sweep.parameters);
    const { sample } = sweep;
    this.sets = sample === undefined ? grid : Math.min(sample.count, grid);
    this.#draw = sample === undefined ? (set) => set : createSampleOrder(grid, sample.seed);
    this.#windows = sweep.symbols.map(
      (_, symbol) => 2 * (sweep.folds?.[symbol] ?? 0) || sweep.windows.length,
    );
    let start = 0;
    for (const windows of this.#windows) this.#starts.push((start += windows * this.sets));
    this.cells = start;
  }

  /** Throws RangeError for a number that is no cell's. */
  placeOf(cell: number): CellPlace {
    if (!Number.isInteger(cell) || cell < 0 || cell >= this.cells) {
      throw new RangeError(`Cell ${cell} is not among the ${this.cells} of the batch`);
    }
    const symbol = this.#symbolOf(cell);
    const within = cell - (this.#starts[symbol] ?? 0);
    return { symbol, window: Math.floor(within / this.sets), set: within % this.sets };
  }

  cellAt({ symbol, window, set }: CellPlace): number {
    return (this.#starts[symbol] ?? 0) + window * this.sets + set;
  }

  windowsOf(symbol: number): number {
    return this.#windows[symbol] ?? 0;
  }

  parametersOf(set: number): Parameters {
    const places = this.placesOf(set);
    return Object.fromEntries(
      this.#axes.map(({ name, valueAt }, axis) => [name, valueAt(places[axis] ?? 0)]),
    );
  }

  /** Which value of each parameter a set has, in the order of the request. */
  placesOf(set: number): number[] {
    let rest = this.#draw(set);
    const places = this.#axes.map(() => 0);
    for (let axis = this.#axes.length - 1; axis >= 0; axis -= 1) {
      const count = this.#axes[axis]?.count ?? 1;
      places[axis] = rest % count;
      rest = Math.floor(rest / count);
    }
    return places;
  }

  /** Its place among the parameters and all its values; undefined for a name that the sweep does not have. */
  axisOf(name: string): { place: number; values: Parameters[string][] } | undefined {
    const place = this.#axes.findIndex((axis) => axis.name === name);
    const axis = this.#axes[place];
    if (axis === undefined) return undefined;
    return { place, values: Array.from({ length: axis.count }, (_, index) => axis.valueAt(index)) };
  }

  /** The last symbol that begins at or before the cell. */
  #symbolOf(cell: number): number {
    let low = 0;
    let high = this.#starts.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= cell) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Parameter sets of the whole grid; Infinity above what can be drawn from. */
export function gridSize(parameters: Readonly<Record<string, Axis>>): number {
  const size = Object.values(parameters).reduce((product, axis) => product * countOf(axis), 1);
  return size > GRID_MAX ? Number.POSITIVE_INFINITY : size;
}

function countOf(axis: Axis): number {
  return Array.isArray(axis) ? axis.length : countOfRange(axis);
}

function toGridAxis(name: string, axis: Axis): GridAxis {
  const count = countOf(axis);
  if (!Array.isArray(axis)) return { name, count, valueAt: (place) => valueOfRange(axis, place) };
  return { name, count, valueAt: (place) => axis[place] ?? "" };
}
