import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { temporaryDirectory } from "../support/part.ts";
import { type ApiPart, startApi } from "../support/start-api.ts";
import { startValkey, type ValkeyPart } from "../support/start-valkey.ts";
import { readEvents } from "./support/events.ts";
import { open, send } from "./support/http.ts";
import { SMALL_JOB, until } from "./support/room.ts";

let valkey: ValkeyPart;
const state = temporaryDirectory();
beforeAll(async () => {
  valkey = await startValkey();
});
afterAll(async () => {
  await valkey.stop();
  state.remove();
});

function start(environment: Record<string, string> = {}): Promise<ApiPart> {
  return startApi({
    REDIS_URL: valkey.url,
    SQLITE_PATH: join(state.path, "jobs.sqlite"),
    EXECUTOR_TARGETS: "127.0.0.1:1",
    ...environment,
  });
}

/** Runs main.ts to its end with settings that it must refuse; answers its exit code and what it said. */
async function refusal(environment: Record<string, string>): Promise<{ code: unknown; text: string }> {
  const child = spawn(process.execPath, ["src/api/main.ts"], {
    env: {
      ...process.env,
      SQLITE_PATH: join(state.path, "other.sqlite"),
      ADMIN_PORT: "0",
      PORT: "0",
      ...environment,
    },
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  const [code] = await once(child, "close");
  return { code, text };
}

describe("an address that others can reach", () => {
  test("is refused without authentication, saying what to set", async () => {
    const { code, text } = await refusal({ HOST: "0.0.0.0" });
    expect(code).toBe(1);
    expect(text).toContain("set AUTH=api-keys");
    expect(text.trim().split("\n")).toHaveLength(1);
  });

  test("is refused with AUTH=none", async () => {
    const { code, text } = await refusal({ HOST: "0.0.0.0", AUTH: "none" });
    expect(code).toBe(1);
    expect(text).toContain("AUTH=none answers everybody");
  });
});

test("a port that is taken ends the process with the reason, and leaves nothing open", async () => {
  const first = await start();
  try {
    const { code, text } = await refusal({ REDIS_URL: valkey.url, PORT: String(first.port) });
    expect(code).toBe(1);
    expect(text).toContain("EADDRINUSE");
  } finally {
    await first.stop();
  }
});

test("SIGTERM ends streams and waits, and the process", async () => {
  const api = await start();
  const accepted = await send(`${api.url}/v1/jobs`, { body: SMALL_JOB });
  const job = `${api.url}${accepted.headers.location}`;
  const stream = await readEvents(`${job}/events`);
  await stream.next();
  const waiting = open(`${job}?wait=30`, { headers: { "If-None-Match": 'W/"1"' } });
  const idle = await fetch(`${api.url}/healthz`);
  expect(idle.ok).toBe(true);
  await send(job);
  const startedAt = performance.now();
  await api.stop();
  expect(await stream.rest()).toEqual([]);
  expect((await waiting).statusCode).toBe(304);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
  expect(api.logs().some((line) => line.includes('"msg":"stopped"'))).toBe(true);
});

test("metrics are on the admin port alone; readiness names what is missing", async () => {
  const api = await start();
  try {
    await send(`${api.url}/v1/jobs`, { body: SMALL_JOB });
    await until("the request is counted", async () =>
      (await send(`${api.adminUrl}/metrics`)).text.includes(
        'http_server_request_duration_seconds_count{method="POST",route="/jobs",status="202"',
      ),
    );
    expect((await send(`${api.adminUrl}/metrics`)).text).toMatch(/^queue_backlog_jobs \d/m);
    expect((await send(`${api.url}/metrics`)).status).toBe(404);
    const ready = await send(`${api.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(ready.json()).toMatchObject({ ready: false, parts: { store: true, executor: false } });
    expect((await send(`${api.adminUrl}/readyz`)).status).toBe(503);
    expect((await send(`${api.url}/healthz`)).status).toBe(200);
  } finally {
    await api.stop();
  }
});

test("the log names errors and slow requests, not every request, and no key", async () => {
  const api = await start();
  await send(`${api.url}/v1/jobs`, {
    body: SMALL_JOB,
    headers: { Authorization: "Bearer stz_verysecret", "X-API-Key": "stz_verysecret" },
  });
  await send(`${api.url}/v1/validate`, { body: { code: "x" }, headers: { "X-Request-Id": "to-be-found" } });
  await api.stop();
  const lines = api.logs().filter((line) => line.includes('"msg":"request"'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"requestId":"to-be-found"');
  expect(api.logs().join("\n")).not.toContain("verysecret");
});
