/**
 * `npm test`: vitest and pytest, and one line for both together. `npm test -- test/api executor/tests/test_x.py`
 * runs what is named; a path under executor/ goes to pytest, everything else to vitest. Without names four run at once:
 * the end-to-end tests, which wait for most of their time, the other tests of vitest, those of pytest that start
 * executors, and its others. What the latter three print comes after the first.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { z } from "zod";

interface Count {
  passed: number;
  failed: number;
}

const scratch = mkdtempSync(join(tmpdir(), "strategiz-test-"));
const named = process.argv.slice(2);
const forPytest = named.filter((name) => name.startsWith("executor/"));
const forVitest = named.filter((name) => !name.startsWith("executor/"));

/** Runs a test runner that prints to `output`; an interrupt reaches it and ends this process after it. */
function run(
  command: string,
  args: string[],
  directory: string,
  output: "inherit" | number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: directory, stdio: ["ignore", output, output] });
    const pass = (signal: NodeJS.Signals): void => {
      child.kill(signal);
    };
    process.on("SIGINT", pass).on("SIGTERM", pass);
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** A runner that ends badly without a failed test (a process left behind, a crash) counts as one failure. */
function withExitCode(count: Count, exitCode: number): Count {
  return exitCode !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

const vitestReport = z.object({ numPassedTests: z.number(), numFailedTests: z.number() });

type Project = "end-to-end" | "rooms";

/** All that is named, or one project of vitest.config.ts. */
async function runVitest(output: "inherit" | number, project?: Project): Promise<Count> {
  const report = join(scratch, `vitest-${project ?? "named"}.json`);
  const chosen = project === undefined ? forVitest : ["--project", project];
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const exitCode = await run(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", ...reporters, ...chosen],
    ".",
    output,
  );
  const parsed = vitestReport.safeParse(readReport(report, JSON.parse));
  const count = parsed.success ? parsed.data : { numPassedTests: 0, numFailedTests: 0 };
  return withExitCode({ passed: count.numPassedTests, failed: count.numFailedTests }, exitCode);
}

/** Folders of executor/tests whose tests start executors, and wait for them. */
const WITH_EXECUTORS = ["batch", "hostile", "sandbox", "server"];

const pytestFolders = readdirSync("executor/tests", { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith("__"))
  .map((entry) => entry.name);

/** The tests in these folders of executor/tests. */
function pytestOf(folders: string[]): string[] {
  return folders.map((name) => join("executor/tests", name));
}

async function runPytest(output: "inherit" | number, name: string, named: string[]): Promise<Count> {
  const report = join(scratch, `${name}.xml`);
  const paths = named.map((path) => relative("executor", path));
  const exitCode = await run(
    "../.venv/bin/python",
    ["-m", "pytest", `--junitxml=${report}`, ...paths],
    "executor",
    output,
  );
  const suite = readReport(report, (text) => /<testsuite [^>]*>/.exec(text)?.[0]) ?? "";
  const figure = (name: string): number => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = figure("failures") + figure("errors");
  return withExitCode({ passed: figure("tests") - failed - figure("skipped"), failed }, exitCode);
}

/** undefined where the runner died before it wrote its report: its exit code then says that it failed. */
function readReport<Report>(path: string, parse: (text: string) => Report): Report | undefined {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    console.error(`No report at ${path}: ${String(error)}`);
    return undefined;
  }
}

async function runAll(): Promise<Count[]> {
  console.log("The end-to-end tests; what the other tests and pytest print meanwhile follows");
  return await Promise.all([
    runVitest("inherit", "end-to-end"),
    printedAfterwards("rooms.log", (output) => runVitest(output, "rooms")),
    printedAfterwards("pytest-executors.log", (output) =>
      runPytest(output, "executors", pytestOf(WITH_EXECUTORS)),
    ),
    printedAfterwards("pytest-others.log", (output) =>
      runPytest(output, "others", pytestOf(pytestFolders.filter((name) => !WITH_EXECUTORS.includes(name)))),
    ),
  ]);
}

const logs: string[] = [];

async function printedAfterwards(name: string, work: (output: number) => Promise<Count>): Promise<Count> {
  const log = join(scratch, name);
  logs.push(log);
  const output = openSync(log, "w");
  try {
    return await work(output);
  } finally {
    closeSync(output);
  }
}

async function runNamed(): Promise<Count[]> {
  const counts: Count[] = [];
  if (forVitest.length > 0) counts.push(await runVitest("inherit"));
  if (forPytest.length > 0) counts.push(await runPytest("inherit", "named", forPytest));
  return counts;
}

let counts: Count[];
try {
  counts = await (named.length === 0 ? runAll() : runNamed());
} finally {
  for (const log of logs) process.stdout.write(readFileSync(log));
  rmSync(scratch, { recursive: true, force: true });
}
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) process.exitCode = 1;
