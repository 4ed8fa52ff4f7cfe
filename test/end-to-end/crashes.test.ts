import { afterEach, beforeEach, expect, test } from "vitest";
import { ApiClient } from "../../src/local/api-client.ts";
import type { Stack } from "../support/start-stack.ts";
import { endsDespiteOutages, reaches } from "./events.ts";
import { describeOnEachStore } from "./stores/each-store.ts";
import type { StackOnStore } from "./stores/store.ts";
import { endlessJob, quickJob, slowJob } from "./strategies.ts";
import type { TerminalWrites } from "./terminal-writes.ts";

describeOnEachStore((store) => {
  let on: StackOnStore;
  let stack: Stack;
  let client: ApiClient;
  let writes: TerminalWrites;
  beforeEach(async () => {
    on = await store.startStack({ slots: 2 });
    ({ stack, writes } = on);
    client = new ApiClient(stack.url);
  });
  afterEach(() => on.stop());

  test("a worker dies in the middle of a job: the job ends once, at most 15 s later", async () => {
    const id = await client.submitJob(slowJob(2));
    await reaches(client, id, "running");
    const start = performance.now();
    await stack.workers[0]?.kill();
    await stack.restartWorker();
    const job = await client.waitForEnd(id);
    expect(performance.now() - start).toBeLessThan(15_000);
    expect(job).toMatchObject({ status: "succeeded", attempts: 1 });
    expect(writes.counts()).toEqual(new Map([[id, 1]]));
    expect(await writes.withoutOneResult()).toEqual([]);
  });

  test("the executor dies in the middle of a call: the job is retried and succeeds", async () => {
    const id = await client.submitJob(slowJob(2));
    await reaches(client, id, "running");
    await stack.executor.kill();
    await stack.restartExecutor();
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({ status: "succeeded", attempts: 1 });
    expect(writes.counts()).toEqual(new Map([[id, 1]]));
  });

  test("Valkey dies and comes back: what runs ends, what waits runs, what is posted meanwhile is taken", async () => {
    const running = await client.submitJob(slowJob(2));
    await reaches(client, running, "running");
    const waiting = await Promise.all([1, 2, 3].map(() => client.submitJob(slowJob(0.1))));
    await stack.valkey.kill();
    const start = performance.now();
    const posted = await client.submitJob(quickJob());
    expect(performance.now() - start).toBeLessThan(2_000);
    await stack.restartValkey();
    for (const id of [running, ...waiting, posted]) {
      expect((await client.waitForEnd(id)).status).toBe("succeeded");
    }
    expect([...writes.counts().values()]).toEqual([1, 1, 1, 1, 1]);
  });

  test("Valkey loses everything: no job is lost", async () => {
    const blocking = await Promise.all([1, 2].map(() => client.submitJob(slowJob(1.5))));
    await Promise.all(blocking.map((id) => reaches(client, id, "running")));
    const waiting = await Promise.all(Array.from({ length: 20 }, () => client.submitJob(quickJob())));
    await stack.wipeValkey();
    const start = performance.now();
    for (const id of [...blocking, ...waiting]) {
      expect((await client.waitForEnd(id)).status).toBe("succeeded");
    }
    // The reconciler's ordinary pass would come after 30 s: a wiped queue is noticed at once.
    expect(performance.now() - start).toBeLessThan(20_000);
    expect([...writes.counts().values()]).toEqual(Array(22).fill(1));
    expect(await writes.withoutOneResult()).toEqual([]);
  });

  test("the API goes and comes back: jobs go on meanwhile, and their events can be resumed", async () => {
    const id = await client.submitJob(slowJob(1));
    const { version } = await reaches(client, id, "running");
    await stack.api.kill();
    await stack.restartApi();
    const job = await endsDespiteOutages(client, id, 20_000);
    expect(job.status).toBe("succeeded");
    const seen: string[] = [];
    for await (const snapshot of client.watchJob(id, version)) seen.push(snapshot.status);
    expect(seen).toEqual(["succeeded"]);
  });

  test("a draining worker lets a short job finish and hands a long one to the next worker, no attempt used", async () => {
    await stack.workers[0]?.stop();
    stack.environment["DRAIN_GRACE_SECONDS"] = "2";
    await stack.restartWorker();
    const short = await client.submitJob(slowJob(1));
    const long = await client.submitJob(endlessJob());
    await Promise.all([short, long].map((id) => reaches(client, id, "running")));
    await stack.workers[0]?.stop();
    expect(await client.readJob(short)).toMatchObject({ status: "succeeded", attempts: 0 });
    expect(await client.readJob(long)).toMatchObject({ status: "queued", attempts: 0 });
    await stack.restartWorker();
    expect(await reaches(client, long, "running")).toMatchObject({ attempts: 0 });
    await client.cancelJob(long);
  });
});
