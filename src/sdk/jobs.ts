/** The calls about jobs. */
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
import {
  asked,
  askedToSubmit,
  CALL_MS,
  type CallOptions,
  lastOf,
  limitsOf,
  type Page,
  type PatientOptions,
  queryOf,
  type SubmitOptions,
} from "./calls.ts";
import { startDeadline, withinDeadline } from "./deadline.ts";
import { ApiError, StrategizError } from "./errors.ts";
import type { FirestoreAccess } from "./firestore/access.ts";
import { listenedJob } from "./firestore/job-document.ts";
import { readResultDocuments } from "./firestore/read-result.ts";
import { type Ask, asJson } from "./requests.ts";
import { watchByEvents } from "./watch/by-events.ts";
import { watchByListener } from "./watch/by-listener.ts";
import { watchByPolling } from "./watch/by-polling.ts";
import { eventsElsePolling, follow } from "./watch/follow.ts";
import type { Way } from "./watch/way.ts";

/** What POST /jobs takes; everything with a default may be left out. */
export type JobRequest = z.input<typeof jobRequestSchema>;

export interface JobFilter extends Page {
  status?: JobStatus;
  symbol?: string;
  strategyId?: string;
  batchId?: string;
}

export interface WatchOptions extends PatientOptions {
  /** Default: Firestore where the client has one, else events, else polling where streams cannot be read. */
  via?: "firestore" | "events" | "polling";
}

export interface JobCalls {
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

/** Why a job waits changes without the job: polling could tell it, the other ways cannot, so that none does. */
const watchedJobSchema = jobSchema.omit({ waiting: true });

/** `ask` repeats, `askOnce` does not: a watch has patience of its own. */
export function createJobCalls(ask: Ask, askOnce: Ask, firestore: FirestoreAccess | undefined): JobCalls {
  const askForJob = (id: string, signal: AbortSignal): Promise<Job> =>
    askOnce(pathOf(id), { signal, deadlineMs: CALL_MS }, asJson(watchedJobSchema));

  function wayOf(id: string, via: WatchOptions["via"]): Way<Job> {
    if (firestore !== undefined && (via === undefined || via === "firestore"))
      return watchByListener(
        firestore,
        listenedJob(id, (signal) => askForJob(id, signal)),
      );
    if (via === "firestore")
      throw new StrategizError("This client was given no Firestore to watch jobs through");
    const events = watchByEvents<Job>(askOnce, `${pathOf(id)}/events`, watchedJobSchema);
    const polling = watchByPolling<Job>(askOnce, { path: pathOf(id), schema: watchedJobSchema, everyMs: 0 });
    if (via === undefined) return eventsElsePolling(events, polling);
    return via === "events" ? events : polling;
  }

  const calls: JobCalls = {
    submitJob: (request, options) =>
      ask("/v1/jobs", askedToSubmit(request, options), asJson(jobAcceptedSchema)),
    getJob: (id, options) => ask(pathOf(id), asked(options), asJson(jobSchema)),
    listJobs: (filter = {}, options) =>
      ask(`/v1/jobs${queryOf(filter)}`, asked(options), asJson(jobListSchema)),
    async cancelJob(id, options) {
      try {
        return await ask(`${pathOf(id)}/cancel`, { ...asked(options), method: "POST" }, asJson(jobSchema));
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "job_finished") throw error;
        const job = await calls.getJob(id, options);
        if (job.status !== "cancelled") throw error;
        return job;
      }
    },
    async getResult(id, options) {
      if (firestore !== undefined) return await readFromFirestore(firestore, id, options);
      return await ask(`${pathOf(id)}/result`, asked(options), asJson(jobResultSchema));
    },
    watchJob: (id, options = {}) => follow(wayOf(id, options.via), `job ${id}`, limitsOf(options)),
    finishedJob: (id, options) => lastOf(calls.watchJob(id, options)),
  };
  return calls;
}

function pathOf(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`;
}

async function readFromFirestore(
  access: FirestoreAccess,
  id: string,
  { deadlineMs = CALL_MS, signal }: CallOptions = {},
): Promise<JobResult> {
  const deadline = startDeadline(deadlineMs, `The result of job ${id}`, signal);
  try {
    return await withinDeadline(readResultDocuments(access, id), deadline);
  } finally {
    deadline.clear();
  }
}
