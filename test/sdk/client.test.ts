/** The SDK in Node, against a real API; the test plays the worker. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient, type Job } from "../../src/sdk/index.ts";
import { type Room, SMALL_JOB, startRoom } from "../api/support/room.ts";
import { layCable } from "../support/cable.ts";

let room: Room;
let client: Client;
beforeAll(async () => {
  room = await startRoom();
  client = createClient({ url: `${room.url}/` });
});
afterAll(() => room.stop());

const states = (jobs: readonly Job[]): string[] => jobs.map(({ version, status }) => `${version} ${status}`);

/** Plays the worker, each step once the watcher has seen the one before. */
async function watchedLife(
  watch: AsyncIterable<Job>,
  id: string,
  afterFirst = async () => undefined,
): Promise<Job[]> {
  const seen: Job[] = [];
  for await (const job of watch) {
    seen.push(job);
    if (job.status === "queued") {
      await afterFirst();
      await room.worker.storeRunning(id);
    }
    if (job.status === "running") await room.worker.succeed(id);
  }
  return seen;
}

test("events and polling give the same states of a job, the terminal one last", async () => {
  const { id } = await client.submitJob(SMALL_JOB);
  const byEvents = await watchedLife(client.watchJob(id, { via: "events" }), id);
  expect(states(byEvents)).toEqual(["1 queued", "2 running", "4 succeeded"]);
  const { id: other } = await client.submitJob(SMALL_JOB);
  const byPolling = await watchedLife(client.watchJob(other, { via: "polling" }), other);
  expect(states(byPolling)).toEqual(states(byEvents));
  expect(byPolling.at(-1)).toEqual(await client.getJob(other));
  expect(await client.getResult(id)).toMatchObject({ jobId: id, equityCurve: expect.any(Array) });
});

test.each(["events", "polling"] as const)("%s go on where a broken connection left them", async (via) => {
  const cable = await layCable(room.url);
  const { id } = await client.submitJob(SMALL_JOB);
  const watch = createClient({ url: cable.url }).watchJob(id, { via });
  const seen = await watchedLife(watch, id, async () => {
    await cable.cut();
    await cable.mend();
  });
  expect(states(seen)).toEqual(["1 queued", "2 running", "4 succeeded"]);
  await cable.close();
});

test("where a platform's fetch cannot stream, the same states come by polling", async () => {
  // A fake of such a platform: every answer comes as a whole and never as a stream.
  const whole: typeof fetch = async (address, init) => {
    if (typeof address === "string" && address.endsWith("/events"))
      return new Response(null, { status: 200 });
    return await fetch(address, init);
  };
  const { id } = await client.submitJob(SMALL_JOB);
  const seen = await watchedLife(createClient({ url: room.url, fetch: whole }).watchJob(id), id);
  expect(states(seen)).toEqual(["1 queued", "2 running", "4 succeeded"]);
});

test("a request whose answer got lost is sent again and makes one job", async () => {
  let sent = 0;
  // A fake of a network that loses the first answer.
  const losing: typeof fetch = async (address, init) => {
    const answer = await fetch(address, init);
    sent += 1;
    if (sent > 1) return answer;
    await answer.arrayBuffer();
    throw new TypeError("connection reset");
  };
  const strategy = { ...SMALL_JOB.strategy, id: "sent-again" };
  await createClient({ url: room.url, fetch: losing }).submitJob({ ...SMALL_JOB, strategy });
  expect(sent).toBe(2);
  expect((await client.listJobs({ strategyId: "sent-again" })).items).toHaveLength(1);
});

test("a refusal is an error with the code, the fields and the request's id", async () => {
  const refused = client.submitJob({ ...SMALL_JOB, symbol: "no symbol" });
  await expect(refused).rejects.toMatchObject({
    name: "ApiError",
    status: 422,
    code: "invalid_request",
    requestId: expect.any(String),
    fields: [{ path: "symbol", message: expect.any(String) }],
  });
  await expect(client.getJob("0".repeat(26))).rejects.toMatchObject({ name: "ApiError", code: "not_found" });
  await expect(client.finishedJob("0".repeat(26))).rejects.toMatchObject({ code: "not_found" });
});

test("cancelling answers the cancelled job, a second time too, and not one that ended otherwise", async () => {
  const { id } = await client.submitJob(SMALL_JOB);
  expect(await client.cancelJob(id)).toMatchObject({ id, status: "cancelled" });
  expect(await client.cancelJob(id)).toMatchObject({ id, status: "cancelled" });
  await expect(client.getResult(id)).rejects.toMatchObject({ code: "no_result" });
  const { id: done } = await client.submitJob(SMALL_JOB);
  await room.worker.succeed(done);
  await expect(client.cancelJob(done)).rejects.toMatchObject({ code: "job_finished" });
});

test.each(["events", "polling"] as const)(
  "%s end with the caller's signal, or with the deadline",
  async (via) => {
    const { id } = await client.submitJob(SMALL_JOB);
    const controller = new AbortController();
    const watch = async (): Promise<void> => {
      for await (const job of client.watchJob(id, { via, signal: controller.signal })) {
        expect(job.status).toBe("queued");
        controller.abort(new Error("enough"));
      }
    };
    await expect(watch()).rejects.toThrow("enough");
    await expect(client.finishedJob(id, { via, deadlineMs: 200 })).rejects.toMatchObject({
      name: "DeadlineError",
    });
  },
);

test("nobody there: a bounded number of tries, then an error that says so", async () => {
  let tries = 0;
  const counting: typeof fetch = (address, init) => {
    tries += 1;
    return fetch(address, init);
  };
  const lost = createClient({ url: "http://127.0.0.1:1", retries: 2, fetch: counting });
  await expect(lost.listJobs()).rejects.toMatchObject({ name: "UnreachableError" });
  expect(tries).toBe(3);
  await expect(lost.finishedJob("0".repeat(26), { patienceMs: 0 })).rejects.toMatchObject({
    name: "UnreachableError",
  });
});

test("an answer that is not of this API is called that", async () => {
  const other: typeof fetch = async () => new Response("<html>", { status: 404 });
  const lost = createClient({ url: room.url, fetch: other });
  await expect(lost.listJobs()).rejects.toMatchObject({ name: "UnexpectedAnswerError" });
});
