/** What event streams have in common: where a reader resumes, and when a stream ends by itself. */
import { HttpProblem, problemBody } from "./problem-details.ts";
import type { Call } from "./route.ts";
import type { EventStream } from "./sse.ts";

/** A stream lives for so long at most; its reader resumes with Last-Event-ID. */
const STREAM_MAX_MS = 3_600_000;

/** 0 for a first connection, or for an id that is none of ours. */
export function lastSeen({ request }: Call): number {
  const id = request.headers["last-event-id"];
  return typeof id === "string" && /^\d{1,15}$/.test(id) ? Number(id) : 0;
}

/** A stream outlives neither its hour nor what its reader signed in with. */
export function endInTime(stream: EventStream, { signedInUntil, requestId }: Call): NodeJS.Timeout {
  const signedInMs = signedInUntil === undefined ? Number.POSITIVE_INFINITY : signedInUntil - Date.now();
  if (signedInMs > STREAM_MAX_MS) return setTimeout(() => stream.end(), STREAM_MAX_MS);
  const problem = new HttpProblem(
    "token_expired",
    "What you signed in with has expired: come back with a new one.",
  );
  const json = JSON.stringify(problemBody(problem, requestId));
  return setTimeout(() => stream.end({ event: "token_expired", json }), Math.max(0, signedInMs));
}
