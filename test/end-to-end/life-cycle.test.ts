import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiClient, RefusedError } from "../../src/local/api-client.ts";
import { type Job, jobSchema } from "../../src/shared/contract/job.ts";
import type { Stack } from "../support/start-stack.ts";
import { reaches } from "./events.ts";
import { describeOnEachStore } from "./stores/each-store.ts";
import type { StackOnStore } from "./stores/store.ts";
import { BROKEN_JOB, endlessJob, quickJob, slowJob } from "./strategies.ts";

describeOnEachStore((store) => {
  let on: StackOnStore;
  let stack: Stack;
  let client: ApiClient;
  beforeAll(async () => {
    on = await store.startStack({ slots: 2 });
    stack = on.stack;
    client = new ApiClient(stack.url);
  });
  afterAll(() => on.stop());

  test("a job succeeds: signals, trades, an equity point a bar, timings", async () => {
    const id = await client.submitJob(quickJob());
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({ status: "succeeded", attempts: 0, symbol: "IBM" });
    const result = await client.readResult(id);
    expect(result.timestamps.length).toBe(job.summary?.bars);
    expect(result.equityCurve.length).toBe(result.timestamps.length);
    expect(result.signals.length).toBe(result.performance.buyCount + result.performance.sellCount);
    expect(result.performance).toEqual(job.summary?.metrics);
    expect(job.timings?.executeMs).toBeGreaterThan(0);
    expect(job.timings?.totalMs).toBeGreaterThanOrEqual(job.timings?.executeMs ?? 0);
  });

  test("a broken strategy fails once with its line and a hint", async () => {
    const job = await client.waitForEnd(await client.submitJob(BROKEN_JOB));
    expect(job).toMatchObject({
      status: "failed",
      attempts: 0,
      failure: {
        class: "user",
        type: "KeyError",
        line: 2,
        sourceLine: expect.stringContaining('data["Close"]'),
      },
    });
    expect(job.failure?.hint).toContain("close");
    await expect(client.readResult(job.id)).rejects.toMatchObject({ status: 409, code: "no_result" });
  });

  test("an endless strategy fails at its limit, which the failure names", async () => {
    const job = await client.waitForEnd(await client.submitJob(endlessJob(1)));
    expect(job).toMatchObject({
      status: "failed",
      attempts: 0,
      failure: { class: "limit", limit: { value: 1 } },
    });
  });

  test("a job that runs is cancelled at once, and its slot is free again", async () => {
    const id = await client.submitJob(endlessJob());
    await reaches(client, id, "running");
    const start = performance.now();
    await client.cancelJob(id);
    expect((await client.waitForEnd(id)).status).toBe("cancelled");
    const next = await Promise.all([1, 2].map(() => client.submitJob(quickJob())));
    for (const quick of next) expect((await client.waitForEnd(quick)).status).toBe("succeeded");
    expect(performance.now() - start).toBeLessThan(5_000);
    await expect(client.cancelJob(id)).rejects.toMatchObject({ status: 409, code: "job_finished" });
    expect((await client.readJob(id)).status).toBe("cancelled");
  });

  test("a job that waits is cancelled and never runs", async () => {
    // Full slots are not enough: the worker holds two jobs more for them, and tells that those run.
    stack.workers[0]?.signal("SIGSTOP");
    const id = await client.submitJob(quickJob());
    await client.cancelJob(id);
    const job = await client.readJob(id);
    expect(job.status).toBe("cancelled");
    stack.workers[0]?.signal("SIGCONT");
    const after = await client.submitJob(quickJob());
    await client.waitForEnd(after);
    expect(await client.readJob(id)).toEqual(job);
    expect(job.startedAt).toBeUndefined();
  });

  test("cancel meets completion: whoever comes first wins, and nothing changes afterwards", async () => {
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, index) => cancelDuringLife(index)));
    for (const { cancelAccepted, job, later } of outcomes) {
      expect(job.status).toBe(cancelAccepted ? "cancelled" : "succeeded");
      expect(later).toEqual(job);
    }
  });

  /** Cancels a quick job after a pause that grows with the index, so that some cancels come too late. */
  async function cancelDuringLife(index: number): Promise<{ cancelAccepted: boolean; job: Job; later: Job }> {
    const id = await client.submitJob(quickJob());
    await new Promise((resolve) => setTimeout(resolve, index * 10));
    const cancelAccepted = await client.cancelJob(id).then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(RefusedError);
        return false;
      },
    );
    const job = await client.waitForEnd(id);
    await client.waitForEnd(await client.submitJob(quickJob()));
    return { cancelAccepted, job, later: await client.readJob(id) };
  }

  test("the stream of events resumes after a lost connection without repeating or missing a state", async () => {
    const id = await client.submitJob(slowJob(1));
    const lost = new AbortController();
    const versions: number[] = [];
    const statuses: string[] = [];
    for await (const job of client.watchJob(id, undefined, lost.signal)) {
      versions.push(job.version);
      statuses.push(job.status);
      if (job.status === "running") break;
    }
    lost.abort();
    for await (const job of client.watchJob(id, versions.at(-1))) {
      versions.push(job.version);
      statuses.push(job.status);
    }
    expect(versions).toEqual(versions.toSorted((one, other) => one - other));
    expect(new Set(versions).size).toBe(versions.length);
    expect(statuses.filter((status) => status === "succeeded")).toHaveLength(1);
    expect(statuses.at(-1)).toBe("succeeded");
  });

  test("a long poll answers when the job changes, and 304 when it does not", async () => {
    const id = await client.submitJob(slowJob(1));
    await reaches(client, id, "running");
    const address = `${stack.url}/v1/jobs/${id}`;
    const first = await fetch(address);
    const etag = first.headers.get("etag") ?? "";
    expect((await fetch(address, { headers: { "If-None-Match": etag } })).status).toBe(304);
    const start = performance.now();
    let job = jobSchema.parse(await first.json());
    let seen = etag;
    while (job.status === "running" && performance.now() - start < 10_000) {
      const changed = await fetch(`${address}?wait=10`, { headers: { "If-None-Match": seen } });
      expect(changed.status).toBe(200);
      seen = changed.headers.get("etag") ?? "";
      job = jobSchema.parse(await changed.json());
    }
    expect(job.status).toBe("succeeded");
  });

  test("Prefer: wait answers 200 with the finished job, or 202 when it takes longer", async () => {
    const post = (job: object, prefer: string): Promise<Response> =>
      fetch(`${stack.url}/v1/jobs`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Prefer: prefer },
        body: JSON.stringify(job),
      });
    const quick = await post(quickJob(), "wait=10");
    expect([quick.status, jobSchema.parse(await quick.json()).status]).toEqual([200, "succeeded"]);
    const slow = await post(slowJob(3), "wait=1");
    expect(slow.status).toBe(202);
    await client.waitForEnd(slow.headers.get("location")?.split("/").at(-1) ?? "");
  });

  test("100 identical POSTs with one Idempotency-Key at once make one job", async () => {
    const request = quickJob("idempotent");
    const ids = await Promise.all(
      Array.from({ length: 100 }, () => client.submitJob(request, { "Idempotency-Key": "the-same-for-all" })),
    );
    expect(new Set(ids).size).toBe(1);
    const listed = await fetch(`${stack.url}/v1/jobs?limit=100`);
    const { items } = (await listed.json()) as { items: Job[] };
    expect(items.filter((job) => job.labels["test"] === "idempotent")).toHaveLength(1);
    await expect(
      client.submitJob(quickJob("another"), { "Idempotency-Key": "the-same-for-all" }),
    ).rejects.toMatchObject({ status: 422, code: "idempotency_mismatch" });
    expect((await client.waitForEnd(ids[0] ?? "")).status).toBe("succeeded");
  });
});
