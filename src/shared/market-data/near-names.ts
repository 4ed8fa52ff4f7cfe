/** Names like the one that was asked for, for messages. */

const LISTED = 20;
/** Beyond so many single changes a name is not what somebody meant. */
const CLOSE = 2;

/** "AAPL, MSFT": at most 20 of `names`, those near `wanted` first, and how many more there are. */
export function listNames(names: readonly string[], wanted: string): string {
  const near = nearestNames(names, wanted);
  const ordered = [...near, ...names.filter((name) => !near.includes(name))];
  const rest = ordered.length - LISTED;
  return ordered.slice(0, LISTED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** At most three names that somebody who wrote `wanted` may have meant, the nearest first. */
export function nearestNames(names: readonly string[], wanted: string): string[] {
  const lower = wanted.toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceOf(name.toLowerCase(), lower) }))
    .filter(({ distance }) => distance <= Math.min(CLOSE, Math.ceil(wanted.length / 2)))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

function distanceOf(name: string, wanted: string): number {
  if (name === wanted) return 0;
  if (Math.abs(name.length - wanted.length) > CLOSE) return Number.POSITIVE_INFINITY;
  return editDistance(name, wanted);
}

/** Insertions, deletions, replacements and swaps of neighbours between two short names (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const replaced = (last[column - 1] ?? 0) + (same ? 0 : 1);
      const shifted = Math.min(last[column] ?? 0, current[column - 1] ?? 0) + 1;
      const swaps = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = swaps ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(replaced, shifted, swapped));
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? 0;
}
