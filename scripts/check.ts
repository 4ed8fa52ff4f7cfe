/** `npm run check`: the one gate. Every check runs, two at a time; the output of those that fail is shown. */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

interface Check {
  name: string;
  command: string;
  args: string[];
  /** Relative to the root of the repository, where this runs. */
  directory?: string;
}

const PYTHON_SOURCES = [".", "../scripts", "../src", "../bench", "../deploy"];
const RUFF = ["--config", "pyproject.toml", ...PYTHON_SOURCES];

const CHECKS: Check[] = [
  { name: "types", command: "tsc", args: ["--noEmit", "-p", "."] },
  { name: "types of pages", command: "tsc", args: ["--noEmit", "-p", "test/browser"] },
  { name: "lint and walls", command: "oxlint", args: ["--deny-warnings"] },
  { name: "format", command: "biome", args: ["check", "--error-on-warnings", "."] },
  { name: "nothing unused", command: "knip", args: ["--treat-config-hints-as-errors"] },
  { name: "python lint", command: "../.venv/bin/ruff", args: ["check", ...RUFF], directory: "executor" },
  {
    name: "python format",
    command: "../.venv/bin/ruff",
    args: ["format", "--check", ...RUFF, "../examples"],
    directory: "executor",
  },
  { name: "python types", command: "../.venv/bin/mypy", args: [], directory: "executor" },
  {
    name: "generated code is current",
    command: ".venv/bin/python",
    args: ["scripts/generate-proto.py", "--check"],
  },
];

interface Outcome {
  passed: boolean;
  output: string;
}

function runCheck({ command, args, directory }: Check): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: directory ?? ".", stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (error) => resolve({ passed: false, output: `${command}: ${error.message}\n` }));
    child.once("close", (code) => resolve({ passed: code === 0, output }));
  });
}

async function runAll(checks: Check[], atOnce: number): Promise<string[]> {
  const waiting = [...checks];
  const failed: string[] = [];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const start = performance.now();
      const { passed, output } = await runCheck(check);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${passed ? "ok    " : "FAILED"} ${check.name} (${seconds} s)`);
      if (passed) continue;
      failed.push(check.name);
      console.log(output.trimEnd());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failed;
}

const failed = await runAll(CHECKS, availableParallelism());
console.log(`${CHECKS.length - failed.length} checks passed, ${failed.length} failed`);
if (failed.length > 0) process.exitCode = 1;
