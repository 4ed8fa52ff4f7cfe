/** `npm run lock:python`: compiles executor/requirements*.in into files that pin every package with its hashes. */
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
  execFileSync(command, args, { cwd: "executor", stdio: ["ignore", "inherit", "inherit"] });
}

run("../.venv/bin/python", ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV]);
for (const name of ["requirements", "requirements-dev"]) {
  run("../.venv/bin/uv", ["pip", "compile", ...OPTIONS, `${name}.in`, "--output-file", `${name}.txt`]);
  console.log(`executor/${name}.txt`);
}
