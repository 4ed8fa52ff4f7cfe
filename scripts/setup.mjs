// Installs what the other scripts need: node_modules from package-lock.json, .venv from executor/requirements-dev.txt.
// It runs before every npm script (the pre* hooks of package.json), on Node >= 20 with nothing installed yet, and
// does nothing when nothing changed. `node scripts/setup.mjs --python python3.12` chooses an interpreter;
// `--environment NAME` sets up one of the other Python environments below instead.
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OLDEST_NODE = 20;
const OLDEST_PYTHON = [3, 11];
const INTERPRETERS = ["python3.14", "python3.13", "python3.12", "python3.11", "python3"];
// The libraries that ours is compared with stay out of .venv: pandas computes otherwise where Bottleneck is installed.
const ENVIRONMENTS = {
  service: { name: ".venv", requirements: "executor/requirements-dev.txt", stamp: "python-packages" },
  libraries: {
    name: ".venv-libraries",
    requirements: "executor/requirements-libraries.txt",
    stamp: "library-packages",
  },
  bench: { name: ".venv-bench", requirements: "bench/requirements.txt", stamp: "bench-packages" },
};

/** A reason to stop that its reader can act on: one line, no stack. */
class SetupError extends Error {}

const OPTIONS = { cwd: ROOT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 };
/** Once one part has failed, the other ends too. */
const failing = new AbortController();

/** For what takes a moment. */
function ask(command, args) {
  return spawnSync(command, args, OPTIONS);
}

/** For what takes long: Node's and Python's packages are installed at the same time. */
function run(command, args) {
  return new Promise((resolve) => {
    execFile(command, args, { ...OPTIONS, signal: failing.signal }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, missing: error?.code === "ENOENT", said: `${stdout}${stderr}` }),
    );
  });
}

/** Says what is being done, does it, says how long it took. */
async function step(what, work) {
  const start = Date.now();
  process.stdout.write(`setup: ${what} ...\n`);
  await work();
  process.stdout.write(`setup: ${what}: ${((Date.now() - start) / 1000).toFixed(1)} s\n`);
}

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < OLDEST_NODE) {
    throw new SetupError(
      `Node >= ${OLDEST_NODE} is needed and this is ${process.versions.node}: install a newer Node.`,
    );
  }
}

/** npm keeps what it installed in node_modules/.package-lock.json: comparing it also sees `npm install` by hand. */
function nodePackagesAreInstalled() {
  const installedLock = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock) || !existsSync(join(ROOT, "node_modules", "node", "bin", "node")))
    return false;
  const installed = JSON.parse(readFileSync(installedLock, "utf8")).packages;
  const { "": _project, ...wanted } = JSON.parse(
    readFileSync(join(ROOT, "package-lock.json"), "utf8"),
  ).packages;
  const missing = Object.entries(wanted).some(
    ([path, entry]) => !entry.optional && installed[path] === undefined,
  );
  const stale = Object.entries(installed).some(([path, entry]) => wanted[path]?.version !== entry.version);
  return !missing && !stale;
}

async function setUpNode() {
  if (!nodePackagesAreInstalled()) {
    await step("installing Node packages (package-lock.json)", installNodePackages);
  }
}

async function installNodePackages() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  // Not `npm ci`: it refuses a lock file that lacks the packages of other platforms, and ours was written where only
  // those of Linux were to be had. The versions are those of the lock file, which --no-save leaves alone.
  const args = ["install", "--no-save", "--loglevel=error", "--no-progress"];
  // The Node that runs npm, not the one in node_modules, which may be replaced.
  const done = await (npm?.endsWith(".js")
    ? run(node ?? process.execPath, [npm, ...args])
    : run("npm", args));
  if (done.missing) throw new SetupError("npm is needed and was not found: install it.");
  if (done.failed) throw new SetupError(`npm install failed:\n${done.said}`);
}

/** The version of the interpreter that a venv was made with, undefined if that interpreter is gone. */
function venvVersion(venv) {
  const settings = join(venv, "pyvenv.cfg");
  if (!existsSync(settings) || !existsSync(join(venv, "bin", "python"))) return undefined;
  return /^version\s*=\s*(\S+)/m.exec(readFileSync(settings, "utf8"))?.[1];
}

function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]);
}

/** Tries the candidates in order by running them: a shim on PATH may stand for nothing. */
function findPython(candidates) {
  const found = [];
  for (const command of candidates) {
    const asked = ask(command, ["-c", "import platform; print(platform.python_version())"]);
    const version = asked.status === 0 ? asked.stdout.trim() : undefined;
    if (version !== undefined && isRecentEnough(version)) return { command, version };
    if (version !== undefined) found.push(`${command} is ${version}`);
  }
  const seen = found.length > 0 ? found.join(", ") : `tried ${candidates.join(", ")}`;
  throw new SetupError(
    `Python >= ${OLDEST_PYTHON.join(".")} is needed and was not found (${seen}): install it.`,
  );
}

async function createVenv(venv, { command, version }) {
  const hasModules = ask(command, ["-c", "import venv, ensurepip"]).status === 0;
  if (hasModules && !(await run(command, ["-m", "venv", "--clear", venv])).failed) return;
  rmSync(venv, { recursive: true, force: true });
  const minor = version.split(".").slice(0, 2).join(".");
  throw new SetupError(
    `Python ${version} (${command}) cannot make a venv: install its venv module (Debian: apt-get install python${minor}-venv).`,
  );
}

async function installPythonPackages(venv, requirements) {
  const args = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--require-hashes",
    "-r",
    requirements,
  ];
  const done = await run(join(venv, "bin", "python"), args);
  if (done.failed) throw new SetupError(`pip install failed:\n${done.said}`);
}

/** Every start of an executor would compile its modules anew, as its zygotes write no bytecode. It works without, too. */
async function compileExecutor(venv) {
  await run(join(venv, "bin", "python"), ["-m", "compileall", "-q", "executor/strategiz_executor"]);
}

/** What the packages in a venv depend on, as one line. */
function pythonFingerprint(version, requirements) {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  return `python ${version} requirements ${hash}\n`;
}

async function setUpPython(environment, candidates) {
  const venv = join(ROOT, environment.name);
  const requirements = join(ROOT, environment.requirements);
  const stamp = join(ROOT, ".setup", environment.stamp);
  const present = venvVersion(venv);
  if (present === undefined || !isRecentEnough(present)) {
    rmSync(stamp, { force: true });
    const python = findPython(candidates);
    await step(`making ${environment.name} with Python ${python.version}`, () => createVenv(venv, python));
  }
  const fingerprint = pythonFingerprint(venvVersion(venv), requirements);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint) return;
  await step(`installing Python packages (${environment.requirements})`, async () => {
    await installPythonPackages(venv, requirements);
    if (environment === ENVIRONMENTS.service) await compileExecutor(venv);
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, fingerprint);
}

function argument(name) {
  const place = process.argv.indexOf(name);
  return place > 0 ? process.argv[place + 1] : undefined;
}

function chosenEnvironment() {
  const name = argument("--environment") ?? "service";
  if (Object.hasOwn(ENVIRONMENTS, name)) return ENVIRONMENTS[name];
  throw new SetupError(`there is no environment ${name}: there are ${Object.keys(ENVIRONMENTS).join(", ")}.`);
}

try {
  requireNode();
  const python = argument("--python");
  const parts = [
    setUpPython(chosenEnvironment(), python === undefined ? INTERPRETERS : [python]),
    setUpNode(),
  ];
  try {
    await Promise.all(parts);
  } catch (error) {
    failing.abort();
    await Promise.allSettled(parts);
    throw error;
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`setup: ${error.message}\n`);
  process.exitCode = 1;
}
