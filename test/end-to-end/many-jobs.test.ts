import { expect, test } from "vitest";
import { ApiClient } from "../../src/local/api-client.ts";
import type { Job } from "../../src/shared/contract/job.ts";
import type { Stack } from "../support/start-stack.ts";
import { endsDespiteOutages } from "./events.ts";
import { describeOnEachStore } from "./stores/each-store.ts";
import { quickJob } from "./strategies.ts";
import type { TerminalWrites } from "./terminal-writes.ts";

const ENDED_BEFORE_THE_CRASH = 20;
const ALL_END_WITHIN_MS = 60_000;

const crashes: [string, (stack: Stack) => Promise<void>][] = [
  [
    "the worker",
    async (stack) => {
      await stack.workers[0]?.kill();
      await stack.restartWorker();
    },
  ],
  [
    "the executor",
    async (stack) => {
      await stack.executor.kill();
      await stack.restartExecutor();
    },
  ],
  [
    "the API",
    async (stack) => {
      await stack.api.kill();
      await stack.restartApi();
    },
  ],
  [
    "Valkey",
    async (stack) => {
      await stack.valkey.kill();
      await stack.restartValkey();
    },
  ],
];

describeOnEachStore((store) => {
  const jobCount = store.manyJobs;

  test.each(store.killsEachPart ? crashes : crashes.slice(0, 1))(
    "many jobs in flight and %s gets SIGKILL: none is lost, each ends exactly once",
    async (_, crash) => {
      const { stack, writes, stop } = await store.startStack({ slots: 2 });
      try {
        const client = new ApiClient(stack.url);
        const ids = await Promise.all(Array.from({ length: jobCount }, () => client.submitJob(quickJob())));
        await someEnded(writes, jobCount);
        await crash(stack);
        const jobs: Job[] = [];
        for (const id of ids) jobs.push(await endsDespiteOutages(client, id, ALL_END_WITHIN_MS));
        expect(jobs.filter(({ status }) => status !== "succeeded")).toEqual([]);
        expect(writes.counts()).toEqual(new Map(ids.toSorted().map((id) => [id, 1])));
        expect(await writes.withoutOneResult()).toEqual([]);
      } finally {
        await stop();
      }
    },
  );
});

/** The crash has to come in the middle: after the first jobs have ended, before the last. */
async function someEnded(writes: TerminalWrites, jobs: number): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (writes.counts().size < ENDED_BEFORE_THE_CRASH && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(writes.counts().size).toBeGreaterThanOrEqual(ENDED_BEFORE_THE_CRASH);
  expect(writes.counts().size).toBeLessThan(jobs);
}
