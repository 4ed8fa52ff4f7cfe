/** A batch with its job store in Firestore. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Batch, batchSchema } from "../../src/shared/contract/batch.ts";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import { batchBecomes, crossoverGrid, hasEnded, submitBatch } from "../support/batches.ts";
import { emulatorIsMissing } from "../support/start-firestore-emulator.ts";
import { firestoreStore, type StackOnFirestore } from "./stores/firestore.ts";

const CELLS = 60 * 20;

describe.skipIf(emulatorIsMissing())("on Firestore", () => {
  const store = firestoreStore({ manyJobs: 0, killsEachPart: false });
  let started: StackOnFirestore;
  beforeAll(async () => {
    await store.prepare();
    started = await store.startStack({ slots: 2 });
  });
  afterAll(async () => {
    await started.stop();
    await store.dispose();
  });

  test("the worker dies in the middle of a batch: no cell is lost, none counted twice; a listener sees it go on", async () => {
    const { stack } = started;
    const { url } = stack;
    const projectId = stack.environment["FIRESTORE_PROJECT"];
    const { db, close } = openDatabase({ projectId, emulatorHost: store.emulator().host });
    const id = await submitBatch(url, crossoverGrid(60, 20));
    const seen: { status: unknown; cells: number }[] = [];
    const stop = db.doc(`batches/${id}`).onSnapshot((document) => {
      seen.push({ status: document.get("status"), cells: Number(document.get("progress.cells") ?? 0) });
    });
    const shown: Batch[] = [];
    const stopShown = db.doc(`batches/${id}/live/now`).onSnapshot((document) => {
      shown.push(batchSchema.parse(document.get("batch")));
    });
    const { counts } = await batchBecomes(url, id, (batch) => batch.counts.succeeded >= 30);
    expect(counts.pending).toBeGreaterThan(0);
    await stack.workers[0]?.kill();
    await stack.restartWorker();
    const batch = await batchBecomes(url, id, hasEnded);
    expect(batch).toMatchObject({
      status: "succeeded",
      counts: { total: CELLS, succeeded: CELLS, pending: 0 },
    });
    const parts = await db.collection(`batches/${id}/parts`).get();
    const cells = parts.docs.reduce((sum, part) => sum + Number(part.get("cells")), 0);
    expect(cells).toBe(CELLS);
    while (seen.at(-1)?.status !== "succeeded") await new Promise((resolve) => setTimeout(resolve, 10));
    while (shown.at(-1)?.status !== "succeeded") await new Promise((resolve) => setTimeout(resolve, 10));
    stop();
    stopShown();
    await close();
    expect(shown.at(-1)).toEqual(batch);
    const leaders = shown.map(({ leaderboard }) => leaderboard.length);
    expect(leaders.slice(0, -1)).toContain(10);
    const seconds = (Date.parse(batch.finishedAt ?? "") - Date.parse(batch.createdAt)) / 1_000;
    expect(shown.length).toBeLessThanOrEqual(3 + seconds);
    const progress = seen.map((snapshot) => snapshot.cells);
    expect(progress.length).toBeGreaterThan(2);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toEqual({ status: "succeeded", cells: CELLS });
  });
});
