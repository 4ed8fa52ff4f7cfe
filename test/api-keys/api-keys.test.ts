import { chmodSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  createApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
} from "../../src/shared/api-keys/change-keys.ts";
import { readApiKeys } from "../../src/shared/api-keys/key-file.ts";
import { judgeKey, type KeyVerdict } from "../../src/shared/api-keys/stored-key.ts";
import { temporaryDirectory } from "../support/part.ts";

let directory: ReturnType<typeof temporaryDirectory>;
let path: string;

beforeEach(() => {
  directory = temporaryDirectory();
  path = join(directory.path, "state", "api-keys.json");
});

afterEach(() => directory.remove());

async function verdictOn(key: string, now = Date.now()): Promise<KeyVerdict> {
  const keys = await readApiKeys(path);
  return judgeKey(new Map(keys.map((stored) => [stored.id, stored])), key, now);
}

async function ownerOf(key: string): Promise<string | undefined> {
  const verdict = await verdictOn(key);
  return "owner" in verdict ? verdict.owner : undefined;
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
      scopes: ["read", "submit"],
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

test("a key does what it was made for until its time is up", async () => {
  const { key, apiKey } = await createApiKey(path, {
    owner: "alice",
    scopes: ["read"],
    lifetimeMs: 3_600_000,
  });
  const end = Date.parse(apiKey.createdAt) + 3_600_000;
  expect(await verdictOn(key, end - 1)).toEqual({ owner: "alice", scopes: ["read"], expiresAt: end });
  expect(await verdictOn(key, end)).toEqual({ refused: "expired" });
});

test("a key from before there were scopes may do everything", async () => {
  const { key } = await createApiKey(path, { owner: "alice", scopes: ["read"] });
  writeFileSync(path, readFileSync(path, "utf8").replace(/"scopes": \[[^\]]*\],/, ""));
  expect(await verdictOn(key)).toEqual({ owner: "alice", scopes: ["read", "submit"] });
});

test("why a key does not count is told only to whoever has its secret", async () => {
  const { key, apiKey } = await createApiKey(path, { owner: "alice" });
  await revokeApiKey(path, apiKey.id);
  expect(await verdictOn(key)).toEqual({ refused: "revoked" });
  expect(await verdictOn(key.replace(/.{64}$/, "0".repeat(64)))).toEqual({ refused: "unknown" });
});

test("a rotated key counts until its grace is over, and the new one is like it", async () => {
  const request = {
    owner: "alice",
    label: "nightly",
    scopes: ["read"] as const,
    lifetimeMs: 90 * 86_400_000,
  };
  const { key, apiKey } = await createApiKey(path, request);
  const { key: next, apiKey: taken, old } = await rotateApiKey(path, apiKey.id, { graceMs: 3_600_000 });
  const { createdAt, expiresAt } = taken;
  expect(taken).toMatchObject({ owner: "alice", label: "nightly", scopes: ["read"] });
  expect(Date.parse(expiresAt ?? "") - Date.parse(createdAt)).toBe(90 * 86_400_000);
  expect(old.replacedBy).toBe(taken.id);
  expect(await ownerOf(next)).toBe("alice");
  expect(await ownerOf(key)).toBe("alice");
  const over = Date.parse(old.expiresAt ?? "");
  expect(Math.abs(over - Date.now() - 3_600_000)).toBeLessThan(60_000);
  expect(await verdictOn(key, over)).toEqual({ refused: "expired" });
  expect(await verdictOn(next, over)).toMatchObject({ owner: "alice" });
});

test("rotation lengthens no key's life, and a key is rotated once", async () => {
  const { apiKey } = await createApiKey(path, { owner: "alice", lifetimeMs: 60_000 });
  const { old, apiKey: next } = await rotateApiKey(path, apiKey.id, { graceMs: 3_600_000 });
  expect(old.expiresAt).toBe(apiKey.expiresAt);
  await expect(rotateApiKey(path, apiKey.id, { graceMs: 0 })).rejects.toThrow(`rotate ${next.prefix}`);
  await revokeApiKey(path, next.id);
  await expect(rotateApiKey(path, next.id, { graceMs: 0 })).rejects.toThrow("was revoked");
});

test("a file that others could read is closed to them by the next change", async () => {
  await createApiKey(path, { owner: "alice" });
  chmodSync(path, 0o644);
  await createApiKey(path, { owner: "bob" });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
