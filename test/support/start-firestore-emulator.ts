/** The Firestore emulator of an installed gcloud CLI, with the rules that are deployed. */
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../src/local/free-port.ts";
import { ROOT } from "../../src/local/paths.ts";
import { type Child, startChild } from "../../src/local/processes/child.ts";
import { childFailure } from "../../src/local/processes/wait-for-line.ts";
import { asPart, type Part } from "./part.ts";

export interface FirestoreEmulatorPart extends Part {
  /** host:port, for FIRESTORE_EMULATOR_HOST. */
  host: string;
  projectId: string;
  /** Deletes every document of a project. */
  clear: (projectId?: string) => Promise<void>;
}

const JAR = join("platform", "cloud-firestore-emulator", "cloud-firestore-emulator.jar");
const MAIN_CLASS = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";
/** Its error messages are in English alone. */
const JVM = ["-Duser.language=en", "-Xmx512m", "-XX:+UseSerialGC"];
const USUAL_PLACES = ["/usr/lib/google-cloud-sdk", "/usr/share/google-cloud-sdk", "/opt/google-cloud-sdk"];
const RULES = join(ROOT, "deploy", "firestore", "firestore.rules");
const READY_MS = 60_000;
const PROBE_EVERY_MS = 100;
const PROBE_MS = 2_000;

/**
 * Whether tests that need the emulator can run: without it they are skipped with one line, and in CI they are not
 * skipped, so that they fail.
 */
export function emulatorIsMissing(): boolean {
  if (findJar() !== undefined || Boolean(process.env["CI"])) return false;
  console.warn(
    "Skipped: no Firestore emulator (gcloud components install cloud-firestore-emulator, and Java 11)",
  );
  return true;
}

/** Resolves when it answers. One server holds any number of projects: a test takes one of its own. */
export async function startFirestoreEmulator(port?: number): Promise<FirestoreEmulatorPart> {
  const jar = findJar();
  if (jar === undefined) throw new Error("The gcloud CLI and its cloud-firestore-emulator are not installed");
  const projectId = "demo-strategiz";
  const listens = port ?? (await freePort());
  const host = `127.0.0.1:${listens}`;
  const address = ["--host=127.0.0.1", `--port=${listens}`];
  // Java at once instead of the gcloud script, which would leave Java behind when it is stopped.
  const child = await startChild({
    name: "firestore-emulator",
    command: process.env["JAVA"] ?? "java",
    args: [
      ...JVM,
      "-cp",
      jar,
      MAIN_CLASS,
      "start",
      ...address,
      `--rules=${RULES}`,
      `--project_id=${projectId}`,
    ],
    environment: process.env,
  });
  try {
    await untilItAnswers(child, host);
  } catch (error) {
    await child.stop(0);
    throw error;
  }
  const clear = (project = projectId): Promise<void> => clearDocuments(host, project);
  return { ...asPart(child), host, projectId, clear };
}

function findJar(): string | undefined {
  const beside = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, "gcloud"))
    .filter((file) => existsSync(file))
    .map((file) => dirname(dirname(realpathSync(file))));
  return [...beside, ...USUAL_PLACES].map((root) => join(root, JAR)).find((file) => existsSync(file));
}

async function untilItAnswers(child: Child, host: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!(await answers(host))) {
    if (child.hasEnded()) throw childFailure(child, "ended before it was ready");
    if (Date.now() > deadline) throw childFailure(child, `was not ready within ${READY_MS / 1000} s`);
    await sleep(PROBE_EVERY_MS);
  }
}

async function answers(host: string): Promise<boolean> {
  try {
    return (await fetch(`http://${host}/`, { signal: AbortSignal.timeout(PROBE_MS) })).ok;
  } catch {
    return false;
  }
}

async function clearDocuments(host: string, projectId: string): Promise<void> {
  const url = `http://${host}/emulator/v1/projects/${projectId}/databases/(default)/documents`;
  const answer = await fetch(url, { method: "DELETE", signal: AbortSignal.timeout(READY_MS) });
  if (!answer.ok) throw new Error(`The emulator did not clear ${projectId}: ${await answer.text()}`);
}
