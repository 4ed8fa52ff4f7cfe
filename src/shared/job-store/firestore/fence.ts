/**
 * Fences: the time of the job's last write, and the job as that write left it. With both, a change is conditional
 * and its outcome is known without reading. A job that has ended takes no write, so its fence carries no job.
 */
import { Timestamp } from "firebase-admin/firestore";
import { isTerminal } from "../../contract/job.ts";
import { type JobRecord, jobRecordSchema } from "../job-record.ts";

export interface KnownWrite {
  writtenAt: Timestamp;
  /** undefined for a job that has ended. */
  job: JobRecord | undefined;
}

const FENCE = /^(\d{1,12})\.(\d{1,9})\.(.*)$/su;
const ENDED = "ended";

export function encodeFence(job: JobRecord, { seconds, nanoseconds }: Timestamp): string {
  return `${seconds}.${nanoseconds}.${isTerminal(job.status) ? ENDED : jobJson(job)}`;
}

/** Whether nobody has changed the job in between. */
export function isSameJob(one: JobRecord, other: JobRecord): boolean {
  return jobJson(one) === jobJson(other);
}

/** Equal jobs make equal fences: Firestore gives back the keys of a map in an order of its own. */
function jobJson(job: JobRecord): string {
  const labels = Object.fromEntries(Object.entries(job.labels).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({ ...job, labels });
}

/** undefined for what encodeFence did not write, such as the fence of another kind of store. */
export function decodeFence(fence: string): KnownWrite | undefined {
  const [, seconds, nanoseconds, rest = ""] = FENCE.exec(fence) ?? [];
  if (seconds === undefined) return undefined;
  const writtenAt = new Timestamp(Number(seconds), Number(nanoseconds));
  if (rest === ENDED) return { writtenAt, job: undefined };
  const job = parseJob(rest);
  return job === undefined ? undefined : { writtenAt, job };
}

function parseJob(json: string): JobRecord | undefined {
  try {
    return jobRecordSchema.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
