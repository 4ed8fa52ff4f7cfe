import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey, revokeApiKey } from "../../src/shared/api-keys/change-keys.ts";
import { jobListSchema } from "../../src/shared/contract/job.ts";
import { temporaryDirectory } from "../support/part.ts";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

const directory = temporaryDirectory();
const file = join(directory.path, "api-keys.json");
let room: Room;
let anna: string;
let bert: string;
beforeAll(async () => {
  anna = (await createApiKey(file, { owner: "anna" })).key;
  bert = (await createApiKey(file, { owner: "bert" })).key;
  room = await startRoom({ withoutRedis: true, environment: { AUTH: "api-keys", API_KEYS_FILE: file } });
});
afterAll(async () => {
  await room.stop();
  directory.remove();
});

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

test("without a key every route but the public ones answers 401 and says how to sign in", async () => {
  for (const [method, path] of [
    ["GET", "/v1/jobs"],
    ["POST", "/v1/jobs"],
    ["GET", `/v1/jobs/${"0".repeat(26)}`],
    ["GET", `/v1/jobs/${"0".repeat(26)}/events`],
    ["POST", `/v1/jobs/${"0".repeat(26)}/cancel`],
    ["POST", "/v1/validate"],
    ["GET", "/v1/symbols"],
    ["POST", "/v1/strategies/execute-code"],
    ["GET", "/v1/execution/health"],
  ]) {
    const answer = await room.ask(path ?? "", { method });
    expect([path, answer.status, answer.problem().code]).toEqual([path, 401, "unauthenticated"]);
    expect(answer.headers["www-authenticate"]).toBe('Bearer realm="strategiz"');
  }
  for (const path of ["/healthz", "/v1/openapi.json", "/v1/docs"])
    expect((await room.ask(path)).status).toBe(200);
});

test("a key is taken as Bearer token or as X-API-Key; a wrong one is refused", async () => {
  expect((await room.ask("/v1/jobs", { headers: bearer(anna) })).status).toBe(200);
  expect((await room.ask("/v1/jobs", { headers: { "X-API-Key": anna } })).status).toBe(200);
  const changed = anna.replace(/.$/, anna.endsWith("0") ? "1" : "0");
  for (const key of [changed, "stz_", "secret", `${anna}0`, anna.toUpperCase()]) {
    const answer = await room.ask("/v1/jobs", { headers: { "X-API-Key": key } });
    expect([answer.status, answer.headers["www-authenticate"]]).toEqual([
      401,
      'Bearer realm="strategiz", error="invalid_token", error_description="This API key is not known"',
    ]);
  }
});

test("owners do not see each other's jobs, nor share a key for idempotency", async () => {
  const same = { "Idempotency-Key": "same" };
  const id = await room.submit(SMALL_JOB, { ...bearer(anna), ...same });
  const other = await room.submit({ ...SMALL_JOB, symbol: "MSFT" }, { ...bearer(bert), ...same });
  expect(other).not.toBe(id);
  for (const [method, path] of [
    ["GET", ""],
    ["GET", "/result"],
    ["GET", "/events"],
    ["POST", "/cancel"],
  ]) {
    const answer = await room.ask(`/v1/jobs/${id}${path}`, { method, headers: bearer(bert) });
    expect([path, answer.status, answer.problem().code]).toEqual([path, 404, "not_found"]);
  }
  const list = await room.ask("/v1/jobs", { headers: bearer(bert) });
  expect(jobListSchema.parse(list.json()).items.map((job) => job.id)).toEqual([other]);
  expect((await room.store.read(id))?.job).toMatchObject({ owner: "anna", status: "queued" });
});

test("with keys any Host is answered, since the key is the wall", async () => {
  const answer = await room.ask("/v1/jobs", { headers: { ...bearer(anna), Host: "api.example.com" } });
  expect(answer.status).toBe(200);
});

test("a key in the query string is refused before anything else, signed in or not", async () => {
  const answer = await room.ask(`/v1/jobs?x=${anna}`, { headers: bearer(anna) });
  expect([answer.status, answer.problem().code]).toEqual([400, "credentials_in_query"]);
  expect(answer.text).not.toContain(anna);
});

test("a revoked key stops working within moments, a new one starts", async () => {
  const { key } = await createApiKey(file, { owner: "carl" });
  const status = async (): Promise<number> => (await room.ask("/v1/jobs", { headers: bearer(key) })).status;
  await expect.poll(status, { timeout: 5_000 }).toBe(200);
  await revokeApiKey(file, key);
  await expect.poll(status, { timeout: 5_000 }).toBe(401);
});

test("a key that may only read is refused for everything that makes work, with the scope's name", async () => {
  const { key } = await createApiKey(file, { owner: "dora", scopes: ["read"] });
  await expect
    .poll(async () => (await room.ask("/v1/jobs", { headers: bearer(key) })).status, { timeout: 5_000 })
    .toBe(200);
  for (const path of [
    "/v1/jobs",
    `/v1/jobs/${"0".repeat(26)}/cancel`,
    "/v1/validate",
    "/v1/strategies/execute-code",
  ]) {
    const answer = await room.ask(path, { method: "POST", body: SMALL_JOB, headers: bearer(key) });
    expect([path, answer.status, answer.problem().code]).toEqual([path, 403, "insufficient_scope"]);
    expect(answer.problem().detail).toContain("scope submit");
    expect(answer.headers["www-authenticate"]).toContain('error="insufficient_scope", scope="submit"');
  }
});

test("a key that may only submit does not read, not even what it submitted", async () => {
  const { key } = await createApiKey(file, { owner: "emil", scopes: ["submit"] });
  const submit = async () => await room.ask("/v1/jobs", { body: SMALL_JOB, headers: bearer(key) });
  await expect.poll(async () => (await submit()).status, { timeout: 5_000 }).toBe(202);
  const location = (await submit()).headers.location ?? "";
  for (const path of ["/v1/jobs", location, `${location}/events`, "/v1/symbols"]) {
    const answer = await room.ask(path, { headers: bearer(key) });
    expect([path, answer.status, answer.problem().code]).toEqual([path, 403, "insufficient_scope"]);
  }
});

test("a key that has expired is told so", async () => {
  const { key } = await createApiKey(file, { owner: "fritz", lifetimeMs: 1_000 });
  const code = async () =>
    (await room.ask("/v1/jobs", { headers: bearer(key) })).headers["www-authenticate"] ?? "";
  await expect.poll(code, { timeout: 5_000 }).toContain("This API key has expired");
});

test("an ID token where only keys are taken is refused with what to send", async () => {
  const answer = await room.ask("/v1/jobs", { headers: bearer("eyJhbGciOiJub25lIn0.e30.") });
  expect([answer.status, answer.problem().code]).toEqual([401, "unauthenticated"]);
  expect(answer.problem().detail).toContain("Bearer stz_");
});
