/** The sequence of states that a watch gives, whatever a way delivers. */
import { expect, test } from "vitest";
import type { Job, JobStatus } from "../../src/sdk/index.ts";
import { watchJob } from "../../src/sdk/watch/watch-job.ts";
import type { Way } from "../../src/sdk/watch/way.ts";

const LIMITS = { deadlineMs: 5_000, patienceMs: 5_000 };

function jobAt(version: number, status: JobStatus): Job {
  const links = { self: "", result: "", events: "", cancel: "" };
  const createdAt = "2026-11-29T00:00:00Z";
  return { id: "0".repeat(26), status, version, createdAt, timeframe: "1D", labels: {}, attempts: 0, links };
}

test("a state that comes twice or too late is left out, and nothing comes after the terminal one", async () => {
  let closed = false;
  const way: Way = async function* deliver() {
    try {
      yield jobAt(1, "queued");
      yield jobAt(3, "running");
      yield jobAt(3, "running");
      yield jobAt(2, "queued");
      yield jobAt(5, "succeeded");
      yield jobAt(7, "cancelled");
    } finally {
      closed = true;
    }
  };
  const versions: number[] = [];
  for await (const { version } of watchJob(way, "any", LIMITS)) versions.push(version);
  expect([versions, closed]).toEqual([[1, 3, 5], true]);
});

test("leaving the loop ends the way", async () => {
  let closed = false;
  const way: Way = async function* deliver() {
    try {
      for (let version = 1; ; version += 1) yield jobAt(version, "running");
    } finally {
      closed = true;
    }
  };
  for await (const { version } of watchJob(way, "any", LIMITS)) if (version === 2) break;
  expect(closed).toBe(true);
});
