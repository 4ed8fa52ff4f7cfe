/** deploy/firestore/firestore.rules, over the interface that browsers use. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import type { JobRecord } from "../../src/shared/job-store/job-record.ts";
import type { Seen } from "../../src/shared/job-store/port.ts";
import { openFirestore } from "../job-store/firestore-under-test.ts";
import { part, queuedBatch, sampleSweep, shownAs } from "../job-store/sample-batches.ts";
import { queuedJob, sampleRequest, success } from "../job-store/sample-jobs.ts";
import {
  emulatorIsMissing,
  type FirestoreEmulatorPart,
  startFirestoreEmulator,
} from "../support/start-firestore-emulator.ts";
import { unsignedToken } from "./unsigned-token.ts";

const ALLOWED = 200;
const DENIED = 403;
const ABSENT = 404;
type Reader = "alice" | "bob" | "nobody";
const READERS: Reader[] = ["alice", "bob", "nobody"];

describe.skipIf(emulatorIsMissing())("security rules", () => {
  let emulator: FirestoreEmulatorPart;
  let job: JobRecord;
  /** A job of alice that has no document of its own yet, and one that has. */
  let hidden: JobRecord;
  let waiting: JobRecord;
  /** The path of a batch of alice with one part. */
  let batch: string;

  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
    job = await finishedJobOf("alice");
    await finishedJobOf("bob");
    hidden = await waitingJobOf("alice", "later");
    waiting = await waitingJobOf("alice", "at once");
    batch = `/batches/${await startedBatchOf("alice")}`;
    const { db, close } = openDatabase({ projectId: emulator.projectId, emulatorHost: emulator.host });
    await db.doc("marketdata/AAPL_1_1D").set({ symbol: "AAPL", timeframe: "1D", close: 1 });
    await db.doc("series/AAPL_1D").set({ symbol: "AAPL", timeframe: "1D" });
    await db.doc("series/AAPL_1D/blocks/p_0").set({ bytes: Buffer.from("x") });
    await close();
  });

  afterAll(() => emulator.stop());

  async function finishedJobOf(owner: string): Promise<JobRecord> {
    const store = await openFirestore(emulator.host, emulator.projectId);
    const { stored } = await store.create(queuedJob({ owner }), sampleRequest());
    const result = randomBytes(50_000);
    const { stored: ended } = await store.finish(stored.job.id, stored.fence, success(stored.job), result);
    await store.close();
    return ended?.job ?? expect.fail("the job was not finished");
  }

  async function waitingJobOf(owner: string, seen: Seen): Promise<JobRecord> {
    const store = await openFirestore(emulator.host, emulator.projectId);
    const { stored } = await store.create(queuedJob({ owner }), sampleRequest(), seen);
    await store.close();
    return stored.job;
  }

  async function startedBatchOf(owner: string): Promise<string> {
    const store = await openFirestore(emulator.host, emulator.projectId);
    const record = queuedBatch({ owner });
    const { stored } = await store.batches.create(record, sampleSweep(), shownAs(record));
    await store.batches.storePart(stored.batch.id, part(0));
    await store.close();
    return stored.batch.id;
  }

  async function ask(as: Reader, path: string, method = "GET", body?: object): Promise<number> {
    const { host, projectId } = emulator;
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (as !== "nobody") headers["authorization"] = `Bearer ${unsignedToken(projectId, as)}`;
    const url = `http://${host}/v1/projects/${projectId}/databases/(default)/documents${path}`;
    const signal = AbortSignal.timeout(20_000);
    const answer = await fetch(url, { method, headers, signal, body: body && JSON.stringify(body) });
    await answer.arrayBuffer();
    return answer.status;
  }

  function list(as: Reader, collectionId: string, owner?: string, parent = "", everywhere = false) {
    const where = owner !== undefined && {
      where: { fieldFilter: { field: { fieldPath: "owner" }, op: "EQUAL", value: { stringValue: owner } } },
    };
    const structuredQuery = { from: [{ collectionId, allDescendants: everywhere }], ...where };
    return ask(as, `${parent}:runQuery`, "POST", { structuredQuery });
  }

  const partPath = (): string => `/jobs/${job.id}/parts/${job.attemptId}_0`;

  const EXPECTED: [Reader, number][] = [
    ["alice", ALLOWED],
    ["bob", DENIED],
    ["nobody", DENIED],
  ];

  test.each(EXPECTED)("%s reads a job of alice: %d", async (as, status) => {
    expect(await ask(as, `/jobs/${job.id}`)).toBe(status);
  });

  test.each(EXPECTED)("%s reads a result part of alice: %d", async (as, status) => {
    expect(await ask(as, partPath())).toBe(status);
  });

  test.each(EXPECTED)("%s lists the jobs of alice: %d", async (as, status) => {
    expect(await list(as, "jobs", "alice")).toBe(status);
  });

  test.each(EXPECTED)("%s lists the result parts of alice's job: %d", async (as, status) => {
    expect(await list(as, "parts", "alice", `/jobs/${job.id}`)).toBe(status);
  });

  test.each(EXPECTED)("%s reads and lists a batch of alice and its parts: %d", async (as, status) => {
    expect(await ask(as, batch)).toBe(status);
    expect(await ask(as, `${batch}/parts/0`)).toBe(status);
    expect(await ask(as, `${batch}/live/now`)).toBe(status);
    expect(await list(as, "batches", "alice")).toBe(status);
    expect(await list(as, "parts", "alice", batch)).toBe(status);
  });

  test.each(READERS)("%s lists nothing without the owner's filter", async (as) => {
    expect(await list(as, "jobs")).toBe(DENIED);
    expect(await list(as, "batches")).toBe(DENIED);
    expect(await list(as, "parts", undefined, `/jobs/${job.id}`)).toBe(DENIED);
  });

  test.each(READERS)("%s does not search the parts of all jobs at once", async (as) => {
    expect(await list(as, "parts", "alice", "", true)).toBe(DENIED);
    expect(await list(as, "jobRequestParts", undefined, "", true)).toBe(DENIED);
  });

  test.each(READERS)("%s does not read the code of a job", async (as) => {
    for (const { id } of [hidden, waiting]) {
      expect(await ask(as, `/jobRequests/${id}`)).toBe(DENIED);
      expect(await ask(as, `/jobRequests/${id}/jobRequestParts/1`)).toBe(DENIED);
      expect(await list(as, "jobRequestParts", undefined, `/jobRequests/${id}`)).toBe(DENIED);
    }
    expect(await list(as, "jobRequests")).toBe(DENIED);
    expect(await list(as, "jobRequests", "alice")).toBe(DENIED);
  });

  test.each<[Reader, number]>([
    ["alice", ABSENT],
    ["bob", DENIED],
    ["nobody", DENIED],
  ])("%s may listen for a job of alice that has no document yet: %d", async (as, status) => {
    expect(await ask(as, `/jobs/${hidden.id}`)).toBe(status);
    expect(await list(as, "jobs", "alice")).toBe(as === "alice" ? ALLOWED : DENIED);
  });

  test.each(READERS)("%s does not read the code of a batch, nor its counters", async (as) => {
    for (const beneath of ["sweep", "counters"]) {
      expect(await ask(as, `${batch}/${beneath}/0`)).toBe(DENIED);
      expect(await list(as, beneath, undefined, batch)).toBe(DENIED);
    }
  });

  test.each(READERS)("%s does not search what is shown of batches", async (as) => {
    expect(await list(as, "live", "alice", batch)).toBe(DENIED);
    expect(await list(as, "live", "alice", "", true)).toBe(DENIED);
  });

  test.each(READERS)("%s does not learn whether an id has a job", async (as) => {
    expect(await ask(as, `/jobs/${queuedJob().id}`)).toBe(DENIED);
  });

  test.each<[Reader, number]>([
    ["alice", ALLOWED],
    ["bob", ALLOWED],
    ["nobody", DENIED],
  ])("%s reads and lists market data: %d", async (as, status) => {
    expect(await ask(as, "/marketdata/AAPL_1_1D")).toBe(status);
    expect(await list(as, "marketdata")).toBe(status);
    expect(await ask(as, "/series/AAPL_1D")).toBe(status);
    expect(await list(as, "series")).toBe(status);
    expect(await ask(as, "/series/AAPL_1D/blocks/p_0")).toBe(status);
    expect(await list(as, "blocks", undefined, "/series/AAPL_1D")).toBe(status);
  });

  test.each(READERS)("%s writes nothing anywhere", async (as) => {
    const fields = { owner: { stringValue: as }, status: { stringValue: "succeeded" } };
    const documents = [
      `/jobs/${job.id}`,
      partPath(),
      `/jobs/${hidden.id}`,
      `/jobRequests/${hidden.id}`,
      `/jobRequests/${waiting.id}`,
      `/jobRequests/${waiting.id}/jobRequestParts/1`,
      batch,
      `${batch}/parts/0`,
      `${batch}/sweep/0`,
      `${batch}/live/now`,
      `${batch}/counters/0`,
      "/marketdata/AAPL_1_1D",
      "/series/AAPL_1D",
      "/series/AAPL_1D/blocks/p_0",
    ];
    for (const path of documents) {
      expect(await ask(as, path, "PATCH", { fields })).toBe(DENIED);
      expect(await ask(as, path, "DELETE")).toBe(DENIED);
    }
    for (const parent of ["/jobs", `/jobs/${job.id}/parts`, "/batches", "/marketdata", "/anything"]) {
      expect(await ask(as, `${parent}?documentId=mine`, "POST", { fields })).toBe(DENIED);
    }
  });

  test.each(READERS)("%s reads no collection that the rules do not name", async (as) => {
    expect(await ask(as, "/checks/one")).toBe(DENIED);
    expect(await list(as, "checks", as)).toBe(DENIED);
  });
});
