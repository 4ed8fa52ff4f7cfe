import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { newId } from "../../../src/shared/ids.ts";
import type { JobRecord } from "../../../src/shared/job-store/job-record.ts";
import type { JobStore } from "../../../src/shared/job-store/port.ts";
import { PART_MAX_BYTES } from "../../../src/shared/job-store/result-parts.ts";
import type { Current } from "../conformance.ts";
import { cancellation, queuedJob, sampleRequest, success } from "../sample-jobs.ts";

async function finishedJob(store: JobStore, result: Uint8Array): Promise<JobRecord> {
  const { stored } = await store.create(queuedJob(), sampleRequest());
  const outcome = await store.finish(stored.job.id, stored.fence, success(stored.job), result);
  if (!outcome.written) expect.fail("the result was not written");
  return outcome.stored.job;
}

export function describeResults(current: Current): void {
  describe("results", () => {
    const sizes = [0, 1, 10_000, PART_MAX_BYTES, PART_MAX_BYTES + 1, 5_000_000];
    test.each(sizes)("a result of %d bytes reads back", async (size) => {
      const { store, openAnother } = current();
      const result = randomBytes(size);
      const job = await finishedJob(store, result);
      expect(job.result).toMatchObject({
        attemptId: job.attemptId,
        bytes: size,
        parts: Math.max(1, Math.ceil(size / PART_MAX_BYTES)),
      });
      expect((await store.read(job.id))?.job).toEqual(job);
      const other = await openAnother();
      const read = await other.readResult(job);
      await other.close();
      expect(read !== undefined && Buffer.from(read).equals(result)).toBe(true);
    });

    test("a job tells whose end it took over", async () => {
      const { store } = current();
      const { stored } = await store.create(queuedJob(), sampleRequest());
      const ofJob = newId();
      const change = { ...success(stored.job), ofJob };
      await store.finish(stored.job.id, stored.fence, change, randomBytes(10));
      expect((await store.read(stored.job.id))?.job.ofJob).toBe(ofJob);
    });

    test("a job without a result has none to read", async () => {
      const { store } = current();
      const { stored } = await store.create(queuedJob(), sampleRequest());
      expect(await store.readResult(stored.job)).toBeUndefined();
    });

    test("the result of a job that was deleted meanwhile is gone, not damaged", async () => {
      const { store } = current();
      const job = await finishedJob(store, randomBytes(100));
      await store.deleteFinished(Number.MAX_SAFE_INTEGER, 10);
      expect(await store.readResult(job)).toBeUndefined();
    });

    test("a changed byte is noticed", async () => {
      const { store, damageResult } = current();
      const job = await finishedJob(store, randomBytes(2_000_000));
      await damageResult(job);
      await expect(store.readResult(job)).rejects.toMatchObject({
        name: "StoreCorruptedError",
        message: expect.stringContaining(job.id),
      });
    });

    test("a missing part is noticed", async () => {
      const { store, removeLastPart } = current();
      for (const size of [100, 2_000_000]) {
        const job = await finishedJob(store, randomBytes(size));
        await removeLastPart(job);
        await expect(store.readResult(job)).rejects.toMatchObject({ name: "StoreCorruptedError" });
      }
    });

    test("of many attempts that finish at once one result stays, whole, and no part of the others", async () => {
      const { store, openAnother, countParts } = current();
      const other = await openAnother();
      const { stored } = await store.create(queuedJob(), sampleRequest());
      const { job, fence } = stored;
      const attempts = Array.from({ length: 8 }, () => ({ id: newId(), result: randomBytes(1_500_000) }));
      const outcomes = await Promise.all(
        attempts.map(({ id, result }, n) =>
          (n % 2 === 0 ? store : other).finish(job.id, fence, success(job, id), result),
        ),
      );
      expect(outcomes.filter(({ written }) => written)).toHaveLength(1);
      const ended = (await store.read(job.id))?.job ?? expect.fail("the job is gone");
      const winner = attempts.find(({ id }) => id === ended.attemptId);
      const read = await store.readResult(ended);
      expect(read !== undefined && winner?.result.equals(read)).toBe(true);
      expect(await countParts()).toBe(2);
      await other.close();
    });

    test("a result that came after a cancel leaves no part", async () => {
      const { store, countParts } = current();
      const { stored } = await store.create(queuedJob(), sampleRequest());
      const { job, fence } = stored;
      await store.update(job.id, fence, cancellation(job));
      const late = await store.finish(job.id, fence, success(job), randomBytes(1_000_000));
      expect(late.written).toBe(false);
      expect(late.stored?.job.result).toBeUndefined();
      expect(await countParts()).toBe(0);
    });
  });
}
