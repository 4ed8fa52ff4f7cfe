import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createApiKey,
  listApiKeys,
  readApiKeys,
  revokeApiKey,
  verifyApiKey,
} from "../../src/shared/api-keys.ts";
import { temporaryDirectory } from "../support/part.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, "state", "api-keys.json");
});

afterEach(() => directory.remove());

async function ownerOf(key: string): Promise<string | undefined> {
  const keys = await readApiKeys(path);
  return verifyApiKey(new Map(keys.map((stored) => [stored.id, stored])), key)?.owner;
}

test("a key is its owner's, and no other text is", async () => {
  const alice = await createApiKey(path, { owner: "alice@example.com", label: "nightly" });
  const bob = await createApiKey(path, { owner: "bob" });
  expect(alice.key).toMatch(/^stz_[0-9a-f]{12}_[0-9a-f]{64}$/);
  expect(await ownerOf(alice.key)).toBe("alice@example.com");
  expect(await ownerOf(bob.key)).toBe("bob");
  const [, , secret] = alice.key.split("_");
  const last = alice.key.endsWith("0") ? "1" : "0";
  for (const wrong of [
    "",
    "stz_",
    alice.apiKey.prefix,
    alice.key.slice(0, -1),
    `${alice.key.slice(0, -1)}${last}`,
    `${alice.key}0`,
    ` ${alice.key}`,
    alice.key.toUpperCase(),
    `stz_${bob.apiKey.id}_${secret}`,
    `stz_000000000000_${secret}`,
    `stz___proto____${secret}`,
  ]) {
    expect(await ownerOf(wrong), wrong).toBeUndefined();
  }
});

test("the file holds no secret, and nobody else can read it", async () => {
  const { key } = await createApiKey(path, { owner: "alice" });
  const secret = key.split("_")[2] ?? expect.fail("the key has no secret");
  expect(readFileSync(path, "utf8")).not.toContain(secret);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory.path, "state")).mode & 0o777).toBe(0o700);
});

test("a list shows each key in the order of making, without secret or hash", async () => {
  const first = await createApiKey(path, { owner: "alice", label: "nightly screening" });
  const second = await createApiKey(path, { owner: "bob" });
  await revokeApiKey(path, second.apiKey.id);
  const list = await listApiKeys(path);
  expect(list).toEqual([
    {
      id: first.apiKey.id,
      prefix: `stz_${first.apiKey.id}`,
      owner: "alice",
      label: "nightly screening",
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    },
    expect.objectContaining({ owner: "bob", revokedAt: expect.stringMatching(/Z$/) }),
  ]);
  expect(JSON.stringify(list)).not.toMatch(/[0-9a-f]{64}/);
});

test("a revoked key counts no more; revoking it again keeps the first time", async () => {
  const { key, apiKey } = await createApiKey(path, { owner: "alice" });
  const other = await createApiKey(path, { owner: "alice" });
  await revokeApiKey(path, apiKey.prefix);
  expect(await ownerOf(key)).toBeUndefined();
  expect(await ownerOf(other.key)).toBe("alice");
  const earlier = readFileSync(path, "utf8").replace(
    /"revokedAt": ".*"/,
    '"revokedAt": "2020-01-01T00:00:00Z"',
  );
  writeFileSync(path, earlier);
  expect((await revokeApiKey(path, key)).revokedAt).toBe("2020-01-01T00:00:00Z");
});

test("revoking a key that is not there says how to find those that are", async () => {
  await createApiKey(path, { owner: "alice" });
  for (const id of ["000000000000", "nonsense", ""]) {
    await expect(revokeApiKey(path, id)).rejects.toThrow("list");
  }
});

test("keys made at the same time are all kept, and no draft or lock is left", async () => {
  const made = await Promise.all(
    Array.from({ length: 12 }, (_, n) => createApiKey(path, { owner: `owner${n}` })),
  );
  for (const [n, { key }] of made.entries()) expect(await ownerOf(key)).toBe(`owner${n}`);
  expect(readdirSync(join(directory.path, "state"))).toEqual(["api-keys.json"]);
});

test("the lock of a process that died holds nobody up", async () => {
  await createApiKey(path, { owner: "alice" });
  const lock = `${path}.lock`;
  writeFileSync(lock, "");
  utimesSync(lock, new Date(0), new Date(0));
  await createApiKey(path, { owner: "bob" });
  expect(await listApiKeys(path)).toHaveLength(2);
});

test("an owner or label that cannot be one is refused with the rule", async () => {
  for (const owner of ["", " ", "a b", "-x", "a\n", "x".repeat(129), "ä"]) {
    await expect(createApiKey(path, { owner })).rejects.toThrow("The owner must be");
  }
  for (const label of ["", "two\nlines", "x".repeat(101)]) {
    await expect(createApiKey(path, { owner: "alice", label })).rejects.toThrow("The label must be");
  }
  expect(await listApiKeys(path)).toEqual([]);
});

test("a damaged file is named, and never overwritten", async () => {
  await createApiKey(path, { owner: "alice" });
  for (const text of ["{", "[]", '{"version":2,"keys":[]}', '{"version":1,"keys":[{"id":"x"}]}']) {
    writeFileSync(path, text);
    await expect(createApiKey(path, { owner: "bob" })).rejects.toThrow(`${path} is not a file of API keys`);
    await expect(listApiKeys(path)).rejects.toThrow(path);
    expect(readFileSync(path, "utf8")).toBe(text);
  }
});

test("a file that others could read is closed to them by the next change", async () => {
  await createApiKey(path, { owner: "alice" });
  chmodSync(path, 0o644);
  await createApiKey(path, { owner: "bob" });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
