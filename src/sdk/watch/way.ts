/** One way to hear of a job's changes. */
import type { Job } from "../../shared/contract/job.ts";

export interface Watching {
  jobId: string;
  /** The highest version that the caller has seen; 0 before the first. */
  seen: () => number;
  /** Aborted when the caller stops, or the time is up. */
  signal: AbortSignal;
  /** How long nothing at all may be heard of the service before the watch fails. */
  patienceMs: number;
}

/** Snapshots, possibly repeated and possibly after the last one; whoever reads them sorts that out. */
export type Way = (watching: Watching) => AsyncGenerator<Job>;
