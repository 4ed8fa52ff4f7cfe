/** `npm run lock:python`: compiles every requirements*.in into a file that pins each package with its hashes. */
import { execFileSync } from "node:child_process";

const UV = "uv==0.13.9";
const OPTIONS = [
  "--universal",
  "--python-version=3.11",
  "--generate-hashes",
  "--no-header",
  "--no-annotate",
  "--quiet",
];

function run(command: string, args: string[]): void {
  execFileSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
}

run(".venv/bin/python", ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV]);
for (const name of [
  "executor/requirements",
  "executor/requirements-dev",
  "executor/requirements-libraries",
  "bench/requirements",
]) {
  run(".venv/bin/uv", ["pip", "compile", ...OPTIONS, `${name}.in`, "--output-file", `${name}.txt`]);
  console.log(`${name}.txt`);
}
