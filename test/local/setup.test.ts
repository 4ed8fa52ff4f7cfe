import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ROOT } from "../../src/local/paths.ts";
import { temporaryDirectory } from "../support/part.ts";

let copy: ReturnType<typeof temporaryDirectory>;

/** A checkout with Node packages installed and nothing of Python, on a machine whose PATH is `<checkout>/bin`. */
beforeEach(() => {
  copy = temporaryDirectory();
  for (const file of ["scripts/setup.mjs", "package-lock.json", "executor/requirements-dev.txt"]) {
    mkdirSync(dirname(join(copy.path, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(copy.path, file));
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy.path, "node_modules"));
  mkdirSync(join(copy.path, "bin"));
});
afterEach(() => copy.remove());

function program(name: string, script: string): void {
  const path = join(copy.path, "bin", name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

function setUp(directory = copy.path): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    const environment = { PATH: join(copy.path, "bin") };
    const script = join(directory, "scripts", "setup.mjs");
    execFile(process.execPath, [script], { env: environment }, (error, output, errors) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, output, errors }),
    );
  });
}

test("without Python it says so in one line", async () => {
  const { code, errors } = await setUp();
  expect(code).toBe(1);
  expect(errors).toMatch(/^setup: Python >= 3\.11 is needed and was not found .*: install it\.\n$/);
});

test("a Python that is too old is named", async () => {
  program("python3", "echo 3.9.18");
  const { code, errors } = await setUp();
  expect(code).toBe(1);
  expect(errors).toMatch(/^setup: Python >= 3\.11 .*python3 is 3\.9\.18.*\n$/);
});

test("a shim that stands for no Python is passed over", async () => {
  program("python3.14", "echo no such version >&2; exit 127");
  program("python3", "echo 3.10.2");
  expect((await setUp()).errors).toContain("(python3 is 3.10.2)");
});

test("a Python without venv leads to one line that says what to install", async () => {
  program("python3", 'case "$2" in *platform*) echo 3.12.4 ;; *) exit 1 ;; esac');
  const { code, errors } = await setUp();
  expect(code).toBe(1);
  expect(errors).toMatch(/^setup: Python 3\.12\.4 \(python3\) cannot make a venv: .*python3\.12-venv\)\.\n$/);
});

test("where everything is installed it does nothing, as each of its steps would print a line", async () => {
  await setUp(ROOT);
  expect(await setUp(ROOT)).toEqual({ code: 0, output: "", errors: "" });
});
