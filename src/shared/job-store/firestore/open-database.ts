/** The connection to Firestore: through firebase-admin, so that credentials are found as everywhere at Google. */
import { deleteApp, initializeApp } from "firebase-admin/app";
import { type Firestore, getFirestore } from "firebase-admin/firestore";
import { newId } from "../../ids.ts";

export interface DatabaseSettings {
  /** As Google's own means find it if undefined: credentials, then the metadata server. */
  projectId?: string | undefined;
  /** host:port; talks to it without TLS and credentials. */
  emulatorHost?: string | undefined;
}

export interface OpenDatabase {
  db: Firestore;
  close: () => Promise<void>;
}

/** gRPC's own limit is two minutes, which would follow upon an outage of one. */
const RECONNECT_AT_MOST_AFTER_MS = 2_000;

/** Told to the client library, which would ask a metadata server for it: up to a second where there is none. */
const WITHOUT_CREDENTIALS = { clientOptions: { universeDomain: "googleapis.com" } };

/** Connects with the first call; a database that cannot be reached is noticed by then. */
export function openDatabase({ projectId, emulatorHost }: DatabaseSettings): OpenDatabase {
  const app = initializeApp(projectId === undefined ? {} : { projectId }, `job-store-${newId()}`);
  const db = getFirestore(app);
  db.settings({
    ignoreUndefinedProperties: true,
    grpcOptions: { "grpc.max_reconnect_backoff_ms": RECONNECT_AT_MOST_AFTER_MS },
    ...(emulatorHost === undefined ? {} : { host: emulatorHost, ssl: false, ...WITHOUT_CREDENTIALS }),
  });
  return { db, close: () => deleteApp(app) };
}
