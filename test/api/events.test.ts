import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEvents } from "./support/events.ts";
import { type Room, startRoom, until } from "./support/room.ts";

let room: Room;
beforeAll(async () => {
  room = await startRoom();
});
afterAll(() => room.stop());

const eventsOf = (id: string): string => `${room.url}/v1/jobs/${id}/events`;

test("a stream shows the job at once, then each change, and ends after the terminal one", async () => {
  const id = await room.submit();
  const stream = await readEvents(eventsOf(id));
  expect(stream.response.statusCode).toBe(200);
  expect(stream.response.headers).toMatchObject({
    "content-type": "text/event-stream",
    "x-accel-buffering": "no",
  });
  expect(await stream.next()).toMatchObject({ id: "1", job: { status: "queued" } });
  await room.worker.announceRunning(id);
  expect(await stream.next()).toMatchObject({ id: "2", job: { status: "running" } });
  await room.worker.succeed(id);
  expect(await stream.rest()).toMatchObject([{ id: "3", job: { status: "succeeded" } }]);
});

test("resuming sends only what is newer", async () => {
  const id = await room.submit();
  const unchanged = await readEvents(eventsOf(id), { "Last-Event-ID": "1" });
  await room.worker.storeRunning(id);
  expect(await unchanged.next()).toMatchObject({ id: "2", job: { status: "running" } });
  const missed = await readEvents(eventsOf(id), { "Last-Event-ID": "1" });
  expect(await missed.next()).toMatchObject({ id: "2", job: { status: "running" } });
  await room.worker.succeed(id);
  expect(await missed.rest()).toMatchObject([{ id: "4" }]);
  expect(await unchanged.rest()).toMatchObject([{ id: "4" }]);
});

test("a job that has ended is shown once; who saw that is told not to come back", async () => {
  const id = await room.submit();
  await room.worker.fail(id, { class: "user", code: "exception", message: "no" });
  const stream = await readEvents(eventsOf(id), { "Last-Event-ID": "garbage" });
  expect(await stream.rest()).toMatchObject([{ id: "3", job: { status: "failed" } }]);
  const again = await room.ask(`/v1/jobs/${id}/events`, { headers: { "Last-Event-ID": "3" } });
  expect([again.status, again.text]).toEqual([204, ""]);
});

test("HEAD of a stream ends at once", async () => {
  const id = await room.submit();
  const head = await room.ask(`/v1/jobs/${id}/events`, { method: "HEAD" });
  expect([head.status, head.text]).toEqual([200, ""]);
});

test("a stream goes on by reading the store while Redis is down, and by events after it is back", async () => {
  const own = await startRoom();
  try {
    const id = await own.submit();
    const other = await own.submit();
    const stream = await readEvents(`${own.url}/v1/jobs/${id}/events`);
    const lasting = await readEvents(`${own.url}/v1/jobs/${other}/events`);
    await stream.next();
    await lasting.next();
    await own.valkey?.kill();
    await own.worker.succeed(id);
    expect(await stream.rest()).toMatchObject([{ job: { status: "succeeded" } }]);
    const { valkey } = own;
    if (valkey === undefined) throw new Error("no Valkey");
    own.valkey = await valkey.startAgain();
    await until("Redis is back", async () => (await own.ask("/readyz")).text.includes('"queue":true'));
    await own.worker.storeRunning(other);
    expect(await lasting.next()).toMatchObject({ job: { status: "running" } });
    await own.worker.succeed(other);
    expect(await lasting.rest()).toMatchObject([{ job: { status: "succeeded" } }]);
  } finally {
    await own.stop();
  }
});

test("streams end when the server stops, and there are no more of them than it has places", async () => {
  const small = await startRoom({ limits: { streams: 1 } });
  const id = await small.submit();
  const stream = await readEvents(`${small.url}/v1/jobs/${id}/events`);
  await stream.next();
  const refused = await small.ask(`/v1/jobs/${id}/events`);
  expect([refused.status, refused.problem().code]).toEqual([503, "unavailable"]);
  expect(refused.headers["retry-after"]).toBeDefined();
  const startedAt = performance.now();
  await small.stop();
  expect(await stream.rest()).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

test("a client that hangs up gives its place back", async () => {
  const small = await startRoom({ limits: { streams: 1 } });
  try {
    const id = await small.submit();
    const first = await readEvents(`${small.url}/v1/jobs/${id}/events`);
    await first.next();
    first.response.destroy();
    const statusOfNext = async (): Promise<number | undefined> => {
      const { response } = await readEvents(`${small.url}/v1/jobs/${id}/events`);
      response.destroy();
      return response.statusCode;
    };
    await expect.poll(statusOfNext, { timeout: 5_000 }).toBe(200);
  } finally {
    await small.stop();
  }
});

test("a reader that takes nothing gets the latest snapshot, not every one, once it reads again", async () => {
  const id = await room.submit({
    strategy: { code: "x" },
    symbol: "AAPL",
    labels: Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`label${n}`, "x".repeat(256)])),
  });
  const { port } = new URL(room.url);
  const socket = connect({ host: "127.0.0.1", port: Number(port) });
  socket.write(`GET /v1/jobs/${id}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  const job = (await room.store.read(id))?.job;
  if (job === undefined) throw new Error("not stored");
  const changes = 3_000;
  const announce = (version: number) => room.worker.announce({ ...job, status: "running", version });
  for (let version = 2; version <= changes; version += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, n) => announce(version + n)));
  }
  await expect.poll(async () => (await room.read(id)).version, { timeout: 10_000 }).toBeGreaterThan(changes);
  let text = "";
  const lastVersion = (): number => Number(/id: (\d+)\n(?!.*\nid: )/s.exec(text)?.[1] ?? 0);
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  socket.resume();
  await expect.poll(lastVersion, { timeout: 10_000 }).toBeGreaterThan(changes);
  expect(text.match(/^id: /gm)?.length).toBeLessThan(changes);
  socket.destroy();
});
