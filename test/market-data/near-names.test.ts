import { expect, test } from "vitest";
import { editDistance, listNames, nearestNames } from "../../src/shared/market-data/near-names.ts";

test.each([
  ["AAPL", "AAPL", 0],
  ["APPL", "AAPL", 1],
  ["AALP", "AAPL", 1],
  ["AAP", "AAPL", 1],
  ["", "AB", 2],
  ["kitten", "sitting", 3],
])("from %j to %j it takes %i changes", (from, to, changes) => {
  expect(editDistance(from, to)).toBe(changes);
  expect(editDistance(to, from)).toBe(changes);
});

test("case is the smallest difference, and names unlike the wanted one are not suggested", () => {
  expect(nearestNames(["MSFT", "AAPL", "AAPX", "GOOG"], "aapl")).toEqual(["AAPL", "AAPX"]);
  expect(nearestNames(["MSFT", "FB"], "GOOG")).toEqual([]);
});

test("all names are listed when there are few", () => {
  expect(listNames(["A", "B"], "ZZZZ")).toBe("A, B");
});
