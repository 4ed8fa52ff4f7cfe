/** The SDK: what a page or a program imports of it. */
export type { Batch, Cell } from "../shared/contract/batch.ts";
export type { Job, JobAccepted, JobList, JobStatus, Metrics } from "../shared/contract/job.ts";
export { isTerminal } from "../shared/contract/job.ts";
export type { JobResult } from "../shared/contract/job-result.ts";
export type {
  BatchAccepted,
  BatchEstimate,
  BatchList,
  BatchRequest,
  BatchWatchOptions,
  CellFilter,
  CellList,
} from "./batches.ts";
export type { CallOptions, Page, PatientOptions, SubmitOptions } from "./calls.ts";
export { type Client, type ClientOptions, createClient } from "./client.ts";
export * from "./errors.ts";
export type { FirestoreAccess } from "./firestore/access.ts";
export type { JobFilter, JobRequest, WatchOptions } from "./jobs.ts";
export type { Credentials } from "./requests.ts";
