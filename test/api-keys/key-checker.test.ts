/** A running server and its file of keys. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createApiKey, listApiKeys, revokeApiKey } from "../../src/shared/api-keys/change-keys.ts";
import { ApiKeyChecker } from "../../src/shared/api-keys/key-checker.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { temporaryDirectory } from "../support/part.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let checker: ApiKeyChecker;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, "api-keys.json");
  checker = new ApiKeyChecker(path, createLogger("test", "silent"));
});

afterEach(async () => {
  await checker.close();
  directory.remove();
});

async function ownerOf(key: string): Promise<string | undefined> {
  const verdict = await checker.check(key);
  return "owner" in verdict ? verdict.owner : undefined;
}

test("keys made and revoked while the server runs count within about a second", async () => {
  expect(await ownerOf("stz_x")).toBeUndefined();
  const { key, apiKey } = await createApiKey(path, { owner: "alice" });
  await vi.waitUntil(async () => (await ownerOf(key)) === "alice", { timeout: 3_000 });
  await revokeApiKey(path, apiKey.id);
  await vi.waitUntil(async () => (await ownerOf(key)) === undefined, { timeout: 3_000 });
});

test("while the file is damaged no key counts; once it is repaired they do again", async () => {
  const { key } = await createApiKey(path, { owner: "alice" });
  expect(await ownerOf(key)).toBe("alice");
  renameSync(path, `${path}.good`);
  writeFileSync(path, "{");
  const answers = (): Promise<string | undefined> => ownerOf(key).catch(() => "refused");
  await vi.waitUntil(async () => (await answers()) === "refused", { timeout: 3_000 });
  await expect(ownerOf(key)).rejects.toMatchObject({ name: "ApiKeysError" });
  renameSync(`${path}.good`, path);
  await vi.waitUntil(async () => (await answers()) === "alice", { timeout: 3_000 });
});

test("a list shows when a key was last used, and using a key does not touch the file of keys", async () => {
  const { key } = await createApiKey(path, { owner: "alice" });
  await createApiKey(path, { owner: "bob" });
  const before = readFileSync(path, "utf8");
  expect(await ownerOf(key)).toBe("alice");
  await checker.close();
  expect(readFileSync(path, "utf8")).toBe(before);
  const [alice, bob] = await listApiKeys(path);
  expect(Date.parse(alice?.lastUsedAt ?? "")).toBeGreaterThan(Date.now() - 60_000);
  expect(bob?.lastUsedAt).toBeUndefined();
});

test("a second server's uses are added to the first one's", async () => {
  const first = await createApiKey(path, { owner: "alice" });
  const second = await createApiKey(path, { owner: "bob" });
  await ownerOf(first.key);
  await checker.close();
  const other = new ApiKeyChecker(path, createLogger("test", "silent"));
  await other.check(second.key);
  await other.close();
  const used = (await listApiKeys(path)).map(({ lastUsedAt }) => lastUsedAt);
  expect(used).toEqual([expect.any(String), expect.any(String)]);
});
