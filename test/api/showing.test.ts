import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createShowing } from "../../src/api/showing.ts";
import type { Job } from "../../src/shared/contract/job.ts";
import { StoreUnavailableError } from "../../src/shared/errors.ts";
import type { StoredJob } from "../../src/shared/job-store/port.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { queuedJob } from "../job-store/sample-jobs.ts";

/** What the last event said of each job that one was heard of. */
let heard: Map<string, Job["status"]>;
let shown: string[];
let show: (stored: StoredJob) => Promise<StoredJob>;

beforeEach(() => {
  vi.useFakeTimers();
  heard = new Map();
  shown = [];
  show = async (stored) => {
    shown.push(stored.job.id);
    return stored;
  };
  return () => vi.useRealTimers();
});
afterEach(() => vi.restoreAllMocks());

function showing() {
  const newest = (job: Job): Job => {
    const status = heard.get(job.id);
    return status === undefined ? job : { ...job, status, version: job.version + 1 };
  };
  const watch = { newest };
  const made = createShowing({ store: { show: (stored) => show(stored) }, watch, logger: silent });
  return made ?? expect.fail("nothing is shown");
}
const silent = createLogger("test", "silent");

function stored(): StoredJob {
  return { job: queuedJob(), fence: "f" };
}

test("a store without listeners has nobody to show a job to", () => {
  expect(createShowing({ store: {}, watch: { newest: (job) => job }, logger: silent })).toBeUndefined();
});

test("a job that was heard of within 250 ms is not shown, one that was not is, and so are those of the next second", async () => {
  const { seen, look } = showing();
  const [quick, waiting] = [stored(), stored()];
  expect(seen()).toBe("later");
  for (const job of [quick, waiting]) look(job);
  heard.set(quick.job.id, "succeeded");
  await vi.advanceTimersByTimeAsync(249);
  expect([shown, seen()]).toEqual([[], "later"]);
  await vi.advanceTimersByTimeAsync(1);
  expect([shown, seen()]).toEqual([[waiting.job.id], "at once"]);
  await vi.advanceTimersByTimeAsync(990);
  expect(seen()).toBe("at once");
  await vi.advanceTimersByTimeAsync(20);
  expect(seen()).toBe("later");
});

test("a job that was heard to run and does not end is shown a second later: it may have been put back", async () => {
  const { seen, look } = showing();
  const [putBack, long] = [stored(), stored()];
  for (const job of [putBack, long]) {
    look(job);
    heard.set(job.job.id, "running");
  }
  await vi.advanceTimersByTimeAsync(1_000);
  expect(shown).toEqual([]);
  heard.set(long.job.id, "succeeded");
  await vi.advanceTimersByTimeAsync(250);
  expect([shown, seen()]).toEqual([[putBack.job.id], "later"]);
});

test("a store that is away costs nothing but the showing", async () => {
  const { seen, look } = showing();
  show = () => Promise.reject(new StoreUnavailableError("away"));
  look(stored());
  await vi.advanceTimersByTimeAsync(300);
  expect(seen()).toBe("at once");
});

test("beyond 10,000 jobs that are looked after the next are seen at once", async () => {
  const { seen, look } = showing();
  const job = stored();
  heard.set(job.job.id, "failed");
  for (let n = 0; n < 10_000; n += 1) look(job);
  expect(seen()).toBe("at once");
  await vi.advanceTimersByTimeAsync(300);
  expect(seen()).toBe("later");
});
