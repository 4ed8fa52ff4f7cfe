/** A Firestore emulator of one's own: on loopback, with the rules that are deployed. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.ts";
import { ROOT } from "../paths.ts";
import { type Child, ChildError, startChild } from "../processes/child.ts";
import { childFailure } from "../processes/wait-for-line.ts";
import { requireEmulator } from "./find-emulator.ts";

const MAIN_CLASS = "com.google.cloud.datastore.emulator.firestore.CloudFirestore";
/** Its error messages are in English alone. Compiled once, quickly, it takes half the CPU time over its first 400 jobs. */
const JVM = ["-Duser.language=en", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
const RULES = join(ROOT, "deploy", "firestore", "firestore.rules");
const READY_MS = 60_000;
const PROBE_EVERY_MS = 100;
const PROBE_MS = 2_000;
const START_TRIES = 3;

export interface EmulatorOptions {
  environment: NodeJS.ProcessEnv;
  projectId: string;
  /** Any free one if undefined. */
  port?: number | undefined;
  /** What an earlier one exported (saved-documents.ts). */
  seed?: string | undefined;
  /** Held while it runs; see end-with-parent.py. */
  lockFile?: string | undefined;
  onLine?: ((line: string) => void) | undefined;
}

export interface RunningEmulator {
  child: Child;
  /** host:port, for FIRESTORE_EMULATOR_HOST. */
  host: string;
}

/** Resolves when it answers. Rejects with UnfitMachineError where emulator or Java are missing. */
export async function startFirestoreEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart(options);
    } catch (error) {
      const portWasTaken = error instanceof ChildError && error.message.includes("Address already in use");
      if (!portWasTaken || options.port !== undefined || attempt === START_TRIES) throw error;
    }
  }
}

async function tryToStart(options: EmulatorOptions): Promise<RunningEmulator> {
  const { environment, projectId, seed, lockFile, onLine } = options;
  const { java, jar } = await requireEmulator(environment);
  const port = options.port ?? (await freePort());
  const host = `127.0.0.1:${port}`;
  // Java at once instead of the gcloud script, which would leave Java behind when it is stopped.
  const child = await startChild({
    name: "emulator",
    command: java,
    args: [
      ...JVM,
      "-cp",
      jar,
      MAIN_CLASS,
      "start",
      "--host=127.0.0.1",
      `--port=${port}`,
      `--rules=${RULES}`,
      `--project_id=${projectId}`,
      ...(seed === undefined ? [] : [`--seed_from_export=${seed}`]),
    ],
    environment,
    lockFile,
    onLine,
  });
  try {
    await untilItAnswers(child, host);
    await warmUp(host, projectId);
    return { child, host };
  } catch (error) {
    await child.stop(0);
    throw error;
  }
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

/** The first write after a start took 4 s on a busy machine: more than callers have, so it is made before they come. */
async function warmUp(host: string, projectId: string): Promise<void> {
  const database = `projects/${projectId}/databases/(default)`;
  const answer = await fetch(`http://${host}/v1/${database}/documents:commit`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: "Bearer owner" },
    body: JSON.stringify({ writes: [{ delete: `${database}/documents/checks/start` }] }),
    signal: AbortSignal.timeout(READY_MS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The Firestore emulator at ${host} does not take writes: ${text}`);
}
