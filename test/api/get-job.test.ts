import { afterAll, beforeAll, expect, test } from "vitest";
import { jobSchema } from "../../src/shared/contract/job.ts";
import { open } from "./support/http.ts";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

let room: Room;
beforeAll(async () => {
  room = await startRoom();
});
afterAll(() => room.stop());

test("a job is answered 304 to those who hold it, and again once it has changed", async () => {
  const id = await room.submit();
  const first = await room.ask(`/v1/jobs/${id}`);
  const etag = first.headers.etag ?? "";
  expect([first.status, first.headers["cache-control"]]).toEqual([200, "private, no-cache"]);
  const held = await room.ask(`/v1/jobs/${id}`, { headers: { "If-None-Match": `"other", ${etag}` } });
  expect([held.status, held.text, held.headers.etag]).toEqual([304, "", etag]);
  await room.worker.succeed(id);
  const changed = await room.ask(`/v1/jobs/${id}`, { headers: { "If-None-Match": etag } });
  expect(changed.status).toBe(200);
  const job = jobSchema.parse(changed.json());
  expect(job).toMatchObject({ status: "succeeded", timings: { executeMs: 4.2 }, summary: { bars: 4 } });
  expect(job.links.result).toBe(`/v1/jobs/${id}/result`);
});

test("a failed job is answered 200 with what went wrong and where", async () => {
  const id = await room.submit();
  const failure = {
    class: "user",
    code: "exception",
    type: "KeyError",
    message: "'Close'",
    line: 3,
    hint: "close",
  } as const;
  await room.worker.fail(id, failure);
  expect(await room.read(id)).toMatchObject({ status: "failed", failure });
});

test("HEAD answers the headers alone", async () => {
  const id = await room.submit();
  const head = await room.ask(`/v1/jobs/${id}`, { method: "HEAD" });
  expect([head.status, head.text]).toEqual([200, ""]);
  expect(head.headers.etag).toBe('W/"1"');
});

test("a long poll is held until the job changes", async () => {
  const id = await room.submit();
  const polled = room.ask(`/v1/jobs/${id}?wait=20`, { headers: { "If-None-Match": 'W/"1"' } });
  await room.worker.storeRunning(id);
  const answer = await polled;
  expect([answer.status, jobSchema.parse(answer.json()).status]).toEqual([200, "running"]);
});

test("a long poll answers 304 when the time is up, and at once for a job that cannot change any more", async () => {
  const id = await room.submit();
  const timedOut = await room.ask(`/v1/jobs/${id}?wait=1`, { headers: { "If-None-Match": 'W/"1"' } });
  expect(timedOut.status).toBe(304);
  const { version } = await room.worker.succeed(id);
  const startedAt = performance.now();
  const done = await room.ask(`/v1/jobs/${id}?wait=30`, { headers: { "If-None-Match": `W/"${version}"` } });
  expect(done.status).toBe(304);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("wait without If-None-Match has nothing to compare and answers at once", async () => {
  const id = await room.submit();
  const startedAt = performance.now();
  expect((await room.ask(`/v1/jobs/${id}?wait=30`)).status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("running shows before the job store knows, and never after the store knows better", async () => {
  const id = await room.submit();
  await room.worker.announceRunning(id);
  await expect.poll(async () => (await room.read(id)).status, { timeout: 5_000 }).toBe("running");
  expect((await room.store.read(id))?.job.status).toBe("queued");
  const ended = await room.worker.succeed(id);
  await room.worker.announceRunning(id);
  expect(await room.read(id)).toMatchObject({ status: "succeeded", version: ended.version });
});

test("another owner's job is not there at all", async () => {
  const id = await room.submit();
  const stored = await room.store.read(id);
  if (stored === undefined) throw new Error("not stored");
  const foreign = id.replace(/.$/, id.endsWith("0") ? "1" : "0");
  const request = await room.store.readRequest(id);
  if (request === undefined) throw new Error("not stored");
  await room.store.create({ ...stored.job, id: foreign, owner: "somebody" }, request);
  for (const [method, path] of [
    ["GET", ""],
    ["GET", "/result"],
    ["GET", "/result/trades"],
    ["GET", "/events"],
    ["POST", "/cancel"],
  ]) {
    const answer = await room.ask(`/v1/jobs/${foreign}${path}`, { method });
    expect([path, answer.status, answer.problem().code]).toEqual([path, 404, "not_found"]);
  }
});

test("with Redis gone a long poll still sees the change", async () => {
  const alone = await startRoom({ withoutRedis: true });
  try {
    const id = await alone.submit();
    const polled = alone.ask(`/v1/jobs/${id}?wait=20`, { headers: { "If-None-Match": 'W/"1"' } });
    await alone.worker.succeed(id);
    expect(jobSchema.parse((await polled).json()).status).toBe("succeeded");
  } finally {
    await alone.stop();
  }
});

test("no more waits are held than the server has places, and a client that hangs up frees its own", async () => {
  const small = await startRoom({ limits: { waits: 1 } });
  try {
    const id = await small.submit();
    const headers = { "If-None-Match": 'W/"1"' };
    const abort = new AbortController();
    const first = fetch(`${small.url}/v1/jobs/${id}?wait=30`, { headers, signal: abort.signal }).catch(
      () => "hung up",
    );
    const poll = async (): Promise<number> => (await small.ask(`/v1/jobs/${id}?wait=1`, { headers })).status;
    await expect.poll(poll, { timeout: 5_000 }).toBe(503);
    const taken = await small.ask("/v1/jobs", { body: SMALL_JOB, headers: { Prefer: "wait=10" } });
    expect([taken.status, taken.headers["preference-applied"]]).toEqual([202, undefined]);
    abort.abort();
    expect(await first).toBe("hung up");
    await expect.poll(poll, { timeout: 5_000 }).toBe(304);
  } finally {
    await small.stop();
  }
});

test("a long poll ends with what is known when the server stops", async () => {
  const ending = await startRoom();
  const id = await ending.submit();
  const polled = open(`${ending.url}/v1/jobs/${id}?wait=30`, { headers: { "If-None-Match": 'W/"1"' } });
  await ending.ask(`/v1/jobs/${id}`);
  await ending.stop();
  expect((await polled).statusCode).toBe(304);
});
