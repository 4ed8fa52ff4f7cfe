/** Where a local stack keeps its jobs: a SQLite file, or the Firestore emulator. */
import { mkdirSync } from "node:fs";
import { findSaved, saveDocuments } from "./firestore-emulator/saved-documents.ts";
import { type RunningEmulator, startFirestoreEmulator } from "./firestore-emulator/start-emulator.ts";
import type { StateDirectory } from "./state-directory.ts";

/** A name that begins with demo- never reaches a real project. */
const PROJECT = "demo-strategiz";

export interface LocalJobStore {
  /** For API and worker. */
  environment: Record<string, string>;
  /** For who starts the stack. */
  description: string;
  /** Where the entries of its jobs are: those of another store's would be taken for jobs that are gone. */
  queueDirectory: string;
  /** The process of an emulator that was started for it. */
  emulator: RunningEmulator | undefined;
  /** Keeps what is in memory alone; to be called when nobody writes any more and before the emulator is stopped. */
  save(): Promise<void>;
}

export interface FirestoreChoice {
  /** Of the emulator that is started; any free one if undefined. */
  port?: number | undefined;
}

export function sqliteJobStore(state: StateDirectory): LocalJobStore {
  const path = state.file("jobs.sqlite");
  return {
    environment: { JOB_STORE: "sqlite", SQLITE_PATH: path },
    description: path,
    queueDirectory: state.file("valkey"),
    emulator: undefined,
    save: async () => undefined,
  };
}

/** The emulator of FIRESTORE_EMULATOR_HOST, which is somebody else's, or one that is started here. */
export async function firestoreJobStore(
  state: StateDirectory,
  { port }: FirestoreChoice,
  inherited: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<LocalJobStore> {
  const projectId = inherited["FIRESTORE_PROJECT"] || inherited["GOOGLE_CLOUD_PROJECT"] || PROJECT;
  const environment = { JOB_STORE: "firestore", FIRESTORE_PROJECT: projectId };
  const queueDirectory = state.file("valkey-firestore");
  const given = inherited["FIRESTORE_EMULATOR_HOST"];
  if (given !== undefined && given !== "") {
    return {
      environment: { ...environment, FIRESTORE_EMULATOR_HOST: given },
      description: `Firestore emulator at ${given}, project ${projectId} (not ours: it is left running)`,
      queueDirectory,
      emulator: undefined,
      save: async () => undefined,
    };
  }
  const directory = state.file("firestore");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const emulator = await startFirestoreEmulator({
    environment: inherited,
    projectId,
    port,
    seed: findSaved(directory),
    lockFile: state.file("firestore.lock"),
    onLine,
  });
  return {
    environment: { ...environment, FIRESTORE_EMULATOR_HOST: emulator.host },
    description: `Firestore emulator at ${emulator.host}, project ${projectId}, in memory; saved to ${directory} on an orderly stop`,
    queueDirectory,
    emulator,
    save: () => saveDocuments(emulator.host, projectId, directory),
  };
}
