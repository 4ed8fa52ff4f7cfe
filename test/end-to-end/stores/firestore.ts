/**
 * Stacks on the Firestore emulator, one for all of a file's stacks, each with a project of its own. API and worker
 * talk to it through a proxy that reads every commit which the emulator confirmed: a second one that ends a job is
 * seen even where a listener would get both at once.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSync, type ServiceDefinition } from "@grpc/proto-loader";
import { z } from "zod";
import { openDatabase } from "../../../src/shared/job-store/firestore/open-database.ts";
import { newProject } from "../../job-store/firestore-under-test.ts";
import { type FirestoreProxy, startFirestoreProxy } from "../../support/firestore-proxy.ts";
import {
  type FirestoreEmulatorPart,
  startFirestoreEmulator,
} from "../../support/start-firestore-emulator.ts";
import { startStack } from "../../support/start-stack.ts";
import { TERMINAL, type TerminalWrites } from "../terminal-writes.ts";
import type { StackOnStore, StackStore } from "./store.ts";

export interface StackOnFirestore extends StackOnStore {
  proxy: FirestoreProxy;
}

export interface FirestoreStore extends StackStore {
  startStack(...options: Parameters<StackStore["startStack"]>): Promise<StackOnFirestore>;
  emulator(): FirestoreEmulatorPart;
}

export function firestoreStore({
  manyJobs,
  killsEachPart,
}: Pick<StackStore, "manyJobs" | "killsEachPart">): FirestoreStore {
  let started: FirestoreEmulatorPart | undefined;
  const emulator = (): FirestoreEmulatorPart => {
    if (started === undefined) throw new Error("prepare() has not started the emulator");
    return started;
  };
  return {
    name: "Firestore",
    manyJobs,
    killsEachPart,
    emulator,
    async prepare() {
      started = await startFirestoreEmulator();
    },
    async startStack(options) {
      const { host } = emulator();
      const projectId = newProject();
      const proxy = await startFirestoreProxy(host);
      const writes = countTerminalWrites(proxy, host, projectId);
      const environment = {
        JOB_STORE: "firestore",
        FIRESTORE_PROJECT: projectId,
        FIRESTORE_EMULATOR_HOST: proxy.host,
        ...options.environment,
      };
      const stack = await startStack({ ...options, environment });
      return {
        stack,
        writes,
        proxy,
        async stop() {
          await stack.stop();
          await writes.close();
          proxy.close();
          await emulator().clear(projectId);
        },
      };
    },
    dispose: () => emulator().stop(),
  };
}

const JOB = /\/documents\/jobs\/([^/]+)$/;
const commitSchema = z.object({
  writes: z
    .array(
      z.object({
        update: z
          .object({
            name: z.string(),
            fields: z.record(z.string(), z.looseObject({ stringValue: z.string().optional() })).optional(),
          })
          .nullish(),
      }),
    )
    .optional(),
});

function countTerminalWrites(proxy: FirestoreProxy, host: string, projectId: string): TerminalWrites {
  const readCommit = readerOf("Commit");
  const counts = new Map<string, number>();
  proxy.onAnswered(({ method, request }) => {
    if (method !== "Commit") return;
    for (const { update } of commitSchema.parse(readCommit(request)).writes ?? []) {
      const id = JOB.exec(update?.name ?? "")?.[1];
      const ends = TERMINAL.includes(update?.fields?.["status"]?.stringValue ?? "");
      if (id !== undefined && ends) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  });
  const { db, close } = openDatabase({ projectId, emulatorHost: host });
  return {
    counts: () => new Map([...counts].sort(([one], [other]) => (one < other ? -1 : 1))),
    async withoutOneResult() {
      const jobs = await db.collection("jobs").where("status", "==", "succeeded").get();
      const parts = await db.collectionGroup("parts").get();
      const places = new Set(
        jobs.docs.filter((job) => job.get("inlineResult")).map((job) => `${job.id} job`),
      );
      for (const part of parts.docs) places.add(`${part.ref.parent.parent?.id} ${part.get("attemptId")}`);
      return jobs.docs
        .map(({ id }) => id)
        .filter((id) => [...places].filter((place) => place.startsWith(`${id} `)).length !== 1);
    },
    close,
  };
}

/** Reads the requests of a method as they go over the wire, by Google's own description of them. */
export function readerOf(method: string): (bytes: Buffer) => object {
  const library = dirname(fileURLToPath(import.meta.resolve("@google-cloud/firestore/package.json")));
  const options = { includeDirs: [join(library, "build", "protos")] };
  const { "google.firestore.v1.Firestore": service } = loadSync(
    "google/firestore/v1/firestore.proto",
    options,
  );
  const found = (service as ServiceDefinition)[method];
  if (found === undefined) throw new Error(`Firestore's protocol has no ${method}`);
  return found.requestDeserialize;
}
