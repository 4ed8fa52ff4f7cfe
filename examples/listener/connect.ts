/** What the page talks to: the API on its own origin, and the Firestore emulator where it was told of one. */
import { initializeApp } from "firebase/app";
import * as sdk from "firebase/firestore";
import { type Client, createClient, type FirestoreAccess } from "../../src/sdk/index.ts";

/** Put into the page by vite.config.ts. */
export interface PageSettings {
  /** host:port; null without Firestore. */
  firestoreEmulator: string | null;
  projectId: string;
}

export interface Connection {
  client: Client;
  hasFirestore: boolean;
  /** What the client sends to the API; empty where it sends nothing. */
  token: () => string;
  /** One line for people. */
  description: string;
}

/**
 * With the emulator everybody may say who they are, here and at the API; `user` has to be `local` for an API with
 * AUTH=none. A page in production signs in with firebase/auth instead: docs/frontend.md.
 */
export function connect({ firestoreEmulator, projectId }: PageSettings, user: string): Connection {
  if (firestoreEmulator === null) {
    const description = "Connected to the API; updates come as server-sent events.";
    return { client: createClient({ url: "" }), hasFirestore: false, token: () => "", description };
  }
  const firestore = openEmulator(firestoreEmulator, projectId, user);
  const token = (): string => unsignedToken(projectId, user);
  return {
    client: createClient({ url: "", firestore, credentials: token }),
    hasFirestore: true,
    token,
    description: `Connected to the API and to Firestore (emulator at ${firestoreEmulator}) as ${user}.`,
  };
}

function openEmulator(host: string, projectId: string, user: string): FirestoreAccess {
  const db = sdk.getFirestore(initializeApp({ projectId, apiKey: "emulator" }));
  const { hostname, port } = new URL(`http://${host}`);
  sdk.connectFirestoreEmulator(db, hostname, Number(port), { mockUserToken: { sub: user } });
  return { db, sdk };
}

function unsignedToken(projectId: string, user: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const issuer = `https://securetoken.google.com/${projectId}`;
  const claims = { iss: issuer, aud: projectId, sub: user, auth_time: now, iat: now, exp: now + 3_600 };
  return `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`;
}

function encode(part: object): string {
  const bytes = new TextEncoder().encode(JSON.stringify(part));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
