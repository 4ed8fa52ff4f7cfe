/** A running server and its file of keys. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiKeyOwners } from "../../src/shared/api-key-owners.ts";
import { createApiKey, listApiKeys, revokeApiKey } from "../../src/shared/api-keys.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { temporaryDirectory } from "../support/part.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;
let owners: ApiKeyOwners;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, "api-keys.json");
  owners = new ApiKeyOwners(path, createLogger("test", "silent"));
});

afterEach(async () => {
  await owners.close();
  directory.remove();
});

test("keys made and revoked while the server runs count within about a second", async () => {
  expect(await owners.ownerOf("stz_x")).toBeUndefined();
  const { key, apiKey } = await createApiKey(path, { owner: "alice" });
  await vi.waitUntil(async () => (await owners.ownerOf(key)) === "alice", { timeout: 3_000 });
  await revokeApiKey(path, apiKey.id);
  await vi.waitUntil(async () => (await owners.ownerOf(key)) === undefined, { timeout: 3_000 });
});

test("while the file is damaged no key counts; once it is repaired they do again", async () => {
  const { key } = await createApiKey(path, { owner: "alice" });
  expect(await owners.ownerOf(key)).toBe("alice");
  renameSync(path, `${path}.good`);
  writeFileSync(path, "{");
  const answers = (): Promise<string | undefined> => owners.ownerOf(key).catch(() => "refused");
  await vi.waitUntil(async () => (await answers()) === "refused", { timeout: 3_000 });
  await expect(owners.ownerOf(key)).rejects.toMatchObject({ name: "ApiKeysError" });
  renameSync(`${path}.good`, path);
  await vi.waitUntil(async () => (await answers()) === "alice", { timeout: 3_000 });
});

test("a list shows when a key was last used, and using a key does not touch the file of keys", async () => {
  const { key } = await createApiKey(path, { owner: "alice" });
  await createApiKey(path, { owner: "bob" });
  const before = readFileSync(path, "utf8");
  expect(await owners.ownerOf(key)).toBe("alice");
  await owners.close();
  expect(readFileSync(path, "utf8")).toBe(before);
  const [alice, bob] = await listApiKeys(path);
  expect(Date.parse(alice?.lastUsedAt ?? "")).toBeGreaterThan(Date.now() - 60_000);
  expect(bob?.lastUsedAt).toBeUndefined();
});

test("a second server's uses are added to the first one's", async () => {
  const first = await createApiKey(path, { owner: "alice" });
  const second = await createApiKey(path, { owner: "bob" });
  await owners.ownerOf(first.key);
  await owners.close();
  const other = new ApiKeyOwners(path, createLogger("test", "silent"));
  await other.ownerOf(second.key);
  await other.close();
  const used = (await listApiKeys(path)).map(({ lastUsedAt }) => lastUsedAt);
  expect(used).toEqual([expect.any(String), expect.any(String)]);
});
