/**
 * Job events over Redis pub/sub: full snapshots, so that a lost one costs nothing but time.
 *
 * A message is `<job id> <version> <snapshot as JSON>`: a process that nobody asks about the job reads the id alone.
 */
import type { Job } from "../contract/job.ts";

export interface JobEvent {
  jobId: string;
  version: number;
  /** The snapshot, not yet parsed. */
  json: string;
}

export function encodeJobEvent(job: Job): string {
  return `${job.id} ${job.version} ${JSON.stringify(job)}`;
}

/** undefined for a message that is not ours. */
export function decodeJobEvent(message: string): JobEvent | undefined {
  const first = message.indexOf(" ");
  const second = message.indexOf(" ", first + 1);
  const version = Number(message.slice(first + 1, second));
  if (first < 1 || second < 0 || !Number.isInteger(version)) return undefined;
  return { jobId: message.slice(0, first), version, json: message.slice(second + 1) };
}
