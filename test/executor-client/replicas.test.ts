/** Replicas that come and go: real executors, killed, paused and started again. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { ExecutorClient } from "../../src/shared/executor/port.ts";
import { ownPort } from "../support/own-port.ts";
import { type ExecutorPart, startExecutor } from "../support/start-executor.ts";
import { successOver } from "./answers.ts";
import { CONTEXT, connectTo, rejection, requestWith, seriesOf } from "./clients.ts";
import { startFakeExecutor } from "./fake-executor.ts";

const CODE = "def strategy(data):\n    return data['close'] > data['open']\n";
const ENDLESS = "def strategy(data):\n    while True:\n        pass\n";

let small: ExecutorPart;
let large: ExecutorPart;
beforeAll(async () => {
  [small, large] = await Promise.all([startExecutor({ slots: 1 }), startExecutor({ slots: 3 })]);
});
afterAll(() => Promise.all([small.stop(), large.stop()]));

const executions = (replica: ExecutorPart): number =>
  replica.logs().filter((line) => line.includes('"event": "execution"')).length;

async function execute(client: ExecutorClient, code = CODE, timeoutSeconds?: number): Promise<void> {
  const outcome = await client.execute(requestWith({ code, series: seriesOf(60), timeoutSeconds }), CONTEXT);
  if (!outcome.succeeded) throw new Error(outcome.failure.message);
}

/** Resolves once so many replicas serve. */
async function serving(client: ExecutorClient, wanted: number, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const replicas = await client.health();
    if (replicas.filter(({ serving: up }) => up).length === wanted) return;
    if (Date.now() > deadline) throw new Error(`never ${wanted} replicas: ${JSON.stringify(replicas)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("two replicas share the work by their slots", async () => {
  const client = connectTo([small.target, large.target]);
  await serving(client, 2);
  expect((await client.health()).map(({ slots }) => slots)).toEqual([1, 3]);
  for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 4 }, () => execute(client)));
  await expect.poll(() => [executions(small), executions(large)]).toEqual([5, 15]);
});

test("calls one after the other take turns", async () => {
  const calls = [0, 0];
  const replicas = await Promise.all(
    calls.map((_, replica) =>
      startFakeExecutor({
        execute: () => {
          calls[replica] = (calls[replica] ?? 0) + 1;
          return successOver(60);
        },
      }),
    ),
  );
  for (const replica of replicas) onTestFinished(() => replica.stop());
  const client = connectTo(replicas.map(({ target }) => target));
  await serving(client, 2);
  for (let call = 0; call < 6; call++) await execute(client);
  expect(calls).toEqual([3, 3]);
});

test("a replica that dies fails its own calls alone, is passed over, and comes back by itself", async () => {
  const client = connectTo([small.target, large.target]);
  await serving(client, 2);
  const calls = Promise.allSettled(Array.from({ length: 4 }, () => execute(client, ENDLESS, 2)));
  await expect
    .poll(async () => (await client.health()).reduce((sum, { busySlots }) => sum + busySlots, 0), {
      interval: 10,
    })
    .toBe(4);
  await large.kill();
  const reasons = (await calls).map((call) => (call.status === "rejected" ? String(call.reason) : "none"));
  expect(reasons.filter((reason) => reason.includes("connection to the executor was lost"))).toHaveLength(3);
  expect(reasons.filter((reason) => reason.includes("limit of 2 s"))).toHaveLength(1);

  const started = performance.now();
  for (let call = 0; call < 4; call++) await execute(client);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect((await client.health()).filter((replica) => replica.target === large.target)).toMatchObject([
    { serving: false, slots: 0 },
  ]);

  large = await startExecutor({ slots: 3, port: large.port });
  await serving(client, 2);
  await Promise.all(Array.from({ length: 4 }, () => execute(client)));
  await expect.poll(() => executions(large)).toBe(3);
});

test("an executor that restarts costs its client nothing but the wait", async () => {
  const client = connectTo([small.target]);
  await execute(client);
  await small.kill();
  const starting = startExecutor({ slots: 1, port: small.port });
  const attempts = async (): Promise<number> => {
    for (let attempt = 1; ; attempt++) {
      const message = await execute(client).then(
        () => "",
        (error: Error) => error.message,
      );
      if (message === "") return attempt;
      // A call that was under way when the connection broke says so; later ones find nobody.
      expect(message).toMatch(/^(No executor could be reached|The connection to the executor was lost)/);
    }
  };
  expect(await attempts()).toBeLessThan(20);
  small = await starting;
});

test("without any executor a call fails within 3 s, saying nothing of addresses, and health says which are gone", async () => {
  const target = `127.0.0.1:${await ownPort()}`;
  const client = connectTo([target, "no-such-host.invalid:50051"]);
  const started = performance.now();
  expect(await rejection(client.execute(requestWith({ code: CODE }), CONTEXT))).toEqual({
    class: "platform",
    code: "executor_unavailable",
    message: "No executor could be reached.",
  });
  expect(performance.now() - started).toBeLessThan(3_000);
  expect(await client.health()).toMatchObject([
    { target, serving: false, slots: 0 },
    { target: "no-such-host.invalid:50051", serving: false, slots: 0 },
  ]);
});

test("a call that waits for an executor ends at once when it is aborted", async () => {
  const client = connectTo([`127.0.0.1:${await ownPort()}`]);
  const started = performance.now();
  const signal = AbortSignal.timeout(50);
  await expect(client.execute(requestWith({}), { ...CONTEXT, signal })).rejects.toThrow(
    "The execution was ended.",
  );
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("a replica that hangs is given nothing more until it answers again", async () => {
  const client = connectTo([large.target]);
  await serving(client, 1);
  large.signal("SIGSTOP");
  onTestFinished(() => large.signal("SIGCONT"));
  expect(await rejection(execute(client, CODE, 1))).toMatchObject({
    class: "platform",
    code: "executor_timeout",
  });
  const started = performance.now();
  expect(await rejection(execute(client))).toMatchObject({ code: "executor_unavailable" });
  expect(performance.now() - started).toBeLessThan(3_000);
  large.signal("SIGCONT");
  await serving(client, 1);
  await expect.poll(() => execute(client).then(() => "ran"), { timeout: 10_000 }).toBe("ran");
});

test("an address that takes the connection and stays silent is tried anew, and used once an executor is there", async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
  const port = await ownPort();
  await once(silent.listen(port, "127.0.0.1"), "listening");
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  const client = connectTo([`127.0.0.1:${port}`]);
  expect(await rejection(execute(client))).toMatchObject({ code: "executor_unavailable" });
  // The listener ends, but the silent connection stays open, as behind a firewall that drops packets.
  silent.close();
  const fake = await startFakeExecutor({ execute: () => successOver(60) }, { port });
  onTestFinished(() => fake.stop());
  await serving(client, 1);
  await execute(client);
  expect(sockets.length).toBeGreaterThan(0);
});

test("a name is looked up, and leads to its replicas", async () => {
  const client = connectTo([`localhost:${small.port}`]);
  await execute(client);
  expect(await client.health()).toMatchObject([
    { target: `localhost:${small.port} (127.0.0.1)`, serving: true },
  ]);
});

test("several addresses that lead to the same instance count its slots once", async () => {
  const health = (): Record<string, unknown> => ({ status: "SERVING", slots: 2, instanceId: "the same" });
  const doors = await Promise.all([startFakeExecutor({ health }), startFakeExecutor({ health })]);
  for (const door of doors) onTestFinished(() => door.stop());
  const client = connectTo(doors.map(({ target }) => target));
  expect(await client.health()).toMatchObject([{ serving: true, slots: 2 }]);
});
