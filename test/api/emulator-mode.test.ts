/** An API process in emulator mode, where tokens carry no signature; Firebase's Auth emulator is a fake. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiKey } from "../../src/shared/api-keys/change-keys.ts";
import { unsignedToken } from "../firestore/unsigned-token.ts";
import { temporaryDirectory } from "../support/part.ts";
import { type ApiPart, startApi } from "../support/start-api.ts";
import { type FakeAuthEmulator, startFakeAuthEmulator } from "./support/fake-auth-emulator.ts";
import { nowSeconds, PROJECT, startFakeGoogleKeys } from "./support/fake-google-keys.ts";
import { send } from "./support/http.ts";
import { SMALL_JOB } from "./support/room.ts";

const state = temporaryDirectory();
const keysFile = join(state.path, "api-keys.json");
let emulator: FakeAuthEmulator;
let api: ApiPart;
let key: string;
beforeAll(async () => {
  key = (await createApiKey(keysFile, { owner: "robot" })).key;
  emulator = await startFakeAuthEmulator();
  api = await startApi({
    AUTH: "firebase,api-keys",
    API_KEYS_FILE: keysFile,
    FIREBASE_PROJECT: PROJECT,
    FIREBASE_AUTH_EMULATOR_HOST: emulator.host,
    FIREBASE_CHECK_REVOKED: "true",
    LOG_LEVEL: "trace",
    REDIS_URL: "redis://127.0.0.1:1",
    EXECUTOR_TARGETS: "127.0.0.1:1",
    SQLITE_PATH: join(state.path, "jobs.sqlite"),
  });
});
afterAll(async () => {
  await api.stop();
  await emulator.close();
  state.remove();
});

const ask = (credential: string, headers: Record<string, string> = {}) =>
  send(`${api.url}/v1/jobs`, { headers: { Authorization: `Bearer ${credential}`, ...headers } });

test("a token without a signature is taken, and asked about once a user", async () => {
  emulator.accounts.set("alice", {});
  expect((await ask(unsignedToken(PROJECT, "alice"))).status).toBe(200);
  const asked = emulator.lookups();
  for (let turn = 0; turn < 3; turn += 1) await ask(unsignedToken(PROJECT, "alice"));
  expect([asked, emulator.lookups()]).toEqual([1, 1]);
});

test("a key is taken beside it", async () => {
  expect((await ask(key)).status).toBe(200);
});

test("a token of another project, and a signed one, are refused", async () => {
  expect((await ask(unsignedToken("another-project", "alice"))).problem().detail).toContain(
    "another Firebase project",
  );
  const google = await startFakeGoogleKeys();
  const signed = await google.sign("alice");
  await google.close();
  expect((await ask(signed)).problem().detail).toContain("emulator mode");
});

test.each([
  ["whose sessions were ended", "bob", { validSince: nowSeconds() + 60 }],
  ["who is disabled", "carl", { disabled: true }],
  ["who was deleted", "dora", undefined],
])("a user %s is refused as revoked", async (_who, uid, account) => {
  if (account !== undefined) emulator.accounts.set(uid, account);
  const answer = await ask(unsignedToken(PROJECT, uid));
  expect([answer.status, answer.problem().code]).toEqual([401, "unauthenticated"]);
  expect(answer.headers["www-authenticate"]).toContain("was revoked");
});

test("since anybody can make such a token, pages of other origins and other hosts are refused", async () => {
  emulator.accounts.set("alice", {});
  const token = unsignedToken(PROJECT, "alice");
  expect((await ask(token, { Host: "api.example.com" })).status).toBe(403);
  expect((await ask(token, { Origin: "https://evil.example.com" })).status).toBe(403);
  expect((await ask(token, { Origin: "http://localhost:5173" })).status).toBe(200);
});

test("neither keys nor tokens are in the logs, whatever became of them", async () => {
  emulator.accounts.set("alice", {});
  const good = unsignedToken(PROJECT, "alice");
  const secret = key.split("_")[2] ?? expect.fail("the key has no secret");
  const wrong = `stz_${"0".repeat(12)}_${"5ec4e7".repeat(11).slice(0, 64)}`;
  for (const credential of [good, key, wrong, `${good}x`, "5ec4e7-of-somebody"]) {
    await ask(credential);
    await ask("-", { "X-API-Key": credential });
    await send(`${api.url}/v1/jobs`, { body: SMALL_JOB, headers: { Authorization: `Bearer ${credential}` } });
    await send(`${api.url}/v1/jobs?token=${credential}`);
  }
  const logs = api.logs().join("\n");
  expect(logs.split('"msg":"request"').length).toBeGreaterThan(15);
  expect(logs).toContain('"owner":"alice"');
  for (const hidden of [secret, "5ec4e7", good.split(".")[1] ?? "-"]) expect(logs).not.toContain(hidden);
});

test("while Firebase does not answer, those it was not asked about are told to come back", async () => {
  await emulator.close();
  const answer = await ask(unsignedToken(PROJECT, "erna"));
  expect([answer.status, answer.problem().code]).toEqual([503, "unavailable"]);
  expect((await ask(unsignedToken(PROJECT, "alice"))).status).toBe(200);
});
