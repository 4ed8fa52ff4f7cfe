/** The sequence of states that a watch gives, whatever a way delivers. */
import { expect, test } from "vitest";
import { follow } from "../../src/sdk/watch/follow.ts";
import type { Snapshot, Way } from "../../src/sdk/watch/way.ts";

const LIMITS = { deadlineMs: 5_000, patienceMs: 5_000 };

test("a state that comes twice or too late is left out, and nothing comes after the terminal one", async () => {
  let closed = false;
  const way: Way<Snapshot> = async function* deliver() {
    try {
      yield { version: 1, status: "queued" };
      yield { version: 3, status: "running" };
      yield { version: 3, status: "running" };
      yield { version: 2, status: "queued" };
      yield { version: 5, status: "succeeded" };
      yield { version: 7, status: "cancelled" };
    } finally {
      closed = true;
    }
  };
  const versions: number[] = [];
  for await (const { version } of follow(way, "any", LIMITS)) versions.push(version);
  expect([versions, closed]).toEqual([[1, 3, 5], true]);
});

test("the end counts even where its version is below that of a state before", async () => {
  const way: Way<Snapshot> = async function* deliver() {
    yield { version: 9, status: "running" };
    yield { version: 8, status: "cancelled" };
  };
  const seen: string[] = [];
  for await (const { status } of follow(way, "any", LIMITS)) seen.push(status);
  expect(seen).toEqual(["running", "cancelled"]);
});

test("leaving the loop ends the way", async () => {
  let closed = false;
  const way: Way<Snapshot> = async function* deliver() {
    try {
      for (let version = 1; ; version += 1) yield { version, status: "running" };
    } finally {
      closed = true;
    }
  };
  for await (const { version } of follow(way, "any", LIMITS)) if (version === 2) break;
  expect(closed).toBe(true);
});
