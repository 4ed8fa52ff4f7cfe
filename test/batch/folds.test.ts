import { expect, test } from "vitest";
import { countFolds, foldBars } from "../../src/shared/batch/sweep.ts";

test("a fold is whole: training, then its test, within the bars that there are", () => {
  const rolled = { trainBars: 100, testBars: 20, stepBars: 20 };
  expect(countFolds(rolled, 119)).toBe(0);
  expect(countFolds(rolled, 120)).toBe(1);
  expect(countFolds(rolled, 179)).toBe(3);
  expect(foldBars(rolled, 2)).toEqual({ train: [40, 140], test: [140, 160] });
});
