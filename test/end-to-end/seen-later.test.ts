/** What Firestore is asked for a job, through the whole service, and when a listener finds the job's document. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ApiClient } from "../../src/local/api-client.ts";
import { type OpenDatabase, openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import { emulatorIsMissing } from "../support/start-firestore-emulator.ts";
import { firestoreStore, readerOf, type StackOnFirestore } from "./stores/firestore.ts";
import { quickJob, slowJob } from "./strategies.ts";

describe.skipIf(emulatorIsMissing())("a job on Firestore", () => {
  const store = firestoreStore({ manyJobs: 0, killsEachPart: false });
  let on: StackOnFirestore;
  let client: ApiClient;
  let database: OpenDatabase;

  beforeAll(() => store.prepare());
  afterAll(() => store.dispose());
  beforeEach(async () => {
    on = await store.startStack({ slots: 1 });
    client = new ApiClient(on.stack.url);
    const projectId = on.stack.environment["FIRESTORE_PROJECT"];
    database = openDatabase({ projectId, emulatorHost: store.emulator().host });
    await client.waitForEnd(await client.submitJob(quickJob()));
  });
  afterEach(async () => {
    await database.close();
    await on.stop();
  });

  /** Resolves when a listener of the job finds its document. */
  async function isSeen(id: string): Promise<void> {
    await vi.waitUntil(async () => (await database.db.doc(`jobs/${id}`).get()).exists, { timeout: 10_000 });
  }

  test("that starts at once takes two documents written and none read, from POST to its end", async () => {
    const readCommit = readerOf("Commit");
    const commits: string[] = [];
    const reads: string[] = [];
    on.proxy.intercept(({ method, request }) => {
      if (method === "Commit") commits.push(JSON.stringify(readCommit(request)));
      else reads.push(request.toString("latin1"));
      return undefined;
    });
    const answer = await fetch(`${on.stack.url}/v1/jobs`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Prefer: "wait=20" },
      body: JSON.stringify(quickJob("counted")),
    });
    const job = (await answer.json()) as { id: string; status: string };
    expect([answer.status, job.status]).toEqual([200, "succeeded"]);
    const ofJob = (text: string): boolean => text.includes(job.id);
    const writes = commits
      .filter(ofJob)
      .map((text) => (JSON.parse(text) as { writes: { update?: { name: string } | null }[] }).writes);
    const written = writes.flat().flatMap(({ update }) => update?.name.replace(/.*documents\//, "") ?? []);
    // The usual result of a year of days takes no document of its own.
    expect(written).toEqual([`requests/${job.id}`, `jobs/${job.id}`]);
    expect(writes).toHaveLength(2);
    expect(reads.filter(ofJob)).toEqual([]);
    expect(await database.db.collection("requests").get()).toMatchObject({ size: 0 });
  });

  test("that runs for longer is seen while it runs", async () => {
    const id = await client.submitJob(slowJob(2));
    const seen = new Set<string>();
    const stop = database.db.doc(`jobs/${id}`).onSnapshot((document) => {
      seen.add(document.exists ? String(document.get("status")) : "absent");
    });
    await client.waitForEnd(id);
    while (!seen.has("succeeded")) await sleep(20);
    stop();
    expect([...seen].filter((status) => status !== "absent")).toEqual(["running", "succeeded"]);
  });

  test("that waits is seen waiting, and those that come then at once; each ends once", async () => {
    on.stack.workers[0]?.signal("SIGSTOP");
    const waiting = await client.submitJob(quickJob("waiting"));
    await isSeen(waiting);
    const next = await client.submitJob(quickJob("next"));
    expect((await database.db.doc(`jobs/${next}`).get()).get("status")).toBe("queued");
    on.stack.workers[0]?.signal("SIGCONT");
    for (const id of [waiting, next]) await client.waitForEnd(id);
    const ended = on.writes.counts();
    expect([waiting, next].map((id) => ended.get(id))).toEqual([1, 1]);
    expect(await database.db.collection("requests").get()).toMatchObject({ size: 0 });
  });

  test("that is submitted while Redis is away is seen, and runs when it is back", async () => {
    await on.stack.valkey.kill();
    const id = await client.submitJob(quickJob("no redis"));
    await isSeen(id);
    await on.stack.restartValkey();
    await client.waitForEnd(id);
  });
});
