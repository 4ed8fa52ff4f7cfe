/**
 * Fences: the time of the job's last write, and the job as that write left it. With both, a change is conditional
 * and its outcome is known without reading. A job that has ended takes no write, so its fence carries no job.
 */
import { Timestamp } from "firebase-admin/firestore";
import { isTerminal } from "../../contract/job.ts";
import { type JobRecord, jobRecordSchema } from "../job-record.ts";

/** The document that holds a job: its own, or, while no listener sees it, that of its request. */
export type Place = "job" | "request";

export interface KnownWrite {
  place: Place;
  writtenAt: Timestamp;
  /** How many documents the request lies in; none once the job has ended. */
  requestParts: number;
  /** undefined for a job that has ended. */
  job: JobRecord | undefined;
}

const FENCE = /^(job|request)\.(\d{1,12})\.(\d{1,9})\.(\d)\.(.*)$/su;
const ENDED = "ended";

export function encodeFence(
  job: JobRecord,
  { place, writtenAt, requestParts }: Omit<KnownWrite, "job">,
): string {
  const [parts, rest] = isTerminal(job.status) ? [0, ENDED] : [requestParts, jobJson(job)];
  return `${place}.${writtenAt.seconds}.${writtenAt.nanoseconds}.${parts}.${rest}`;
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
  const [, place, seconds, nanoseconds, parts, rest = ""] = FENCE.exec(fence) ?? [];
  if (place !== "job" && place !== "request") return undefined;
  const writtenAt = new Timestamp(Number(seconds), Number(nanoseconds));
  const job = rest === ENDED ? undefined : parseJob(rest);
  if (rest !== ENDED && job === undefined) return undefined;
  return { place, writtenAt, requestParts: Number(parts), job };
}

function parseJob(json: string): JobRecord | undefined {
  try {
    return jobRecordSchema.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
