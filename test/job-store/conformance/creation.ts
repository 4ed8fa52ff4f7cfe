import { describe, expect, test } from "vitest";
import { newId } from "../../../src/shared/ids.ts";
import type { Current } from "../conformance.ts";
import { queuedJob, sampleRequest, success } from "../sample-jobs.ts";

export function describeCreation(current: Current): void {
  describe("creating", () => {
    test("a job and its request read back as they were written", async () => {
      const { store } = current();
      const job = queuedJob({ strategyId: "sma", batchId: "b1" });
      const request = sampleRequest();

      const outcome = await store.create(job, request);

      expect(outcome).toEqual({ created: true, stored: { job, fence: outcome.stored.fence } });
      expect(await store.read(job.id)).toEqual(outcome.stored);
      expect(await store.readRequest(job.id)).toEqual(request);
    });

    test("a job without optional fields reads back without them", async () => {
      const { store } = current();
      const job = queuedJob({ symbol: undefined, labels: {} });
      await store.create(job, sampleRequest());
      expect((await store.read(job.id))?.job).toEqual(job);
    });

    test("an unknown id has no job, no request", async () => {
      const { store } = current();
      expect(await store.read(newId())).toBeUndefined();
      expect(await store.readRequest(newId())).toBeUndefined();
    });

    test("a request with 20,000 bars of its own reads back", async () => {
      const { store } = current();
      const bars = Array.from({ length: 20_000 }, (_, bar) => ({
        timestamp: new Date(Date.UTC(2000, 0, 1 + bar)).toISOString(),
        open: 100 + bar / 7,
        high: 101 + bar / 7,
        low: 99 + bar / 7,
        close: 100.5 + bar / 7,
        volume: bar,
      }));
      const request = { ...sampleRequest(), symbol: undefined, bars };
      const job = queuedJob({ symbol: undefined });
      await store.create(job, request);
      expect(await store.readRequest(job.id)).toEqual(request);
    });

    test("100 calls at once with one id make one job, the first one's", async () => {
      const { store } = current();
      const id = newId();
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          store.create(queuedJob({ id, owner: `owner${n}` }), sampleRequest()),
        ),
      );
      const winner = outcomes.find(({ created }) => created)?.stored.job;
      expect(outcomes.filter(({ created }) => created)).toHaveLength(1);
      expect(outcomes.every(({ stored }) => stored.job.owner === winner?.owner)).toBe(true);
      expect((await store.read(id))?.job).toEqual(winner);
    });

    test("two processes that create the same 50 jobs at once make 50", async () => {
      const { store, openAnother } = current();
      const other = await openAnother();
      const ids = Array.from({ length: 50 }, newId);
      const outcomes = await Promise.all(
        ids.flatMap((id) => [
          store.create(queuedJob({ id, owner: "one" }), sampleRequest("one")),
          other.create(queuedJob({ id, owner: "two" }), sampleRequest("two")),
        ]),
      );
      expect(outcomes.filter(({ created }) => created)).toHaveLength(50);
      for (const id of ids) {
        expect((await store.readRequest(id))?.strategy.code).toBe((await store.read(id))?.job.owner);
      }
      await other.close();
    });

    test("creating a job that has ended answers with its end and changes nothing", async () => {
      const { store } = current();
      const job = queuedJob();
      const { stored } = await store.create(job, sampleRequest());
      await store.finish(job.id, stored.fence, success(job), new Uint8Array([1]));

      const again = await store.create(job, sampleRequest("other"));

      expect(again.created).toBe(false);
      expect(again.stored.job.status).toBe("succeeded");
      // A store may have dropped it, and takes no other.
      expect((await store.readRequest(job.id)) ?? sampleRequest()).toEqual(sampleRequest());
    });

    test("a closed store refuses; its jobs are there when it is opened again", async () => {
      const { store, openAnother } = current();
      const jobs = Array.from({ length: 20 }, () => queuedJob());
      const writes = Promise.all(jobs.map((job) => store.create(job, sampleRequest())));
      await store.close();
      await writes;
      await expect(store.read(newId())).rejects.toMatchObject({ name: "StoreUnavailableError" });
      await expect(store.create(queuedJob(), sampleRequest())).rejects.toMatchObject({
        name: "StoreUnavailableError",
      });

      const reopened = await openAnother();
      for (const job of jobs) expect((await reopened.read(job.id))?.job).toEqual(job);
      await reopened.close();
    });

    test("a store that works passes its check", async () => {
      await expect(current().store.check()).resolves.toBeUndefined();
    });
  });
}
