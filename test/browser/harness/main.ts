/** Gives a test the SDK inside a page: connected as the example connects, with every watch's states kept. */
import { getFirestore } from "firebase/firestore";
import { connect, type PageSettings } from "../../../examples/listener/connect.ts";
import {
  type Batch,
  type BatchWatchOptions,
  type Client,
  createClient,
  type Job,
  type JobRequest,
  type WatchOptions,
} from "../../../src/sdk/index.ts";
import { timeJob, timeWrites } from "./timing.ts";

declare const PAGE_SETTINGS: PageSettings;

export interface Watched {
  jobs: Job[];
  /** When the last state came, by performance.now(). */
  endedAt: number;
  /** Name of the error that it ended with. */
  error: string | undefined;
  done: boolean;
}

export interface WatchedBatch {
  batches: Batch[];
  /** By performance.now(), one for each. */
  times: number[];
  error: string | undefined;
  done: boolean;
}

export interface Harness {
  client: Client;
  /** The same user's, without Firestore. */
  overHttp: Client;
  /** Begins a watch; its states are in what comes back, now and later. */
  watch(id: string, via: WatchOptions["via"]): Watched;
  watchBatch(id: string, via: BatchWatchOptions["via"]): WatchedBatch;
  timeJob(request: JobRequest): Promise<number>;
  timeWrites(count: number): Promise<number[]>;
}

declare global {
  interface Window {
    sdk: Harness;
  }
}

const user = new URLSearchParams(location.search).get("user") ?? "local";
const { client, token } = connect(PAGE_SETTINGS, user);

function watch(id: string, via: WatchOptions["via"]): Watched {
  const watched: Watched = { jobs: [], endedAt: 0, error: undefined, done: false };
  const follow = async (): Promise<void> => {
    try {
      for await (const job of client.watchJob(id, { via, deadlineMs: 60_000 })) watched.jobs.push(job);
    } catch (error) {
      watched.error = error instanceof Error ? error.name : String(error);
    }
    watched.endedAt = performance.now();
    watched.done = true;
  };
  void follow();
  return watched;
}

function watchBatch(id: string, via: BatchWatchOptions["via"]): WatchedBatch {
  const watched: WatchedBatch = { batches: [], times: [], error: undefined, done: false };
  const follow = async (): Promise<void> => {
    try {
      for await (const batch of client.watchBatch(id, { via, deadlineMs: 60_000 })) {
        watched.batches.push(batch);
        watched.times.push(performance.now());
      }
    } catch (error) {
      watched.error = error instanceof Error ? error.name : String(error);
    }
    watched.done = true;
  };
  void follow();
  return watched;
}

const { firestoreEmulator, projectId } = PAGE_SETTINGS;
const documents = `http://${firestoreEmulator}/v1/projects/${projectId}/databases/(default)/documents`;

window.sdk = {
  client,
  overHttp: createClient({ url: "", credentials: token }),
  watch,
  watchBatch,
  timeJob: (request) => timeJob(client, request),
  timeWrites: (count) => timeWrites(getFirestore(), documents, user, count),
};
