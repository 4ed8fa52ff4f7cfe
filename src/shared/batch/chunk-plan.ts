/**
 * Where a batch is cut into chunks. A cut says: from this cell on, chunks of so many cells. Cuts are only ever
 * added behind what was issued, so that a chunk, once issued, has the same cells for ever, and all chunks are known
 * from a handful of numbers.
 */

export interface Cut {
  from: number;
  cells: number;
}

export interface Chunk {
  /** Number of its first cell. */
  first: number;
  cells: number;
}

/** CPU milliseconds of a cell before any was measured: a crossover over ten years of daily bars. */
export const TYPICAL_MS_PER_CELL = 0.5;
/** What a chunk is to cost, CPU milliseconds of the executor's child. */
const CHUNK_MS = 200;
/** The first chunks of a batch, whose cost nobody knows. */
const PROBE_CELLS = 16;
const PROBE_CHUNKS = 2;
const FAR_OFF = 1.15;
/** CPU milliseconds that a chunk takes before its cells: sandbox, code, series, the first cell checked twice. */
const START_MS = 12;
/** A part of the results must fit into a Firestore document: 2,048 cells are some 540 kB before compression. */
export const CHUNK_CELLS_MAX = 2_048;

/** How a batch begins: small chunks, from which the cost of a cell is learnt. */
export function firstPlan(total: number): { cuts: Cut[]; issuedTo: number } {
  return { cuts: [{ from: 0, cells: PROBE_CELLS }], issuedTo: Math.min(total, PROBE_CELLS * PROBE_CHUNKS) };
}

/**
 * CPU milliseconds of a cell, the start of its sandbox left out: a chunk of 16 cells takes 15 to 20 ms, one of 367 takes
 * 165 to 215, as fast as the machine is. At least half of what the chunk took: a start that was shorter than usual made
 * cells of a probe look so cheap that the chunk after it held its slot for 430 ms.
 */
export function costOfCell(chunkCpuMs: number, cells: number): number {
  return Math.max(chunkCpuMs - START_MS, chunkCpuMs / 2) / cells;
}

/** Cells for a chunk of about CHUNK_MS. `current` stays while it is not far off, so that there are few cuts. */
export function cellsForChunk(msPerCell: number, current?: number): number {
  const ideal = CHUNK_MS / Math.max(msPerCell, 1e-3);
  const cells = Math.min(CHUNK_CELLS_MAX, Math.max(1, Math.round(ideal)));
  if (current !== undefined && cells <= current * FAR_OFF && cells * FAR_OFF >= current) return current;
  return cells;
}

/** The cuts with those cells a chunk from `issuedTo` on. */
export function cutFrom(cuts: readonly Cut[], issuedTo: number, cells: number): Cut[] {
  const kept = cuts.filter(({ from }) => from < issuedTo);
  return kept.at(-1)?.cells === cells ? kept : [...kept, { from: issuedTo, cells }];
}

/** The chunks from cell `from` (a chunk's first) up to before `to`, in order. */
export function* chunksBetween(cuts: readonly Cut[], from: number, to: number): Generator<Chunk> {
  let first = from;
  for (const [index, cut] of cuts.entries()) {
    const end = Math.min(to, cuts[index + 1]?.from ?? to);
    while (first >= cut.from && first < end) {
      const cells = Math.min(cut.cells, end - first);
      yield { first, cells };
      first += cells;
    }
  }
}

/** How many chunks there are before cell `to`. */
export function countChunks(cuts: readonly Cut[], to: number): number {
  return cuts.reduce((chunks, cut, index) => {
    const end = Math.min(to, cuts[index + 1]?.from ?? to);
    return chunks + Math.max(0, Math.ceil((end - cut.from) / cut.cells));
  }, 0);
}
