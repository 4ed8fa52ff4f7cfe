/** A job that starts at once has no document of its own until there is something to see. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import type { JobStore, StoredJob } from "../../src/shared/job-store/port.ts";
import { newProject, openFirestore } from "../job-store/firestore-under-test.ts";
import { cancellation, queuedJob, running, sampleRequest, success } from "../job-store/sample-jobs.ts";
import {
  emulatorIsMissing,
  type FirestoreEmulatorPart,
  startFirestoreEmulator,
} from "../support/start-firestore-emulator.ts";

describe.skipIf(emulatorIsMissing())("a job that is to be seen later", () => {
  let emulator: FirestoreEmulatorPart;
  let projectId: string;
  let store: JobStore;

  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
  });

  afterAll(() => emulator.stop());

  beforeEach(async () => {
    projectId = newProject();
    store = await openFirestore(emulator.host, projectId);
    return () => store.close();
  });

  async function submit(code?: string): Promise<StoredJob> {
    return (await store.create(queuedJob(), sampleRequest(code), "later")).stored;
  }

  async function show(stored: StoredJob): Promise<StoredJob | undefined> {
    if (store.show === undefined) expect.fail("Firestore has listeners");
    return await store.show(stored);
  }

  /** The paths of all documents of jobs and requests. */
  async function documents(): Promise<string[]> {
    const { db, close } = openDatabase({ projectId, emulatorHost: emulator.host });
    const groups = ["jobs", "jobRequests", "jobRequestParts"].map((group) => db.collectionGroup(group).get());
    const paths = (await Promise.all(groups)).flatMap(({ docs }) => docs.map(({ ref }) => ref.path));
    await close();
    return paths.sort();
  }

  test("lies beside its request until it is shown, changes or ends; with its end the request is gone", async () => {
    const [shown, changed, ended] = [await submit(), await submit(), await submit()];
    const requests = [shown, changed, ended].map(({ job }) => `jobRequests/${job.id}`);
    expect(await documents()).toEqual(requests.sort());
    await show(shown);
    await store.update(changed.job.id, changed.fence, running(changed.job));
    await store.finish(ended.job.id, ended.fence, success(ended.job), randomBytes(10));
    const seen = [shown, changed, ended].map(({ job }) => `jobs/${job.id}`);
    const left = [shown, changed].map(({ job }) => `jobRequests/${job.id}`);
    expect(await documents()).toEqual([...seen, ...left].sort());
    for (const { job } of [shown, changed]) expect(await store.readRequest(job.id)).toEqual(sampleRequest());
  });

  test("a request in several documents goes whole", async () => {
    const stored = await submit(randomBytes(2_000_000).toString("base64"));
    const { id } = stored.job;
    expect(await documents()).toHaveLength(3);
    await store.update(id, stored.fence, cancellation(stored.job));
    expect(await documents()).toEqual([`jobs/${id}`]);
  });

  test("is shown as it is, once, and whoever knew it before can still change it", async () => {
    const stored = await submit();
    const [one, other] = await Promise.all([show(stored), show(stored)]);
    expect(one).toEqual(other);
    expect(one).toEqual(await store.read(stored.job.id));
    expect(one?.job).toEqual(stored.job);
    const { job, fence } = stored;
    const end = await store.finish(job.id, fence, success(job), randomBytes(10));
    expect(end).toMatchObject({ written: true, stored: { job: { status: "succeeded" } } });
    expect((await show(stored))?.job.status).toBe("succeeded");
    expect(await documents()).toEqual([`jobs/${job.id}`]);
  });

  test("is in every list once, also while others of it are shown", async () => {
    const jobs = await Promise.all(Array.from({ length: 40 }, () => submit()));
    const ids = jobs.map(({ job }) => job.id).sort();
    const showing = (async () => {
      for (const stored of jobs) await show(stored);
    })();
    for (let look = 0; look < 20; look += 1) {
      const listed = await store.list("alice", { status: "queued" }, { limit: 100 });
      expect(listed.jobs.map(({ job }) => job.id).sort()).toEqual(ids);
      const unfinished = await store.listUnfinished(Number.MAX_SAFE_INTEGER, { limit: 100 });
      expect(unfinished.jobs.map(({ job }) => job.id).sort()).toEqual(ids);
    }
    await showing;
  });

  test("is found by its id at every moment, also while it is shown or ends", async () => {
    const jobs = await Promise.all(Array.from({ length: 40 }, () => submit()));
    const reading = Promise.all(
      jobs.flatMap(({ job }) =>
        Array.from({ length: 25 }, async (_, n) => {
          await sleep(n * 2);
          return (await store.read(job.id))?.job.id === job.id;
        }),
      ),
    );
    for (const [n, stored] of jobs.entries()) {
      await (n % 2 === 0
        ? show(stored)
        : store.update(stored.job.id, stored.fence, cancellation(stored.job)));
    }
    expect((await reading).filter((found) => !found)).toEqual([]);
  });

  test("that ended and was cleared is not brought back by a writer from before", async () => {
    const { job, fence } = await submit();
    await store.finish(job.id, fence, success(job), randomBytes(10));
    await store.deleteFinished(Number.MAX_SAFE_INTEGER, 10);
    for (const change of [running(job), cancellation(job)])
      expect(await store.update(job.id, fence, change)).toEqual({ written: false, stored: undefined });
    expect(await show({ job, fence })).toBeUndefined();
    expect(await documents()).toEqual([]);
  });
});
