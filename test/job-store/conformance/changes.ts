import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTerminal } from "../../../src/shared/contract/job.ts";
import { newId } from "../../../src/shared/ids.ts";
import type { JobChange } from "../../../src/shared/job-store/job-record.ts";
import type { JobStore, StoredJob } from "../../../src/shared/job-store/port.ts";
import type { Current } from "../conformance.ts";
import { cancellation, NOON, queuedJob, running, sampleRequest, success } from "../sample-jobs.ts";

const RESULT = new TextEncoder().encode("result");

async function createdJob(store: JobStore): Promise<StoredJob> {
  return (await store.create(queuedJob(), sampleRequest())).stored;
}

export function describeChanges(current: Current): void {
  describe("changing", () => {
    test("a change is stored and what it does not name stays", async () => {
      const { store } = current();
      const { job, fence } = await createdJob(store);
      const change = running(job);

      const outcome = await store.update(job.id, fence, change);

      expect(outcome).toMatchObject({ written: true, stored: { job: { ...job, ...change } } });
      expect(await store.read(job.id)).toEqual(outcome.stored);
    });

    test("a job that ended is found by its work, and by no other, until it is deleted", async () => {
      const { store } = current();
      const work = newId();
      const other = await createdJob(store);
      await store.finish(other.job.id, other.fence, success(other.job), RESULT);
      expect([await store.findByWork(work), await store.hasWork()]).toEqual([undefined, false]);
      const { job, fence } = await createdJob(store);
      await store.finish(job.id, fence, { ...success(job), work }, RESULT);
      expect(await store.findByWork(work)).toEqual(await store.read(job.id));
      expect(await store.hasWork()).toBe(true);
      expect(await store.findByWork(newId())).toBeUndefined();
      await store.deleteFinished(Number.MAX_SAFE_INTEGER, 100);
      expect(await store.findByWork(work)).toBeUndefined();
    });

    test("every field that a change can carry is stored", async () => {
      const { store } = current();
      const { job, fence } = await createdJob(store);
      const change: JobChange = {
        status: "failed",
        version: 3,
        updatedAt: NOON + 7,
        startedAt: NOON + 2,
        finishedAt: NOON + 6,
        attempts: 3,
        attemptId: newId(),
        failure: {
          class: "limit",
          code: "timeout",
          message: "The strategy ran for longer than 2 s",
          line: 4,
          limit: { name: "timeoutSeconds", value: 2, used: 2.1, unit: "s" },
        },
        timings: { queuedMs: 0.25, executeMs: 2_000 },
        work: "work-of-a-failed-job",
      };
      await store.update(job.id, fence, change);
      expect((await store.read(job.id))?.job).toEqual({ ...job, ...change });
    });

    test("an old fence changes nothing and answers with the job as it is", async () => {
      const { store } = current();
      const { job, fence } = await createdJob(store);
      const { stored } = await store.update(job.id, fence, running(job));

      const late = await store.update(job.id, fence, { status: "queued", version: 9, updatedAt: NOON + 2 });

      expect(late).toEqual({ written: false, stored });
      expect(await store.read(job.id)).toEqual(stored);
    });

    test("a version that is not above the stored one changes nothing", async () => {
      const { store } = current();
      const { job, fence } = await createdJob(store);
      const same = await store.update(job.id, fence, { ...running(job), version: job.version });
      expect(same.written).toBe(false);
      expect((await store.read(job.id))?.job).toEqual(job);
    });

    test("a job that is gone takes no write", async () => {
      const { store } = current();
      const { job, fence } = { job: queuedJob(), fence: (await createdJob(store)).fence };
      const gone = { written: false, stored: undefined };
      expect(await store.update(job.id, fence, cancellation(job))).toEqual(gone);
      expect(await store.finish(job.id, fence, success(job), RESULT)).toEqual(gone);
    });

    test("a job that has ended never changes again, whatever the fence", async () => {
      const { store } = current();
      const { job, fence } = await createdJob(store);
      const { stored } = await store.update(job.id, fence, cancellation(job));
      const ended = stored ?? expect.fail("the cancel was not written");
      for (const status of ["queued", "running", "failed", "cancelled"] as const) {
        const change = { status, version: 99, updatedAt: NOON + 99, attemptId: newId() };
        expect(await store.update(job.id, ended.fence, change)).toEqual({ written: false, stored });
      }
      const late = await store.finish(job.id, ended.fence, { ...success(job), version: 99 }, RESULT);
      expect(late).toEqual({ written: false, stored });
      expect(await store.read(job.id)).toEqual(stored);
    });

    test("a job that ends has an end time even where the writer names none", async () => {
      const { store } = current();
      const { job, fence } = await createdJob(store);
      const change: JobChange = { status: "cancelled", version: 3, updatedAt: NOON + 50 };
      const { stored } = await store.update(job.id, fence, change);
      expect(stored?.job.finishedAt).toBe(NOON + 50);
    });

    test("an attempt whose answer was lost finds that its own write counts", async () => {
      const { store } = current();
      const { job, fence } = await createdJob(store);
      const change = success(job);
      const first = await store.finish(job.id, fence, change, RESULT);
      expect(await store.finish(job.id, fence, change, RESULT)).toEqual(first);

      const other = await createdJob(store);
      const failure: JobChange = { status: "failed", version: 3, updatedAt: NOON + 3, attemptId: newId() };
      const failed = await store.update(other.job.id, other.fence, failure);
      expect(failed.written).toBe(true);
      expect(await store.update(other.job.id, other.fence, failure)).toEqual(failed);
    });

    test("a result that comes after a cancel is not taken for written, though the attempt's id is the last one", async () => {
      const { store } = current();
      const { job, fence } = await createdJob(store);
      const attemptId = newId();
      const { stored } = await store.update(job.id, fence, running(job, attemptId));
      const cancelled = await store.update(job.id, stored?.fence ?? "", cancellation(stored?.job ?? job));
      const late = await store.finish(job.id, stored?.fence ?? "", success(job, attemptId), RESULT);
      expect(late).toEqual({ written: false, stored: cancelled.stored });
    });

    test("of a cancel, a success and a failure at once the first one stands and the others hear of it", async () => {
      const { store, openAnother } = current();
      const other = await openAnother();
      for (let round = 0; round < 20; round += 1) {
        const { job, fence } = await createdJob(store);
        const failed: JobChange = { status: "failed", version: 3, updatedAt: NOON + 3, attemptId: newId() };
        const outcomes = await Promise.all([
          store.update(job.id, fence, cancellation(job)),
          other.finish(job.id, fence, success(job), RESULT),
          other.update(job.id, fence, failed),
        ]);
        const stored = await store.read(job.id);
        expect(outcomes.filter(({ written }) => written)).toHaveLength(1);
        for (const outcome of outcomes) expect(outcome.stored).toEqual(stored);
      }
      await other.close();
    });

    test("however writes interleave, versions rise and nothing follows the end", async () => {
      const { store } = current();
      const statuses = fc.constantFrom("queued", "running", "failed", "cancelled", "succeeded");
      const step = fc.record({ status: statuses, stale: fc.boolean(), up: fc.integer({ min: -1, max: 3 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
          const first = await createdJob(store);
          let known = first;
          for (const { status, stale, up } of steps) {
            const attemptId = newId();
            const change = { status, version: known.job.version + up, updatedAt: NOON + 1, attemptId };
            const fence = stale ? first.fence : known.fence;
            const outcome =
              status === "succeeded"
                ? await store.finish(first.job.id, fence, change, RESULT)
                : await store.update(first.job.id, fence, change);
            const allowed = !isTerminal(known.job.status) && up > 0 && fence === known.fence;
            expect(outcome.written).toBe(allowed);
            if (allowed) expect(outcome.stored?.job).toMatchObject(change);
            else expect(outcome.stored).toEqual(known);
            known = outcome.stored ?? expect.fail("the job is gone");
          }
        }),
        { numRuns: 40 },
      );
    });
  });
}
