/** The client: jobs of one owner, over HTTP, and over Firestore where a page has it. docs/frontend.md shows its use. */
import { type BatchCalls, createBatchCalls } from "./batches.ts";
import type { FirestoreAccess } from "./firestore/access.ts";
import { createJobCalls, type JobCalls } from "./jobs.ts";
import { type Credentials, createAsk } from "./requests.ts";

export interface ClientOptions {
  /** Where the API is, without /v1: `https://api.example.com`, or "" for the page's own origin. */
  url: string;
  /** An API key, or a function that gives the user's ID token; none for an API with AUTH=none. */
  credentials?: Credentials;
  /** The page's Firestore, signed in as the same user: jobs and batches are then listened to and results read there. */
  firestore?: FirestoreAccess;
  /** How often a request is repeated that found nobody or was told to come back. Default 4. */
  retries?: number;
  /** Instead of the platform's own. */
  fetch?: typeof fetch;
}

export type Client = JobCalls & BatchCalls;

const RETRIES = 4;

/** Nothing is connected before the first call, and nothing stays open after the last. */
export function createClient(options: ClientOptions): Client {
  const { credentials, firestore, retries = RETRIES } = options;
  const url = options.url.replace(/\/+$/, "");
  const settings = { url, credentials, fetch: options.fetch ?? globalThis.fetch.bind(globalThis) };
  const ask = createAsk({ ...settings, retries });
  const askOnce = createAsk({ ...settings, retries: 0 });
  return { ...createJobCalls(ask, askOnce, firestore), ...createBatchCalls(ask, askOnce, firestore) };
}
