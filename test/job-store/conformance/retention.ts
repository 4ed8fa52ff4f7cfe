import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { JobRecord } from "../../../src/shared/job-store/job-record.ts";
import type { JobStore } from "../../../src/shared/job-store/port.ts";
import type { Current } from "../conformance.ts";
import { NOON, queuedJob, sampleRequest, success } from "../sample-jobs.ts";

async function jobEndedAt(store: JobStore, finishedAt: number): Promise<JobRecord> {
  const { stored } = await store.create(queuedJob(), sampleRequest());
  const change = { ...success(stored.job), finishedAt };
  const outcome = await store.finish(stored.job.id, stored.fence, change, randomBytes(1_000_000));
  return outcome.stored?.job ?? expect.fail("the job is gone");
}

export function describeRetention(current: Current): void {
  describe("retention", () => {
    test("jobs that ended before are deleted with request and result, the others stay", async () => {
      const { store, countParts } = current();
      const waiting = queuedJob({ createdAt: NOON - 1_000, updatedAt: NOON - 1_000 });
      await store.create(waiting, sampleRequest());
      const old = await jobEndedAt(store, NOON - 1);
      const recent = await jobEndedAt(store, NOON);

      expect(await store.deleteFinished(NOON, 100)).toBe(1);

      expect(await store.read(old.id)).toBeUndefined();
      expect(await store.readRequest(old.id)).toBeUndefined();
      expect((await store.read(recent.id))?.job).toEqual(recent);
      expect((await store.readResult(recent))?.byteLength).toBe(1_000_000);
      expect((await store.read(waiting.id))?.job).toEqual(waiting);
      expect(await countParts()).toBe(2);
      expect(await store.deleteFinished(NOON, 100)).toBe(0);
    });

    test("no more are deleted at once than asked for, those that ended first before the others", async () => {
      const { store } = current();
      const jobs = Array.from({ length: 250 }, (_, n) =>
        queuedJob({ status: "cancelled", finishedAt: NOON + ((n * 7) % 250) }),
      );
      await Promise.all(jobs.map((job) => store.create(job, sampleRequest())));

      expect(await store.deleteFinished(NOON + 1_000, 130)).toBe(130);

      const left = (await store.list("alice", {}, { limit: 500 })).jobs.map(({ job }) => job.finishedAt ?? 0);
      expect(Math.min(...left)).toBe(NOON + 130);
      expect(await store.deleteFinished(NOON + 1_000, 500)).toBe(120);
    });

    test("an id that was deleted can be used again", async () => {
      const { store } = current();
      const old = await jobEndedAt(store, NOON);
      await store.deleteFinished(NOON + 1, 1);
      const { id } = old;
      const { created, stored } = await store.create(queuedJob({ id }), sampleRequest("new"));
      expect(created).toBe(true);
      expect(stored.job.result).toBeUndefined();
      expect((await store.readRequest(id))?.strategy.code).toBe("new");
    });
  });
}
