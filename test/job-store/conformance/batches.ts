import { describe, expect, test } from "vitest";
import { newId } from "../../../src/shared/ids.ts";
import type { BatchRecord } from "../../../src/shared/job-store/batch-record.ts";
import type { Current } from "../conformance.ts";
import { part, queuedBatch, sampleSweep, shownAs } from "../sample-batches.ts";
import { NOON } from "../sample-jobs.ts";

export function describeBatches(current: Current): void {
  describe("batches", () => {
    test("a batch and its sweep read back as they were written; an unknown one is not there", async () => {
      const { batches } = current().store;
      const batch = queuedBatch({ strategyId: "sma" });
      const created = await batches.create(batch, sampleSweep());
      expect(created).toMatchObject({ created: true, stored: { batch } });
      expect(await batches.read(batch.id)).toEqual(created.stored);
      expect(await batches.readSweep(batch.id)).toEqual(sampleSweep());
      expect(await batches.readCounts(batch.id)).toMatchObject({ parts: 0, cells: 0, cpuMs: 0 });
      expect(await batches.read(newId())).toBeUndefined();
      expect(await batches.readSweep(newId())).toBeUndefined();
    });

    test("ten calls at once with one id make one batch", async () => {
      const { batches } = current().store;
      const batch = queuedBatch();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => batches.create(batch, sampleSweep())),
      );
      expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
    });

    test("of two changes with the same fence the first counts, and the second learns what is there", async () => {
      const { batches } = current().store;
      const { stored } = await batches.create(queuedBatch(), sampleSweep());
      const { id } = stored.batch;
      const change = { version: 2, updatedAt: NOON + 1, status: "running" as const, issuedTo: 64 };
      const first = await batches.update(id, stored.fence, change);
      expect(first).toMatchObject({ written: true, stored: { batch: { issuedTo: 64, status: "running" } } });
      const second = await batches.update(id, stored.fence, { ...change, issuedTo: 96 });
      expect(second).toEqual({ written: false, stored: first.stored });
      expect(await batches.read(id)).toEqual(first.stored);
      expect(await batches.update(newId(), stored.fence, change)).toEqual({
        written: false,
        stored: undefined,
      });
    });

    test("what is shown of a batch never goes back, and its end stays until a retry", async () => {
      const { batches } = current().store;
      if (batches.show === undefined) return;
      const batch = queuedBatch();
      const shown = (version: number, status: BatchRecord["status"]) => shownAs(batch, { version, status });
      const { stored } = await batches.create(batch, sampleSweep(), shownAs(batch));
      expect(await batches.show(batch.id, shown(9, "running"))).toBe(true);
      expect(await batches.show(batch.id, shown(8, "running"))).toBe(false);
      expect(await batches.show(batch.id, shown(9, "running"))).toBe(false);
      const cancelled = { version: 2, updatedAt: NOON, status: "cancelled" as const, finishedAt: NOON };
      const end = { version: 8, status: "cancelled" as const };
      const ended = await batches.update(batch.id, stored.fence, cancelled, end);
      expect(await batches.show(batch.id, shown(10, "running"))).toBe(false);
      expect(await batches.show(batch.id, shown(10, "cancelled"))).toBe(true);
      const again = { version: 3, updatedAt: NOON, status: "running" as const, finishedAt: null };
      await batches.update(batch.id, stored.fence, again, { version: 11, status: "running" });
      expect(await batches.show(batch.id, shown(12, "running"))).toBe(false);
      await batches.update(batch.id, ended.stored?.fence ?? "", again, { version: 11, status: "running" });
      expect(await batches.show(batch.id, shown(12, "running"))).toBe(true);
      expect(await batches.show(newId(), shown(12, "running"))).toBe(false);
    });

    test("a retry opens a batch that had ended: its end is taken away again", async () => {
      const { batches } = current().store;
      const { stored } = await batches.create(queuedBatch(), sampleSweep());
      const failure = { class: "platform" as const, code: "worker_lost" as const, message: "gone" };
      const ended = await batches.update(stored.batch.id, stored.fence, {
        version: 2,
        updatedAt: NOON + 1,
        status: "failed",
        finishedAt: NOON + 1,
        failure,
      });
      expect(ended.stored?.batch).toMatchObject({ failure, finishedAt: NOON + 1 });
      await batches.update(stored.batch.id, ended.stored?.fence ?? "", {
        version: 3,
        updatedAt: NOON + 2,
        status: "running",
        generation: 1,
        finishedAt: null,
        failure: null,
      });
      const reopened = (await batches.read(stored.batch.id))?.batch;
      expect(reopened).toEqual({
        ...stored.batch,
        version: 3,
        updatedAt: NOON + 2,
        status: "running",
        generation: 1,
      });
    });

    test("a chunk that ran ten times at once counts once", async () => {
      const { batches } = current().store;
      const { id } = (await batches.create(queuedBatch(), sampleSweep())).stored.batch;
      const writes = [...Array.from({ length: 10 }, () => part(0)), part(16), part(32, { cells: 5 })];
      const outcomes = await Promise.all(writes.map((one) => batches.storePart(id, one)));
      expect(outcomes.filter(({ stored }) => stored)).toHaveLength(3);
      expect(await batches.readCounts(id)).toEqual({
        parts: 3,
        writes: 3,
        cells: 37,
        succeeded: 39,
        failedUser: 3,
        failedLimit: 0,
        failedPlatform: 6,
        cpuMs: 37.5,
      });
      const last = await batches.storePart(id, part(64, { cells: 1 }));
      expect(last.counts).toMatchObject({ parts: 4, cells: 38 });
    });

    test("a part of a later generation takes the place of the earlier, counters too, and never the other way", async () => {
      const { batches } = current().store;
      const { id } = (await batches.create(queuedBatch(), sampleSweep())).stored.batch;
      await batches.storePart(id, part(0));
      await batches.storePart(id, part(16, { failedPlatform: 0, succeeded: 15 }));
      expect(await batches.listRetryable(id, 1, 10)).toMatchObject([{ first: 0, failedPlatform: 2 }]);
      const again = part(0, { generation: 1, succeeded: 15, failedPlatform: 0, cpuMs: 13 });
      const retried = await batches.storePart(id, { ...again, bytes: new Uint8Array([9]) });
      expect(retried).toMatchObject({ stored: true, counts: { parts: 2, writes: 3, cells: 32 } });
      expect(retried.counts).toMatchObject({ succeeded: 30, failedPlatform: 0, cpuMs: 25.5 });
      expect((await batches.storePart(id, part(0))).stored).toBe(false);
      expect(await batches.listRetryable(id, 1, 10)).toEqual([]);
      const read = await batches.readPart(id, 0);
      expect(read).toMatchObject({ generation: 1, succeeded: 15 });
      expect([...(read?.bytes ?? [])]).toEqual([9]);
    });

    test("parts are listed by their first cell, and read in the order in which they came, each once", async () => {
      const { batches } = current().store;
      const { id } = (await batches.create(queuedBatch(), sampleSweep())).stored.batch;
      for (const first of [32, 0, 16]) await batches.storePart(id, part(first));
      expect((await batches.listParts(id, 16, 10)).map(({ first }) => first)).toEqual([16, 32]);
      expect((await batches.listParts(id, 0, 1)).map(({ first }) => first)).toEqual([0]);
      const one = await batches.readPartsAfter(id, undefined, 2);
      expect(one.parts.map(({ first }) => first)).toEqual([32, 0]);
      await batches.storePart(id, part(32, { generation: 1 }));
      const two = await batches.readPartsAfter(id, one.mark, 10);
      expect(two.parts.map(({ first, generation }) => [first, generation])).toEqual([
        [16, 0],
        [32, 1],
      ]);
      expect((await batches.readPartsAfter(id, two.mark, 10)).parts).toEqual([]);
      expect(await batches.readPart(id, 48)).toBeUndefined();
    });

    test("lists go by owner, newest first, and those that are not done by their last write", async () => {
      const { batches } = current().store;
      const made = [3, 1, 2].map((age) => queuedBatch({ createdAt: NOON - age, updatedAt: NOON - age }));
      for (const batch of [...made, queuedBatch({ owner: "bob" })]) {
        await batches.create(batch, sampleSweep());
      }
      const [oldest, newest, middle] = made.map(({ id }) => id);
      const page = await batches.list("alice", { limit: 2 });
      expect(page.batches.map(({ batch }) => batch.id)).toEqual([newest, middle]);
      const rest = await batches.list("alice", { limit: 2, cursor: page.nextCursor ?? "" });
      expect(rest.batches.map(({ batch }) => batch.id)).toEqual([oldest]);
      const unfinished = await batches.listUnfinished(NOON - 1, { limit: 10 });
      expect(unfinished.batches.map(({ batch }) => batch.id)).toEqual([oldest, middle]);
    });

    test("cells are counted over all of an owner's batches that have not ended, however many", async () => {
      const { batches } = current().store;
      expect(await batches.countOpenCells("alice")).toBe(0);
      const made = await Promise.all(
        Array.from({ length: 60 }, (_, more) =>
          batches.create(queuedBatch({ cells: 100 + more }), sampleSweep()),
        ),
      );
      await batches.create(queuedBatch({ owner: "bob" }), sampleSweep());
      const [ended, running] = made.map(({ stored }) => stored);
      const change = { version: 2, updatedAt: NOON };
      await batches.update(ended?.batch.id ?? "", ended?.fence ?? "", { ...change, status: "cancelled" });
      await batches.update(running?.batch.id ?? "", running?.fence ?? "", { ...change, status: "running" });
      expect(await batches.countOpenCells("alice")).toBe(60 * 100 + (59 * 60) / 2 - 100);
    });

    test("a batch that ended long ago goes with its sweep and parts; one that runs stays", async () => {
      const { batches } = current().store;
      const { stored } = await batches.create(queuedBatch(), sampleSweep());
      const kept = (await batches.create(queuedBatch(), sampleSweep())).stored.batch.id;
      const { id } = stored.batch;
      await batches.storePart(id, part(0));
      await batches.update(id, stored.fence, {
        version: 2,
        updatedAt: NOON,
        status: "cancelled",
        finishedAt: NOON,
      });
      expect(await batches.deleteFinished(NOON, 10)).toBe(0);
      expect(await batches.deleteFinished(NOON + 1, 10)).toBe(1);
      expect(await batches.read(id)).toBeUndefined();
      expect(await batches.readSweep(id)).toBeUndefined();
      expect(await batches.readPart(id, 0)).toBeUndefined();
      expect(await batches.read(kept)).toBeDefined();
      expect(await current().countParts()).toBe(0);
    });
  });
}
