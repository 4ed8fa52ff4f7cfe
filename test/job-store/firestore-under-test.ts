import { randomUUID } from "node:crypto";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import type { JobRecord } from "../../src/shared/job-store/job-record.ts";
import { openJobStore } from "../../src/shared/job-store/open-job-store.ts";
import type { JobStore, Seen } from "../../src/shared/job-store/port.ts";
import { createLogger } from "../../src/shared/logging.ts";
import type { FirestoreEmulatorPart } from "../support/start-firestore-emulator.ts";
import type { StoreUnderTest } from "./conformance.ts";

type Database = ReturnType<typeof openDatabase>["db"];

/** A project that no other test writes to. */
export function newProject(): string {
  return `demo-${randomUUID()}`;
}

export function openFirestore(
  emulatorHost: string,
  projectId: string,
  deadlineMs = 20_000,
): Promise<JobStore> {
  const config = {
    JOB_STORE: "firestore" as const,
    SQLITE_PATH: "",
    FIRESTORE_PROJECT: projectId,
    FIRESTORE_EMULATOR_HOST: emulatorHost,
    STORE_DEADLINE_MS: deadlineMs,
  };
  return openJobStore(config, createLogger("test", "silent"));
}

/** `seen`: when listeners are to see the jobs that are created. */
export async function firestoreUnderTest(
  emulator: FirestoreEmulatorPart,
  seen: Seen = "at once",
): Promise<StoreUnderTest> {
  const projectId = newProject();
  const store = creating(seen, await openFirestore(emulator.host, projectId));
  const outsider = openDatabase({ projectId, emulatorHost: emulator.host });
  return {
    store,
    openAnother: async () => creating(seen, await openFirestore(emulator.host, projectId)),
    damageResult: (job) => flipOneBit(outsider.db, job),
    removeLastPart: (job) => removeLastPart(outsider.db, job),
    countParts: async () => (await outsider.db.collectionGroup("parts").get()).size,
    dispose: async () => {
      await store.close();
      await outsider.close();
      await emulator.clear(projectId);
    },
  };
}

function creating(seen: Seen, store: JobStore): JobStore {
  const create = store.create.bind(store);
  return Object.assign(store, {
    create: (...[job, request]: Parameters<JobStore["create"]>) => create(job, request, seen),
  });
}

async function flipOneBit(db: Database, { id, attemptId }: JobRecord): Promise<void> {
  const part = db.doc(`jobs/${id}/parts/${attemptId}_1`);
  const bytes: unknown = (await part.get()).get("bytes");
  if (!(bytes instanceof Uint8Array)) throw new Error(`Job ${id} has no second part`);
  await part.update({ bytes: Buffer.from(bytes.map((byte, at) => (at === 1_000 ? byte ^ 1 : byte))) });
}

async function removeLastPart(db: Database, { id, attemptId, result }: JobRecord): Promise<void> {
  const last = db.doc(`jobs/${id}/parts/${attemptId}_${(result?.parts ?? 0) - 1}`);
  if ((await last.get()).exists) await last.delete();
  else await db.doc(`jobs/${id}`).set({ inlineResult: null }, { merge: true });
}
