/** Firestore slow, gone, or holding something else than what was written. */
import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import type { JobStore } from "../../src/shared/job-store/port.ts";
import { newProject, openFirestore } from "../job-store/firestore-under-test.ts";
import { part, queuedBatch, sampleSweep, shownAs } from "../job-store/sample-batches.ts";
import { cancellation, queuedJob, running, sampleRequest, success } from "../job-store/sample-jobs.ts";
import { type FirestoreProxy, startFirestoreProxy } from "../support/firestore-proxy.ts";
import {
  emulatorIsMissing,
  type FirestoreEmulatorPart,
  startFirestoreEmulator,
} from "../support/start-firestore-emulator.ts";

const DEADLINE_MS = 1_500;
const UNAVAILABLE = { name: "StoreUnavailableError" };

describe.skipIf(emulatorIsMissing())("Firestore", () => {
  let emulator: FirestoreEmulatorPart;
  let projectId: string;
  let store: JobStore;

  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
  });

  afterAll(() => emulator.stop());

  beforeEach(async () => {
    projectId = newProject();
    store = await openFirestore(emulator.host, projectId, DEADLINE_MS);
    await untilItWorks();
  });

  afterEach(async () => {
    emulator.signal("SIGCONT");
    await store.close();
  });

  async function untilItWorks(): Promise<void> {
    await vi.waitUntil(
      () =>
        store.check().then(
          () => true,
          () => false,
        ),
      { timeout: 30_000 },
    );
  }

  async function through(proxy: FirestoreProxy) {
    const patient = await openFirestore(proxy.host, projectId);
    return { batches: patient.batches, close: () => patient.close() };
  }

  async function outsider(
    work: (db: ReturnType<typeof openDatabase>["db"]) => Promise<unknown>,
  ): Promise<void> {
    const { db, close } = openDatabase({ projectId, emulatorHost: emulator.host });
    await work(db);
    await close();
  }

  test("that does not answer is given up at the deadline, and is used again as soon as it answers", async () => {
    const { stored } = await store.create(queuedJob(), sampleRequest());
    emulator.signal("SIGSTOP");
    const begun = performance.now();
    const calls = [
      store.check(),
      store.create(queuedJob(), sampleRequest()),
      store.read(stored.job.id),
      store.update(stored.job.id, stored.fence, cancellation(stored.job)),
      store.list("alice", {}, { limit: 1 }),
      store.listUnfinished(Date.now(), { limit: 1 }),
      store.deleteFinished(0, 1),
    ];
    const outcomes = await Promise.allSettled(calls);
    expect(performance.now() - begun).toBeLessThan(DEADLINE_MS + 500);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: UNAVAILABLE });
    }
    emulator.signal("SIGCONT");
    await untilItWorks();
    expect((await store.create(queuedJob(), sampleRequest())).created).toBe(true);
  });

  test("that is gone makes calls fail in time, and a store opened before works with the one that comes back", async () => {
    const port = Number(emulator.host.split(":")[1]);
    await emulator.stop();
    const begun = performance.now();
    await expect(store.create(queuedJob(), sampleRequest())).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.read(queuedJob().id)).rejects.toMatchObject(UNAVAILABLE);
    expect(performance.now() - begun).toBeLessThan(2 * DEADLINE_MS + 500);
    emulator = await startFirestoreEmulator(port);
    await untilItWorks();
    expect((await store.create(queuedJob(), sampleRequest())).created).toBe(true);
  }, 60_000);

  test("that was slow with an end has it once: the next attempt to write it finds it", async () => {
    const { job, fence } = (await store.create(queuedJob(), sampleRequest())).stored;
    const change = success(job);
    emulator.signal("SIGSTOP");
    await expect(store.finish(job.id, fence, change, randomBytes(75_000))).rejects.toMatchObject(UNAVAILABLE);
    emulator.signal("SIGCONT");
    await vi.waitUntil(async () => (await store.read(job.id))?.job.status === "succeeded", {
      timeout: 10_000,
    });
    const again = await store.finish(job.id, fence, change, randomBytes(75_000));
    expect(again).toEqual({ written: true, stored: await store.read(job.id) });
  });

  test("that loses the answers to a batch's writes makes each once, and its writer knows", async () => {
    const proxy = await startFirestoreProxy(emulator.host);
    const { batches, close } = await through(proxy);
    let commits = 0;
    proxy.intercept(({ method }) => {
      if (method !== "Commit") return undefined;
      commits += 1;
      return commits % 2 === 1 ? { lose: true } : undefined;
    });
    const batch = queuedBatch();
    const created = await batches.create(batch, sampleSweep(), shownAs(batch));
    expect(created).toEqual({ created: true, stored: await batches.read(batch.id) });
    const issued = { version: 2, updatedAt: batch.updatedAt, issuedTo: 64 };
    const changed = await batches.update(batch.id, created.stored.fence, issued);
    expect(changed).toEqual({ written: true, stored: await batches.read(batch.id) });
    const again = await batches.update(batch.id, created.stored.fence, { ...issued, version: 3 });
    expect(again).toEqual({ written: false, stored: changed.stored });
    const { counts } = await batches.storePart(batch.id, part(0));
    expect([counts.parts, counts.cells]).toEqual([1, part(0).cells]);
    expect(commits).toBe(6);
    await close();
    proxy.close();
  });

  test("holds 50 changes of one job at once to one, and says so to the others", async () => {
    const { job, fence } = (await store.create(queuedJob(), sampleRequest())).stored;
    const patient = await openFirestore(emulator.host, projectId, 20_000);
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => patient.update(job.id, fence, running(job))),
    );
    await patient.close();
    expect(outcomes.filter(({ written }) => written)).toHaveLength(1);
    expect(new Set(outcomes.map(({ stored }) => stored?.job.attemptId)).size).toBe(1);
  });

  test.each([
    ["jobs", "at once"],
    ["jobRequests", "later"],
  ] as const)(
    "that was restored from an export takes the writes of who knew a job in %s before, once",
    async (collection, seen) => {
      const { job, fence } = (await store.create(queuedJob(), sampleRequest(), seen)).stored;
      await outsider(async (db) => {
        const document = db.doc(`${collection}/${job.id}`);
        const fields = (await document.get()).data() ?? {};
        await document.delete();
        await document.set(fields);
      });
      const first = await store.finish(job.id, fence, success(job), randomBytes(75_000));
      expect(first).toMatchObject({ written: true, stored: { job: { status: "succeeded" } } });
      const second = await store.update(job.id, fence, cancellation(job));
      expect(second).toEqual({ written: false, stored: first.stored });
    },
  );

  test("is not asked to hold a request that is too large, and the message says so", async () => {
    const request = sampleRequest();
    const code = randomBytes(6_000_000).toString("base64");
    const job = queuedJob();
    await expect(store.create(job, { ...request, strategy: { ...request.strategy, code } })).rejects.toThrow(
      /too large for the job store.*Send fewer bars/,
    );
    expect(await store.read(job.id)).toBeUndefined();
  });

  test("a fence of another kind of store changes nothing", async () => {
    const { job } = (await store.create(queuedJob(), sampleRequest())).stored;
    for (const fence of [
      "",
      "1",
      "1.2.{}",
      "job.1.2.1.{",
      "request.1.2.1.{}",
      "job.1.2.0.ended",
      "x.1.2.1.{}",
    ]) {
      const { written, stored } = await store.update(job.id, fence, cancellation(job));
      expect(written).toBe(false);
      expect(stored?.job).toEqual(job);
    }
  });

  test("a stored job that is not one is reported by its id", async () => {
    const { job } = (await store.create(queuedJob(), sampleRequest())).stored;
    const corrupted = { name: "StoreCorruptedError", message: expect.stringContaining(job.id) };
    await outsider((db) => db.doc(`jobs/${job.id}`).update({ status: "sleeping" }));
    await expect(store.read(job.id)).rejects.toMatchObject(corrupted);
    await outsider((db) => db.doc(`jobRequests/${job.id}`).update({ bytes: Buffer.from("not gzip") }));
    await expect(store.readRequest(job.id)).rejects.toMatchObject(corrupted);
  });

  test("that loses every other answer to a job that nobody sees yet has it once, and its end", async () => {
    const proxy = await startFirestoreProxy(emulator.host);
    const patient = await openFirestore(proxy.host, projectId);
    let commits = 0;
    proxy.intercept(({ method }) => {
      if (method !== "Commit") return undefined;
      commits += 1;
      return commits % 2 === 1 ? { lose: true } : undefined;
    });
    const created = await patient.create(queuedJob(), sampleRequest(), "later");
    expect(created).toEqual({ created: true, stored: await store.read(created.stored.job.id) });
    const { job, fence } = created.stored;
    const finished = await patient.finish(job.id, fence, success(job), randomBytes(75_000));
    expect(finished).toEqual({ written: true, stored: await store.read(job.id) });
    expect((await patient.create(job, sampleRequest(), "later")).created).toBe(false);
    await patient.close();
    proxy.close();
  });

  test("a listener of a job sees each state and never its code", async () => {
    const code = "SECRET = 'a strategy of value'\n";
    const { job, fence } = (await store.create(queuedJob(), sampleRequest(code))).stored;
    await outsider(async (db) => {
      const seen: string[] = [];
      let told = (): void => undefined;
      const stop = db.doc(`jobs/${job.id}`).onSnapshot((snapshot) => {
        seen.push(JSON.stringify(snapshot.data()));
        told();
      });
      const states = (): unknown[] => seen.map((text) => JSON.parse(text).status);
      const until = (status: string): Promise<void> =>
        new Promise((resolve) => {
          told = () => {
            if (states().includes(status)) resolve();
          };
          told();
        });
      await until("queued");
      const { stored } = await store.update(job.id, fence, running(job));
      await until("running");
      await store.finish(job.id, stored?.fence ?? "", success(stored?.job ?? job), randomBytes(75_000));
      await until("succeeded");
      stop();
      expect(states()).toEqual(["queued", "running", "succeeded"]);
      expect(seen.join()).not.toContain("SECRET");
      expect(Math.max(...seen.map((text) => text.length))).toBeLessThan(4_000);
    });
  });
});
