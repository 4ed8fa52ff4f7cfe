/** The Firestore emulator of an installed gcloud CLI, with the rules that are deployed. */
import { findEmulatorJar } from "../../src/local/firestore-emulator/find-emulator.ts";
import { startFirestoreEmulator as start } from "../../src/local/firestore-emulator/start-emulator.ts";
import { asPart, type Part } from "./part.ts";

export interface FirestoreEmulatorPart extends Part {
  /** host:port, for FIRESTORE_EMULATOR_HOST. */
  host: string;
  projectId: string;
  /** Deletes every document of a project. */
  clear: (projectId?: string) => Promise<void>;
}

const CLEARED_MS = 60_000;

/**
 * Whether tests that need the emulator can run: without it they are skipped with one line, and in CI they are not
 * skipped, so that they fail.
 */
export function emulatorIsMissing(): boolean {
  if (findEmulatorJar(process.env) !== undefined || Boolean(process.env["CI"])) return false;
  console.warn(
    "Skipped: no Firestore emulator (gcloud components install cloud-firestore-emulator, and Java 11)",
  );
  return true;
}

/** Resolves when it answers. One server holds any number of projects: a test takes one of its own. */
export async function startFirestoreEmulator(port?: number): Promise<FirestoreEmulatorPart> {
  const projectId = "demo-strategiz";
  const { child, host } = await start({ environment: process.env, projectId, port });
  const clear = (project = projectId): Promise<void> => clearDocuments(host, project);
  return { ...asPart(child), host, projectId, clear };
}

async function clearDocuments(host: string, projectId: string): Promise<void> {
  const url = `http://${host}/emulator/v1/projects/${projectId}/databases/(default)/documents`;
  const answer = await fetch(url, { method: "DELETE", signal: AbortSignal.timeout(CLEARED_MS) });
  if (!answer.ok) throw new Error(`The emulator did not clear ${projectId}: ${await answer.text()}`);
}
