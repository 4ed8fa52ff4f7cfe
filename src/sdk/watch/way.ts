/** One way to hear of changes of a job or batch. */
import type { JobStatus } from "../../shared/contract/job.ts";

/** What is watched, as it was at one version. */
export interface Snapshot {
  version: number;
  status: JobStatus;
}

export interface Watching {
  /** The highest version that the caller has seen; 0 before the first. */
  seen: () => number;
  /** Aborted when the caller stops, or the time is up. */
  signal: AbortSignal;
  /** How long nothing at all may be heard of the service before the watch fails. */
  patienceMs: number;
}

/** Snapshots, possibly repeated and possibly after the last one; whoever reads them sorts that out. */
export type Way<Shown extends Snapshot> = (watching: Watching) => AsyncGenerator<Shown>;
