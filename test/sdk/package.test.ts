/** The SDK as it is published: plain JavaScript, with types, for a program that has neither TypeScript nor this repository. */
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../src/local/paths.ts";
import { temporaryDirectory } from "../support/part.ts";

const directory = temporaryDirectory();
const sdk = join(directory.path, "sdk");

beforeAll(() => {
  const path = [join(ROOT, "node_modules/.bin"), process.env["PATH"]].join(":");
  execFileSync(process.execPath, ["scripts/build-sdk.ts", sdk], {
    cwd: ROOT,
    env: { ...process.env, PATH: path },
  });
  // What npm would install: the packages that the manifest names.
  symlinkSync(join(ROOT, "node_modules"), join(directory.path, "node_modules"));
});
afterAll(() => directory.remove());

test("a plain program imports it and gets typed errors", () => {
  const program = join(directory.path, "program.mjs");
  writeFileSync(
    program,
    `import { createClient, UnreachableError } from "./sdk/sdk/index.js";
     const client = createClient({ url: "http://127.0.0.1:1", retries: 0 });
     const error = await client.listJobs().catch((reason) => reason);
     console.log(error instanceof UnreachableError);`,
  );
  const switches = ["--no-experimental-strip-types", program];
  expect(execFileSync(process.execPath, switches, { encoding: "utf8" })).toBe("true\n");
});

test("it names every package that it imports, and brings its types", () => {
  const manifest: { dependencies: object; exports: { ".": { types: string } } } = JSON.parse(
    readFileSync(join(sdk, "package.json"), "utf8"),
  );
  const lines = execFileSync("grep", ["-rhE", '^(import|export|}) .*from "[a-z@]', sdk], {
    encoding: "utf8",
  });
  const imported = new Set([...lines.matchAll(/from "([a-z@][^"/]*)/g)].map(([, name]) => name));
  expect(imported).toEqual(new Set(Object.keys(manifest.dependencies)));
  expect(readFileSync(join(sdk, manifest.exports["."].types), "utf8")).toContain("createClient");
});
