/** What Firestore is asked for a job, through the whole service, and when a listener finds the job's document. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { ApiClient } from "../../src/local/api-client.ts";
import { jobSchema } from "../../src/shared/contract/job.ts";
import { type OpenDatabase, openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import { WORTH_SHOWING_MS } from "../../src/shared/job-store/port.ts";
import { emulatorIsMissing } from "../support/start-firestore-emulator.ts";
import { firestoreStore, readerOf, type StackOnFirestore } from "./stores/firestore.ts";
import { quickJob, slowJob } from "./strategies.ts";

const SHORT_JOB_TRIES = 50;
const readCommit = readerOf("Commit");
const commitSchema = z.object({
  writes: z.array(z.object({ update: z.object({ name: z.string() }).nullish() })),
});

describe.skipIf(emulatorIsMissing())("a job on Firestore", () => {
  const store = firestoreStore({ manyJobs: 0, killsEachPart: false });
  let on: StackOnFirestore;
  let client: ApiClient;
  let database: OpenDatabase;

  beforeAll(async () => {
    await store.prepare();
    on = await store.startStack({ slots: 1 });
    client = new ApiClient(on.stack.url);
    const projectId = on.stack.environment["FIRESTORE_PROJECT"];
    database = openDatabase({ projectId, emulatorHost: store.emulator().host });
    await client.waitForEnd(await client.submitJob(quickJob()));
  });
  afterAll(async () => {
    await database.close();
    await on.stop();
    await store.dispose();
  });

  /** What Firestore was asked for one job that ended before it was worth showing; on a busy machine some do not. */
  async function countedShortJob(): Promise<{ id: string; writes: string[][]; reads: string[] }> {
    for (let job = 0; job < SHORT_JOB_TRIES; job += 1) {
      const commits: string[] = [];
      const reads: string[] = [];
      on.proxy.intercept(({ method, request }) => {
        if (method === "Commit") commits.push(JSON.stringify(readCommit(request)));
        else reads.push(request.toString("latin1"));
        return undefined;
      });
      const began = performance.now();
      const answer = await fetch(`${on.stack.url}/v1/jobs`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Prefer: "wait=20" },
        body: JSON.stringify(quickJob(`counted ${job}`)),
      });
      const took = performance.now() - began;
      on.proxy.intercept(() => undefined);
      const { id, status } = jobSchema.parse(await answer.json());
      expect([answer.status, status]).toEqual([200, "succeeded"]);
      const ofJob = (text: string): boolean => text.includes(id);
      const writes = commits.filter(ofJob).map((text) => {
        const { writes: all } = commitSchema.parse(JSON.parse(text));
        return all.flatMap(({ update }) => update?.name.replace(/.*documents\//, "") ?? []);
      });
      if (took < WORTH_SHOWING_MS) return { id, writes, reads: reads.filter(ofJob) };
    }
    return expect.fail(`none of ${SHORT_JOB_TRIES} jobs was short`);
  }

  /** Resolves when a listener of the job finds its document. */
  async function isSeen(id: string): Promise<void> {
    await vi.waitUntil(async () => (await database.db.doc(`jobs/${id}`).get()).exists, { timeout: 10_000 });
  }

  test("that starts at once takes two documents written and none read, from POST to its end", async () => {
    const { id, writes, reads } = await countedShortJob();
    // The usual result of a year of days takes no document of its own.
    expect(writes).toEqual([[`jobRequests/${id}`], [`jobs/${id}`]]);
    expect(reads).toEqual([]);
    expect(await database.db.doc(`jobRequests/${id}`).get()).toMatchObject({ exists: false });
  });

  test("that runs for longer is seen while it runs", async () => {
    const id = await client.submitJob(slowJob(2));
    const seen = new Set<unknown>();
    await vi.waitUntil(
      async () => {
        const document = await database.db.doc(`jobs/${id}`).get();
        if (document.exists) seen.add(document.get("status"));
        return seen.has("succeeded");
      },
      { timeout: 20_000 },
    );
    expect([...seen]).toContain("running");
  });

  test("that waits is seen waiting, and ends once", async () => {
    on.stack.workers[0]?.signal("SIGSTOP");
    const ids = [await client.submitJob(quickJob("waiting")), await client.submitJob(quickJob("next"))];
    for (const id of ids) await isSeen(id);
    on.stack.workers[0]?.signal("SIGCONT");
    for (const id of ids) await client.waitForEnd(id);
    const ended = on.writes.counts();
    expect(ids.map((id) => ended.get(id))).toEqual([1, 1]);
    for (const id of ids) {
      expect(await database.db.doc(`jobRequests/${id}`).get()).toMatchObject({ exists: false });
    }
  });

  test("that is submitted while Redis is away is seen, and runs when it is back", async () => {
    await on.stack.valkey.kill();
    const id = await client.submitJob(quickJob("no redis"));
    await isSeen(id);
    await on.stack.restartValkey();
    await client.waitForEnd(id);
  });
});
