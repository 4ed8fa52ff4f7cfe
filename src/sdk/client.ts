/** The client: jobs of one owner, over HTTP, and over Firestore where a page has it. docs/frontend.md shows its use. */
import type { z } from "zod";
import {
  type Job,
  type JobAccepted,
  type JobList,
  type JobStatus,
  jobAcceptedSchema,
  jobListSchema,
  jobSchema,
} from "../shared/contract/job.ts";
import type { jobRequestSchema } from "../shared/contract/job-request.ts";
import { type JobResult, jobResultSchema } from "../shared/contract/job-result.ts";
import { startDeadline, withinDeadline } from "./deadline.ts";
import { ApiError, StrategizError } from "./errors.ts";
import type { FirestoreAccess } from "./firestore/access.ts";
import { readResultDocuments } from "./firestore/read-result.ts";
import { type Asked, asJson, type Credentials, createAsk } from "./requests.ts";
import { watchByEvents } from "./watch/by-events.ts";
import { watchByListener } from "./watch/by-listener.ts";
import { watchByPolling } from "./watch/by-polling.ts";
import { watchJob, watchOverHttp } from "./watch/watch-job.ts";
import type { Way } from "./watch/way.ts";

export interface ClientOptions {
  /** Where the API is, without /v1: `https://api.example.com`, or "" for the page's own origin. */
  url: string;
  /** An API key, or a function that gives the user's ID token; none for an API with AUTH=none. */
  credentials?: Credentials;
  /** The page's Firestore, signed in as the same user: jobs are then listened to and results read there. */
  firestore?: FirestoreAccess;
  /** How often a request is repeated that found nobody or was told to come back. Default 4. */
  retries?: number;
  /** Instead of the platform's own. */
  fetch?: typeof fetch;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** Repetitions included. Default 30 s; for a watch, one hour. */
  deadlineMs?: number;
}

export interface SubmitOptions extends CallOptions {
  /** The same key and request make one job, however often they are sent. Default: a new one for each call. */
  idempotencyKey?: string;
}

export interface WatchOptions extends CallOptions {
  /** Default: Firestore where the client has one, else events, else polling where streams cannot be read. */
  via?: "firestore" | "events" | "polling";
  /** How long the service may be away. Default five minutes. */
  patienceMs?: number;
}

export interface JobFilter {
  status?: JobStatus;
  symbol?: string;
  strategyId?: string;
  batchId?: string;
  limit?: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

/** What POST /jobs takes; everything with a default may be left out. */
export type JobRequest = z.input<typeof jobRequestSchema>;

export interface Client {
  /** The job's id at once; it is run whatever happens to this client. */
  submitJob(request: JobRequest, options?: SubmitOptions): Promise<JobAccepted>;
  getJob(id: string, options?: CallOptions): Promise<Job>;
  /** Newest first. */
  listJobs(filter?: JobFilter, options?: CallOptions): Promise<JobList>;
  /** The job, cancelled, also if it was before. Rejects with ApiError `job_finished` if it ended otherwise. */
  cancelJob(id: string, options?: CallOptions): Promise<Job>;
  /** Everything that a finished job found. Rejects with ApiError or NoResultError where there is nothing. */
  getResult(id: string, options?: CallOptions): Promise<JobResult>;
  /**
   * The job as it is, then each later state, the terminal one last. Versions rise; a state that lasted some
   * milliseconds may be missing. Why a queued job waits is told by getJob alone. Leaving the loop ends the watch.
   */
  watchJob(id: string, options?: WatchOptions): AsyncIterable<Job>;
  /** The job once it has ended, well or not. */
  finishedJob(id: string, options?: WatchOptions): Promise<Job>;
}

const CALL_MS = 30_000;
const WATCH_MS = 3_600_000;
const PATIENCE_MS = 300_000;
const RETRIES = 4;

/** Nothing is connected before the first call, and nothing stays open after the last. */
export function createClient(options: ClientOptions): Client {
  const { firestore, credentials, retries = RETRIES } = options;
  const url = options.url.replace(/\/+$/, "");
  const settings = { url, credentials, fetch: options.fetch ?? globalThis.fetch.bind(globalThis) };
  const ask = createAsk({ ...settings, retries });
  // A watch has patience of its own.
  const askOnce = createAsk({ ...settings, retries: 0 });
  const ways = {
    firestore: firestore && watchByListener(firestore),
    events: watchByEvents(askOnce),
    polling: watchByPolling(askOnce),
    http: watchOverHttp(askOnce),
  };

  function wayOf(via: WatchOptions["via"]): Way {
    if (via === undefined) return ways.firestore ?? ways.http;
    const way = ways[via];
    if (way === undefined)
      throw new StrategizError("This client was given no Firestore to watch jobs through");
    return way;
  }

  function watch(
    id: string,
    { via, signal, deadlineMs = WATCH_MS, patienceMs = PATIENCE_MS }: WatchOptions = {},
  ) {
    return watchJob(wayOf(via), id, { signal, deadlineMs, patienceMs });
  }

  const client: Client = {
    submitJob(request, { idempotencyKey = randomKey(), ...call } = {}) {
      const headers = { "Idempotency-Key": idempotencyKey };
      return ask(
        "/v1/jobs",
        { ...asked(call), method: "POST", headers, body: request },
        asJson(jobAcceptedSchema),
      );
    },
    getJob: (id, call) => ask(pathOf(id), asked(call), asJson(jobSchema)),
    listJobs: (filter = {}, call) => ask(`/v1/jobs${queryOf(filter)}`, asked(call), asJson(jobListSchema)),
    async cancelJob(id, call) {
      try {
        return await ask(`${pathOf(id)}/cancel`, { ...asked(call), method: "POST" }, asJson(jobSchema));
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "job_finished") throw error;
        const job = await client.getJob(id, call);
        if (job.status !== "cancelled") throw error;
        return job;
      }
    },
    async getResult(id, call) {
      if (firestore !== undefined) return await readFromFirestore(firestore, id, call);
      return await ask(`${pathOf(id)}/result`, asked(call), asJson(jobResultSchema));
    },
    watchJob: watch,
    async finishedJob(id, options) {
      let last: Job | undefined;
      for await (const job of watch(id, options)) last = job;
      if (last === undefined) throw new StrategizError(`Job ${id} was never seen`);
      return last;
    },
  };
  return client;
}

function asked({ signal, deadlineMs = CALL_MS }: CallOptions = {}): Pick<Asked, "signal" | "deadlineMs"> {
  return { signal, deadlineMs };
}

async function readFromFirestore(
  access: FirestoreAccess,
  id: string,
  call: CallOptions = {},
): Promise<JobResult> {
  const deadline = startDeadline(call.deadlineMs ?? CALL_MS, `The result of job ${id}`, call.signal);
  try {
    return await withinDeadline(readResultDocuments(access, id), deadline);
  } finally {
    deadline.clear();
  }
}

function pathOf(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`;
}

function queryOf(filter: JobFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(name, String(value));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** crypto.randomUUID is absent from pages that come over plain HTTP. */
function randomKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
