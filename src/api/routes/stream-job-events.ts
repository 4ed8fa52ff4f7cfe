import { isTerminal, type Job, jobSchema } from "../../shared/contract/job.ts";
import { StoreUnavailableError } from "../../shared/errors.ts";
import { presentJob } from "../../shared/job-store/job-record.ts";
import type { JobStore } from "../../shared/job-store/port.ts";
import type { Capacity } from "../capacity.ts";
import type { JobWatch } from "../job-watch.ts";
import { jobIdParams, readOwnJob } from "../own-job.ts";
import { refuseQuery } from "../read-query.ts";
import type { Call, Route } from "../route.ts";
import { openEventStream } from "../sse.ts";
import { endInTime, lastSeen } from "../stream-life.ts";

interface StreamParts {
  store: JobStore;
  watch: JobWatch;
  streams: Capacity;
}

/** GET /jobs/:id/events: a snapshot at once, then one at each change, until the job has ended. */
export function streamJobEventsRoute(parts: StreamParts): Route {
  return {
    method: "get",
    path: "/jobs/:id/events",
    access: "owner",
    tag: "Jobs",
    summary: "Follow a job by server-sent events",
    description:
      "Each event's data is the job as JSON and its id the job's version. The stream ends after the job has ended, " +
      "or with an event token_expired, whose data is a problem, when what you signed in with runs out. " +
      "Browsers read it with fetch, since EventSource cannot send Authorization.",
    params: jobIdParams,
    headers: { "Last-Event-ID": "The last version that you saw: nothing older or equal is sent again" },
    answers: {
      200: { description: "Snapshots", content: { "text/event-stream": jobSchema } },
      204: { description: "The job has ended, and you saw its last snapshot" },
    },
    problems: ["not_found"],
    async handle(call) {
      refuseQuery(call.request);
      const job = await currentJob(parts, call);
      const seen = lastSeen(call);
      if (isTerminal(job.status) && seen >= job.version) call.response.status(204).end();
      else if (call.request.method === "HEAD") call.response.type("text/event-stream").end();
      else await follow(parts, call, job, seen);
    },
  };
}

async function currentJob({ store, watch }: StreamParts, call: Call): Promise<Job> {
  const { job } = await readOwnJob(store, call.owner, call.request);
  return watch.newest(presentJob(job));
}

async function follow(parts: StreamParts, call: Call, job: Job, seen: number): Promise<void> {
  const { response } = call;
  if (response.destroyed) return;
  parts.streams.enter();
  const stream = openEventStream(response);
  let sent = seen;
  const show = (now: Job): void => {
    if (now.version > sent) {
      sent = now.version;
      stream.send(now.version, JSON.stringify(now));
    }
    if (isTerminal(now.status)) stream.end();
  };
  const leave = parts.watch.watch(job.id, { changed: show, ended: () => stream.end() });
  const lifetime = endInTime(stream, call);
  response.once("close", () => {
    clearTimeout(lifetime);
    leave();
    parts.streams.leave();
  });
  // Read only now that changes are seen: what happened before is in this snapshot, what comes after is an event.
  show(await currentJob(parts, call).catch((error: unknown) => instead(job, error)));
}

/** A job store that has just gone away breaks no stream: the watch reads the job again when it is back. */
function instead(job: Job, error: unknown): Job {
  if (error instanceof StoreUnavailableError) return job;
  throw error;
}
