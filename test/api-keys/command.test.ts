/** `npm run api-keys`, as a shell runs it. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { temporaryDirectory } from "../support/part.ts";

const MAIN = join(import.meta.dirname, "../../src/api-keys/main.ts");

let directory: ReturnType<typeof temporaryDirectory>;
let file: string;

beforeEach(() => {
  directory = temporaryDirectory();
  file = join(directory.path, "keys.json");
});

afterEach(() => directory.remove());

interface Ran {
  code: number;
  out: string;
  words: string;
}

function run(...args: string[]): Promise<Ran> {
  // HOST without AUTH: the very state in which somebody makes a first key.
  const env = { ...process.env, API_KEYS_FILE: file, HOST: "0.0.0.0", AUTH: "" };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env, timeout: 20_000 }, (error, out, words) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, words });
    });
  });
}

test("a key is made, listed without its secret, and revoked", async () => {
  const empty = await run("list");
  expect(empty).toMatchObject({ code: 0, out: "", words: expect.stringContaining("create --owner") });

  const created = await run("create", "--owner", "alice", "--label", "nightly screening");
  expect(created).toMatchObject({ code: 0, words: expect.stringContaining("cannot be shown again") });
  expect(created.out).toMatch(/^stz_[0-9a-f]{12}_[0-9a-f]{64}\n$/);
  const [, id = "", secret = ""] = created.out.trim().split("_");
  expect(created.words).not.toContain(secret);

  const listed = await run("list");
  const [titles, line] = listed.out.split("\n");
  expect(titles).toMatch(/^KEY +OWNER +LABEL +SCOPES +CREATED +LAST USED +EXPIRES +REVOKED$/);
  expect(line).toMatch(
    new RegExp(`^stz_${id}_\\.\\.\\. +alice +nightly screening +read,submit +20\\S+Z +never +never$`),
  );
  expect(listed.out).not.toContain(secret.slice(0, 8));

  expect(await run("revoke", id)).toMatchObject({
    code: 0,
    out: expect.stringContaining("is revoked since"),
  });
  expect((await run("list")).out).toMatch(/never +never +20\S+Z\n$/);
});

test("what is wrong is said in one line, with a code that is not 0", async () => {
  expect(await run("create")).toMatchObject({ code: 1, words: expect.stringContaining("--owner <name>") });
  const refused = await run("create", "--owner", "a b");
  expect(refused).toMatchObject({
    code: 1,
    out: "",
    words: expect.stringMatching(/^The owner must be .*\n$/),
  });
  const unknown = await run("revoke", "000000000000");
  expect(unknown).toMatchObject({ code: 1, out: "", words: expect.stringMatching(/^There is no key .*\n$/) });
});

test("a key that only reads is rotated: the old one counts until its grace is over", async () => {
  const made = await run("create", "--owner", "alice", "--scopes", "read", "--expires", "90d");
  const id = made.out.split("_")[1] ?? "";
  const rotated = await run("rotate", id, "--grace", "30m");
  expect(rotated.out).toMatch(/^stz_[0-9a-f]{12}_[0-9a-f]{64}\n$/);
  expect(rotated.words).toMatch(new RegExp(`stz_${id} counts until 20\\S+Z`));
  const [, first, second] = (await run("list")).out.split("\n");
  expect(first).toMatch(/alice +read +20\S+Z +never +20\S+Z$/);
  expect(second).toMatch(/alice +read +20\S+Z +never +20\S+Z$/);
});

test("a scope or duration that cannot be one is refused with those there are", async () => {
  const scope = await run("create", "--owner", "alice", "--scopes", "read,write");
  expect(scope).toMatchObject({
    code: 1,
    out: "",
    words: expect.stringContaining("one or more of read, submit"),
  });
  for (const [command, duration] of [
    ["--expires", "0d"],
    ["--expires", "soon"],
    ["--expires", "9999d"],
  ]) {
    const refused = await run("create", "--owner", "alice", command ?? "", duration ?? "");
    expect(refused).toMatchObject({ code: 1, out: "", words: expect.stringContaining("It must be") });
  }
});

test("help says what each command does", async () => {
  const { code, out } = await run("--help");
  expect(code).toBe(0);
  for (const word of ["create", "list", "revoke", "rotate", "AUTH=api-keys"]) expect(out).toContain(word);
  expect((await run("create", "--help")).out).toContain("--label <text>");
});
