/** What one job costs in Firestore. docs/firestore.md states these numbers. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JobStore, Seen, StoredJob, WriteOutcome } from "../../src/shared/job-store/port.ts";
import { newProject, openFirestore } from "../job-store/firestore-under-test.ts";
import { part, queuedBatch, sampleSweep, shownAs } from "../job-store/sample-batches.ts";
import { cancellation, queuedJob, running, sampleRequest, success } from "../job-store/sample-jobs.ts";
import {
  emulatorIsMissing,
  type FirestoreEmulatorPart,
  startFirestoreEmulator,
} from "../support/start-firestore-emulator.ts";
import { type Calls, countCalls } from "./count-calls.ts";

const NONE: Calls = { commits: 0, writes: 0, deletes: 0, reads: 0, queries: 0 };

describe.skipIf(emulatorIsMissing())("one job", () => {
  let emulator: FirestoreEmulatorPart;
  let store: JobStore;

  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
    store = await openFirestore(emulator.host, newProject());
  });

  afterAll(async () => {
    await store.close();
    await emulator.stop();
  });

  async function submit(seen: Seen = "later"): Promise<StoredJob> {
    return (await store.create(queuedJob(), sampleRequest(), seen)).stored;
  }

  async function wholeOf({ job }: StoredJob): Promise<StoredJob> {
    return (await store.read(job.id)) ?? expect.fail("the job is gone");
  }

  async function succeed({ job, fence }: StoredJob, bytes: number): Promise<StoredJob> {
    return ended(await store.finish(job.id, fence, success(job), randomBytes(bytes)));
  }

  test.each([
    ["a small result", 12_000, { commits: 2, writes: 2 }],
    ["the usual result of ten years of days", 75_000, { commits: 2, writes: 2 + 1 }],
    ["a result of four parts", 3_600_000, { commits: 2, writes: 2 + 4 }],
    ["a result of six parts", 5_000_000, { commits: 3, writes: 2 + 6 }],
  ])("from its submission to a short success with %s", async (_, bytes, expected) => {
    const calls = await countCalls(async () => {
      await succeed(await submit(), bytes);
    });
    // Deleted: a document of its own that it must not have yet, and its request.
    expect(calls).toEqual({ ...NONE, ...expected, deletes: 1 + 1 });
  });

  test("that waits in a line is shown at once, which costs one write more and one delete less", async () => {
    const calls = await countCalls(async () => {
      await succeed(await submit("at once"), 75_000);
    });
    expect(calls).toEqual({ ...NONE, commits: 2, writes: 3 + 1, deletes: 1 });
  });

  test("that waits against expectation costs a commit of two writes more, and its end another read", async () => {
    const submitted = await submit();
    const shown = await countCalls(() => store.show?.(submitted) ?? expect.fail("nothing is shown"));
    expect(shown).toEqual({ ...NONE, commits: 1, writes: 2 });
    const again = await countCalls(async () => store.show?.(await wholeOf(submitted)));
    expect(again).toEqual({ ...NONE, reads: 1 });
    const end = await countCalls(() => succeed(submitted, 75_000));
    // The commit that met the shown job, and the one that knew it.
    expect(end).toEqual({ ...NONE, commits: 1 + 1, writes: 2 + 2, deletes: 1 + 1, reads: 1 });
  });

  test("that runs for longer than 250 ms costs two writes more, one if it waited before", async () => {
    for (const [seen, writes] of [
      ["later", 1 + 2 + 2],
      ["at once", 2 + 1 + 2],
    ] as const) {
      const calls = await countCalls(async () => {
        const { job, fence } = await submit(seen);
        await succeed(ended(await store.update(job.id, fence, running(job))), 75_000);
      });
      expect(calls).toMatchObject({ commits: 3, writes, reads: 0 });
    }
  });

  test("that is cancelled costs a write, and the result that comes too late a read", async () => {
    const { job, fence } = await submit();
    const cancel = await countCalls(() => store.update(job.id, fence, cancellation(job)));
    expect(cancel).toEqual({ ...NONE, commits: 1, writes: 1, deletes: 1 });
    const late = await countCalls(() => store.finish(job.id, fence, success(job), randomBytes(75_000)));
    expect(late).toEqual({ ...NONE, commits: 1, writes: 2, deletes: 1, reads: 1 });
  });

  test("looked for by its work costs a query: of one document, or billed as one where there is none", async () => {
    const { job, fence } = await submit();
    await store.finish(job.id, fence, { ...success(job), work: "this work" }, randomBytes(12_000));
    for (const work of ["this work", "other work"])
      expect(await countCalls(() => store.findByWork(work))).toEqual({ ...NONE, queries: 1 });
    expect(await countCalls(() => store.hasWork())).toEqual({ ...NONE, queries: 1 });
  });

  test("submitted a second time under its id costs a read, two while nobody sees it", async () => {
    const submitted = await submit();
    const again = () => countCalls(() => store.create(submitted.job, sampleRequest(), "later"));
    expect(await again()).toEqual({ ...NONE, commits: 1, writes: 1, deletes: 1, reads: 2 });
    await succeed(submitted, 12_000);
    expect(await again()).toEqual({ ...NONE, commits: 1, writes: 1, deletes: 1, reads: 1 });
  });

  test("read while nobody sees it costs two reads, its request one, a page of a list a query for each place", async () => {
    const { job } = await submit();
    expect(await countCalls(() => store.read(job.id))).toEqual({ ...NONE, reads: 2 });
    expect(await countCalls(() => store.readRequest(job.id))).toEqual({ ...NONE, reads: 1 });
    expect(await countCalls(() => store.list("alice", {}, { limit: 5 }))).toEqual({ ...NONE, queries: 2 });
  });

  test.each([
    ["inline", 12_000, 1],
    ["one part", 75_000, 1],
    ["six parts", 5_000_000, 6],
  ])("read back costs a read, and its result of %s one for each part", async (_, bytes, reads) => {
    const { job } = await succeed(await submit(), bytes);
    expect(await countCalls(() => store.read(job.id))).toEqual({ ...NONE, reads: 1 });
    expect(await countCalls(() => store.readResult(job))).toEqual({ ...NONE, reads });
  });

  test("cleared after retention costs a delete for itself and each part", async () => {
    await store.deleteFinished(Number.MAX_SAFE_INTEGER, 1_000);
    await succeed(await submit(), 5_000_000);
    await succeed(await submit(), 12_000);
    const calls = await countCalls(() => store.deleteFinished(Number.MAX_SAFE_INTEGER, 1_000));
    expect(calls).toEqual({ ...NONE, commits: 1, deletes: 7 + 1, queries: 1 });
  });

  test("a batch costs three writes, each chunk of it two writes and six reads, issuing chunks a write, showing it a write and a read, its end two writes", async () => {
    const { batches } = store;
    const batch = queuedBatch();
    const created = await countCalls(() => batches.create(batch, sampleSweep(), shownAs(batch)));
    expect(created).toEqual({ ...NONE, commits: 1, writes: 3 });
    const chunk = await countCalls(async () => {
      await batches.storePart(batch.id, part(0));
      // What every chunk's end looks at.
      await batches.read(batch.id);
    });
    expect(chunk).toEqual({ ...NONE, commits: 1, writes: 2, reads: 1 + 4 + 1 });
    const fence = (await batches.read(batch.id))?.fence ?? "";
    const change = { version: 2, updatedAt: batch.updatedAt, issuedTo: 64 };
    const issued = await countCalls(() => batches.update(batch.id, fence, change));
    expect(issued).toEqual({ ...NONE, commits: 1, writes: 1, reads: 1 });
    const running = shownAs(batch, { version: 3, status: "running" });
    const shown = await countCalls(
      () => batches.show?.(batch.id, running) ?? expect.fail("nothing is shown"),
    );
    expect(shown).toEqual({ ...NONE, commits: 1, writes: 1, reads: 1 });
    const last = (await batches.read(batch.id))?.fence ?? "";
    const end = { version: 4, updatedAt: batch.updatedAt, status: "succeeded" as const };
    const ended = await countCalls(() => batches.update(batch.id, last, end, { ...running, ...end }));
    expect(ended).toEqual({ ...NONE, commits: 1, writes: 2, reads: 1 });
  });

  test("cells of an owner's open batches are summed by one query, however many they are", async () => {
    for (let count = 0; count < 3; count += 1) await store.batches.create(queuedBatch(), sampleSweep());
    const calls = await countCalls(() => store.batches.countOpenCells("alice"));
    expect(calls).toEqual({ ...NONE, queries: 1 });
  });

  test("a check that the store works deletes a document that is not there", async () => {
    expect(await countCalls(() => store.check())).toEqual({ ...NONE, commits: 1, deletes: 1 });
  });
});

function ended(outcome: WriteOutcome): StoredJob {
  return outcome.written ? outcome.stored : expect.fail("the job was not changed");
}
