/** Firestore slow, away, refusing or losing answers under a whole stack that keeps jobs and bars in it. */
import { status } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ApiClient, RefusedError } from "../../src/local/api-client.ts";
import type { Job } from "../../src/shared/contract/job.ts";
import { type OpenDatabase, openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import { createCsvMarketData } from "../../src/shared/market-data/csv-market-data.ts";
import { SeriesDocuments } from "../../src/shared/market-data/firestore/series-documents.ts";
import { batchBecomes, crossoverGrid, hasEnded, submitBatch } from "../support/batches.ts";
import type { Fault, FirestoreCall } from "../support/firestore-proxy.ts";
import { emulatorIsMissing } from "../support/start-firestore-emulator.ts";
import { endsDespiteOutages, reaches } from "./events.ts";
import { firestoreStore, type StackOnFirestore } from "./stores/firestore.ts";
import { quickJob, slowJob } from "./strategies.ts";

const JOBS = 20;
const OUTAGE_MS = 30_000;
const ENDS_WITHIN_MS = 60_000;
const DEADLINE_MS = 1_000;

describe.skipIf(emulatorIsMissing())("a stack with jobs and bars in Firestore", () => {
  const store = firestoreStore({ manyJobs: JOBS, killsEachPart: false });
  let on: StackOnFirestore;
  let client: ApiClient;
  /** Past the proxy. */
  let database: OpenDatabase;

  beforeAll(async () => {
    await store.prepare();
    on = await store.startStack({
      slots: 2,
      environment: { MARKET_DATA: "firestore", STORE_DEADLINE_MS: String(DEADLINE_MS) },
    });
    client = new ApiClient(on.stack.url);
    const projectId = on.stack.environment["FIRESTORE_PROJECT"];
    database = openDatabase({ projectId, emulatorHost: store.emulator().host });
    const ibm = await createCsvMarketData("examples/market-data").loadSeries("IBM", "1D");
    await new SeriesDocuments(database.db).write("IBM", "1D", ibm);
    await client.waitForEnd(await client.submitJob(quickJob()));
  });
  afterEach(() => {
    store.emulator().signal("SIGCONT");
    on.proxy.intercept(() => undefined);
  });
  afterAll(async () => {
    await database.close();
    await on.stop();
    await store.dispose();
  });

  /** The ids of those that were accepted; the others were refused with 503 and told when to come again. */
  async function submitMany(count: number): Promise<string[]> {
    const ids: string[] = [];
    await Promise.all(
      Array.from({ length: count }, async () => {
        try {
          ids.push(await client.submitJob(quickJob()));
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          expect(error.status).toBe(503);
        }
      }),
    );
    return ids;
  }

  /** Each of its cells ends once, as if nothing had been. */
  async function batchSucceeds(id: string): Promise<void> {
    const batch = await batchBecomes(on.stack.url, id, hasEnded);
    const { total, pending } = batch.counts;
    expect([batch.status, batch.counts.succeeded, batch.retries, pending]).toEqual([
      "succeeded",
      total,
      0,
      0,
    ]);
    const parts = await database.db.collection(`batches/${id}/parts`).get();
    const answered = parts.docs.flatMap((part) => {
      const first = Number(part.get("first"));
      return Array.from({ length: Number(part.get("cells")) }, (_, row) => first + row);
    });
    expect(answered.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, cell) => cell));
    const shown = await database.db.doc(`batches/${id}/live/now`).get();
    expect(shown.get("batch.counts")).toEqual(batch.counts);
  }

  function startSweep(fast: number, slow: number): Promise<string> {
    return submitBatch(on.stack.url, crossoverGrid(fast, slow, { symbols: ["IBM"] }));
  }

  /** Each ends once, as if nothing had been. */
  async function allSucceed(ids: readonly string[]): Promise<void> {
    const jobs: Job[] = [];
    for (const id of ids) jobs.push(await endsDespiteOutages(client, id, ENDS_WITHIN_MS));
    expect(jobs.filter((job) => job.status !== "succeeded" || job.attempts !== 0)).toEqual([]);
    const counts = on.writes.counts();
    expect(ids.filter((id) => counts.get(id) !== 1)).toEqual([]);
    expect(await on.writes.withoutOneResult()).toEqual([]);
  }

  /** Faults for every `nth` call, and none once `count` of them were made. */
  function faultsFor(
    nth: number,
    count: number,
    fault: Fault,
    hits: (call: FirestoreCall) => boolean = () => true,
  ): () => number {
    let seen = 0;
    let made = 0;
    on.proxy.intercept((call) => {
      if (!hits(call) || made >= count) return undefined;
      seen += 1;
      if (seen % nth !== 0) return undefined;
      made += 1;
      return fault;
    });
    return () => made;
  }

  test("symbols are those of the database, and a job runs on its bars", async () => {
    expect((await client.listSymbols()).map(({ symbol }) => symbol)).toEqual(["IBM"]);
    const job = await client.waitForEnd(await client.submitJob(quickJob()));
    expect(job.summary?.lastBar).toBe("2013-03-01T00:00:00Z");
  });

  test("it answers nothing for 30 s: POST gets 503 and Retry-After, jobs and a batch wait and use no attempt", async () => {
    const running = await Promise.all([1, 2].map(() => client.submitJob(slowJob(1.5))));
    await Promise.all(running.map((id) => reaches(client, id, "running")));
    const waiting = await submitMany(JOBS);
    const sweep = await startSweep(40, 20);
    await batchBecomes(on.stack.url, sweep, ({ counts }) => counts.succeeded > 0);
    const began = Date.now();
    store.emulator().signal("SIGSTOP");
    const answer = await fetch(`${on.stack.url}/v1/jobs`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(quickJob()),
    });
    expect([answer.status, Number(answer.headers.get("retry-after")) > 0]).toEqual([503, true]);
    expect((await answer.json()) as object).toMatchObject({ code: "unavailable" });
    expect((await fetch(`${on.stack.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${on.stack.url}/readyz`)).status).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, began + OUTAGE_MS - Date.now()));
    store.emulator().signal("SIGCONT");
    await allSucceed([...running, ...waiting]);
    await batchSucceeds(sweep);
  });

  test.each([
    ["UNAVAILABLE", status.UNAVAILABLE],
    ["RESOURCE_EXHAUSTED", status.RESOURCE_EXHAUSTED],
    ["ABORTED", status.ABORTED],
    ["DEADLINE_EXCEEDED", status.DEADLINE_EXCEEDED],
  ])("it answers every second call with %s: what was accepted ends once, a batch too", async (_, code) => {
    const sweep = await startSweep(20, 10);
    const made = faultsFor(2, JOBS, { refuse: code });
    const ids = await submitMany(JOBS);
    await allSucceed(ids);
    await batchSucceeds(sweep);
    expect(made()).toBeGreaterThan(JOBS / 4);
  });

  test("it makes every third commit and loses the answer: no job or cell is doubled, none is lost", async () => {
    const made = faultsFor(3, JOBS, { lose: true }, ({ method }) => method === "Commit");
    const sweep = await startSweep(20, 10);
    const ids = await submitMany(JOBS);
    await allSucceed(ids);
    await batchSucceeds(sweep);
    expect(new Set(ids).size).toBe(ids.length);
    expect(made()).toBeGreaterThan(5);
  });

  test("it is slow: everything takes longer and nothing fails", async () => {
    faultsFor(1, Number.POSITIVE_INFINITY, { delayMs: DEADLINE_MS / 4 });
    const sweep = await startSweep(20, 10);
    const ids = await submitMany(JOBS / 2);
    expect(ids).toHaveLength(JOBS / 2);
    await allSucceed(ids);
    await batchSucceeds(sweep);
  });

  // The client library waits out a used-up quota until our deadline: each refusal is some six seconds.
  test("its quota for bars is used up for a while: jobs wait for them and use no attempt", async () => {
    const ofBars = ({ method, request }: FirestoreCall): boolean =>
      method !== "Commit" && (request.includes("/series/") || request.includes("marketdata"));
    const made = faultsFor(1, 1, { refuse: status.RESOURCE_EXHAUSTED }, ofBars);
    await on.stack.workers[0]?.kill();
    await on.stack.restartWorker();
    const sweep = await startSweep(5, 4);
    await allSucceed(await submitMany(4));
    await batchSucceeds(sweep);
    expect(made()).toBe(1);
  });

  test("a job as large as the API takes, with a result of several parts, ends like any other", async () => {
    const bars = Array.from({ length: 20_000 }, (_, index) => {
      const [open, close] = [100 + Math.random(), 100 + Math.random()];
      const timestamp = new Date(index * 60_000).toISOString();
      return { timestamp, open, high: 101 + Math.random(), low: 99 + Math.random(), close, volume: index };
    });
    const code =
      'def strategy(data):\n    for n in range(6):\n        plot(data["close"] * n, f"line {n}")\n    return data["close"] > data["open"]\n';
    const id = await client.submitJob({
      strategy: { code },
      bars,
      timeframe: "1m",
      options: { lookAheadCheck: false },
    });
    await allSucceed([id]);
    expect((await client.readResult(id)).timestamps).toHaveLength(20_000);
  });
});
