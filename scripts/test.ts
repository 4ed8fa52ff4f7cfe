/**
 * `npm test`: vitest and pytest, and one line for both together. `npm test -- test/api executor/tests/test_x.py`
 * runs what is named; a path under executor/ goes to pytest, everything else to vitest. Without names four run at once:
 * the end-to-end tests, which wait for most of their time, the other tests of vitest, those of pytest that start
 * executors, and its others. What the latter three print comes after the first, and once more at the end what failed.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { XMLParser } from "fast-xml-parser";
import { z } from "zod";

/** What a runner found; `failures` are the names of tests, each with the beginning of its message. */
interface Outcome {
  passed: number;
  failures: string[];
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

const LINES_OF_A_MESSAGE = 12;
const message = z.object({ "@message": z.string().default("") }).transform((node) => node["@message"]);
const junitCase = z.object({
  "@classname": z.string(),
  "@name": z.string(),
  skipped: z.array(z.unknown()).default([]),
  failure: z.array(message).default([]),
  error: z.array(message).default([]),
});
const junitReport = z.object({
  testsuites: z.object({
    testsuite: z.array(z.object({ testcase: z.array(junitCase).default([]) })).default([]),
  }),
});
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  isArray: (name) => ["testsuite", "testcase", "skipped", "failure", "error"].includes(name),
  parseTagValue: false,
  htmlEntities: true, // the ends of lines in messages
});

/** Reads a JUnit report. A runner that ends badly without a failed test (a process left behind, a crash) counts as one. */
function outcomeOf(path: string, exitCode: number): Outcome {
  const outcome: Outcome = { passed: 0, failures: [] };
  try {
    const report = junitReport.parse(parser.parse(readFileSync(path, "utf8")));
    for (const test of report.testsuites.testsuite.flatMap((suite) => suite.testcase)) {
      const messages = [...test.failure, ...test.error];
      if (messages.length > 0) {
        const lines = messages.join("\n").trim().split("\n").slice(0, LINES_OF_A_MESSAGE);
        outcome.failures.push([`${test["@classname"]} ${test["@name"]}`, ...lines].join("\n    "));
      } else if (test.skipped.length === 0) outcome.passed += 1;
    }
  } catch (error) {
    outcome.failures.push(`No report at ${path}: ${String(error)}`);
  }
  if (exitCode !== 0 && outcome.failures.length === 0)
    outcome.failures.push(`A runner ended with ${exitCode} although none of its tests failed (${path})`);
  return outcome;
}

type Project = "end-to-end" | "rooms";

/** All that is named, or one project of vitest.config.ts. */
async function runVitest(output: "inherit" | number, project?: Project): Promise<Outcome> {
  const report = join(scratch, `vitest-${project ?? "named"}.xml`);
  const chosen = project === undefined ? forVitest : ["--project", project];
  const reporters = ["--reporter=default", "--reporter=junit", `--outputFile.junit=${report}`];
  const exitCode = await run(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", ...reporters, ...chosen],
    ".",
    output,
  );
  return outcomeOf(report, exitCode);
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

async function runPytest(output: "inherit" | number, name: string, named: string[]): Promise<Outcome> {
  const report = join(scratch, `${name}.xml`);
  const paths = named.map((path) => relative("executor", path));
  const exitCode = await run(
    "../.venv/bin/python",
    ["-m", "pytest", `--junitxml=${report}`, ...paths],
    "executor",
    output,
  );
  return outcomeOf(report, exitCode);
}

async function runAll(): Promise<Outcome[]> {
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

async function printedAfterwards(name: string, work: (output: number) => Promise<Outcome>): Promise<Outcome> {
  const log = join(scratch, name);
  logs.push(log);
  const output = openSync(log, "w");
  try {
    return await work(output);
  } finally {
    closeSync(output);
  }
}

async function runNamed(): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  if (forVitest.length > 0) outcomes.push(await runVitest("inherit"));
  if (forPytest.length > 0) outcomes.push(await runPytest("inherit", "named", forPytest));
  return outcomes;
}

let outcomes: Outcome[];
try {
  outcomes = await (named.length === 0 ? runAll() : runNamed());
} finally {
  for (const log of logs) process.stdout.write(readFileSync(log));
  rmSync(scratch, { recursive: true, force: true });
}
const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failures = outcomes.flatMap((outcome) => outcome.failures);
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
if (failures.length > 0 || passed === 0) process.exitCode = 1;
