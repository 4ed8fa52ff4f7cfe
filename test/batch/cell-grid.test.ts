import fc from "fast-check";
import { expect, test } from "vitest";
import { CellGrid } from "../../src/shared/batch/cell-grid.ts";
import { createSampleOrder } from "../../src/shared/batch/sample-order.ts";
import { batchRequestSchema } from "../../src/shared/contract/batch-request.ts";

const sweepOf = (more: object = {}) => ({
  ...batchRequestSchema.parse({ strategy: { code: "x" }, symbols: ["AAPL", "MSFT"], ...more }),
  symbols: ["AAPL", "MSFT"],
});

test("cells go through symbols, then windows, then parameters, the last parameter fastest", () => {
  const parameters = { fast: { from: 1, to: 2, step: 1 }, slow: [10, 20, 30] };
  const sweep = {
    ...sweepOf({ parameters }),
    windows: [{ period: "1y" as const }, { period: "2y" as const }],
  };
  const grid = new CellGrid(sweep);
  expect(grid.cells).toBe(2 * 2 * 6);
  expect(grid.placeOf(0)).toEqual({ symbol: 0, window: 0, set: 0 });
  expect(grid.placeOf(23)).toEqual({ symbol: 1, window: 1, set: 5 });
  expect(grid.parametersOf(0)).toEqual({ fast: 1, slow: 10 });
  expect(grid.parametersOf(1)).toEqual({ fast: 1, slow: 20 });
  expect(grid.parametersOf(5)).toEqual({ fast: 2, slow: 30 });
});

test("symbols with different numbers of walk-forward folds each have their own windows", () => {
  const grid = new CellGrid({ ...sweepOf({ parameters: { a: [1, 2, 3] } }), windows: [{}], folds: [2, 1] });
  expect(grid.cells).toBe(4 * 3 + 2 * 3);
  expect(grid.windowsOf(0)).toBe(4);
  expect(grid.placeOf(12)).toEqual({ symbol: 1, window: 0, set: 0 });
});

test("every number is one cell and every cell has one number", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
      (folds, counts) => {
        const parameters = Object.fromEntries(
          counts.map((count, axis) => [`p${axis}`, { from: 1, to: count, step: 1 }]),
        );
        const symbols = folds.map((_, index) => `S${index}`);
        const grid = new CellGrid({ ...sweepOf({ parameters }), symbols, windows: [{}], folds });
        const seen = new Set<string>();
        for (let cell = 0; cell < grid.cells; cell += 1) {
          const place = grid.placeOf(cell);
          expect(grid.cellAt(place)).toBe(cell);
          seen.add(JSON.stringify([place.symbol, place.window, grid.parametersOf(place.set)]));
        }
        expect(seen.size).toBe(grid.cells);
      },
    ),
    { numRuns: 50 },
  );
});

test("a sample draws distinct parameter sets, the same ones for the same seed, from a grid too large to list", () => {
  const parameters = Object.fromEntries(
    ["a", "b", "c", "d"].map((name) => [name, { from: 1, to: 1_000, step: 1 }]),
  );
  const draw = (seed: number): string[] => {
    const grid = new CellGrid({ ...sweepOf({ parameters, sample: { count: 500, seed } }), windows: [{}] });
    expect(grid.sets).toBe(500);
    return Array.from({ length: 500 }, (_, set) => JSON.stringify(grid.parametersOf(set)));
  };
  expect(new Set(draw(7)).size).toBe(500);
  expect(draw(7)).toEqual(draw(7));
  expect(draw(8)).not.toEqual(draw(7));
});

test("a sample of everything is everything", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), fc.nat({ max: 4_294_967_295 }), (size, seed) => {
      const order = createSampleOrder(size, seed);
      const drawn = new Set(Array.from({ length: size }, (_, place) => order(place)));
      expect(drawn.size).toBe(size);
      expect(Math.max(...drawn)).toBe(size - 1);
    }),
    { numRuns: 50 },
  );
});

test("steps of decimal fractions give the numbers that were meant", () => {
  const parameters = { stop: { from: 0.1, to: 0.5, step: 0.1 } };
  const grid = new CellGrid({ ...sweepOf({ parameters }), windows: [{}] });
  expect(Array.from({ length: grid.sets }, (_, set) => grid.parametersOf(set)["stop"])).toEqual([
    0.1, 0.2, 0.3, 0.4, 0.5,
  ]);
});
