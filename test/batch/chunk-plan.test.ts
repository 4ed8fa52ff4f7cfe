import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CHUNK_CELLS_MAX,
  cellsForChunk,
  chunksBetween,
  costOfCell,
  countChunks,
  cutFrom,
  firstPlan,
} from "../../src/shared/batch/chunk-plan.ts";

test("a chunk is about 200 ms of work, between one cell and what a document holds", () => {
  expect(cellsForChunk(0.5)).toBe(400);
  expect(cellsForChunk(60)).toBe(3);
  expect(cellsForChunk(0.5, 360)).toBe(360);
  expect(cellsForChunk(0.5, 300)).toBe(400);
  expect(cellsForChunk(10_000)).toBe(1);
  expect(cellsForChunk(0)).toBe(CHUNK_CELLS_MAX);
});

test("what a sandbox takes to start is not taken for the cost of its cells", () => {
  expect(costOfCell(212, 400)).toBe(0.5);
  expect(costOfCell(16, 16)).toBe(0.5);
});

test("a batch begins with small chunks, from which the cost of a cell is learnt", () => {
  const { cuts, issuedTo } = firstPlan(20);
  expect([...chunksBetween(cuts, 0, issuedTo)]).toEqual([
    { first: 0, cells: 16 },
    { first: 16, cells: 4 },
  ]);
});

test("however the sizes change on the way, every cell lies in exactly one chunk", () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 5 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), steps, (total, given) => {
      let cuts: { from: number; cells: number }[] = [];
      let issuedTo = 0;
      const issued = [];
      for (const [cells, count] of [...given, [16, 1_000] as const]) {
        if (issuedTo === total) break;
        cuts = cutFrom(cuts, issuedTo, cells);
        const to = Math.min(total, issuedTo + cells * count);
        issued.push(...chunksBetween(cuts, issuedTo, to));
        issuedTo = to;
      }
      expect([...chunksBetween(cuts, 0, total)]).toEqual(issued);
      expect(countChunks(cuts, total)).toBe(issued.length);
      let next = 0;
      for (const { first, cells } of issued) {
        expect(first).toBe(next);
        next += cells;
      }
      expect(next).toBe(total);
    }),
  );
});
