/** The SDK: what a page or a program imports of it. */
export type { Job, JobAccepted, JobList, JobStatus, Metrics } from "../shared/contract/job.ts";
export { isTerminal } from "../shared/contract/job.ts";
export type { JobResult } from "../shared/contract/job-result.ts";
export type {
  CallOptions,
  Client,
  ClientOptions,
  JobFilter,
  JobRequest,
  SubmitOptions,
  WatchOptions,
} from "./client.ts";
export { createClient } from "./client.ts";
export * from "./errors.ts";
export type { FirestoreAccess } from "./firestore/access.ts";
export type { Credentials } from "./requests.ts";
