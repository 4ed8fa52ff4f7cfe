import { z } from "zod";
import { isTerminal, type Job, jobSchema } from "../../shared/contract/job.ts";
import { presentJob } from "../../shared/job-store/job-record.ts";
import type { JobStore } from "../../shared/job-store/port.ts";
import type { JobQueue } from "../../shared/queue/job-queue.ts";
import type { Capacity } from "../capacity.ts";
import { clientHolds, jobETag, sendJob } from "../etag.ts";
import type { JobWatch } from "../job-watch.ts";
import { jobIdParams, readOwnJob } from "../own-job.ts";
import { readQuery, waitSecondsSchema } from "../read-query.ts";
import type { Call, Route } from "../route.ts";
import { hold, openWait } from "../wait.ts";
import { withWaiting } from "../waiting.ts";

interface GetJobParts {
  store: JobStore;
  queue: Pick<JobQueue, "placeOf">;
  watch: JobWatch;
  waits: Capacity;
}

const querySchema = z.strictObject({ wait: waitSecondsSchema.optional() });

/** GET /jobs/:id: the job, or with `?wait` and If-None-Match the job once it is another than the client holds. */
export function getJobRoute(parts: GetJobParts): Route {
  return {
    method: "get",
    path: "/jobs/:id",
    access: "owner",
    tag: "Jobs",
    summary: "Look at a job",
    description: "With wait and If-None-Match the answer is held until the ETag differs: a long poll.",
    params: jobIdParams,
    query: querySchema,
    headers: { "If-None-Match": "The ETag that you hold" },
    answers: {
      200: {
        description: "The job",
        content: { "application/json": jobSchema },
        headers: { ETag: "Changes with every change of the job" },
      },
      304: { description: "It is still as you hold it" },
    },
    problems: ["not_found"],
    compress: true,
    async handle(call) {
      const { wait = 0 } = readQuery(querySchema, call.request);
      const job = await currentJob(parts, call);
      const holds = clientHolds(call.request, jobETag(job.version));
      const shown =
        holds && wait > 0 && !isTerminal(job.status) ? await changedJob(parts, call, job, wait) : job;
      const known = clientHolds(call.request, jobETag(shown.version));
      const told = known ? shown : await withWaiting(parts.queue, call.owner, shown.id, shown);
      sendJob(call.request, call.response, told);
    },
  };
}

async function currentJob({ store, watch }: GetJobParts, call: Call): Promise<Job> {
  const { job } = await readOwnJob(store, call.owner, call.request);
  return watch.newest(presentJob(job));
}

/** The job once it is newer than `held`, or as it is when the time is up. */
async function changedJob(parts: GetJobParts, call: Call, held: Job, seconds: number): Promise<Job> {
  parts.waits.enter();
  const wait = openWait(parts.watch, held.id, (job) => job.version > held.version);
  hold(call.response, () => wait.close());
  try {
    // Read once more: it may have changed between the first look and the wait.
    const now = await currentJob(parts, call);
    if (now.version > held.version) return now;
    return (await wait.within(seconds * 1_000)) ?? held;
  } finally {
    wait.close();
    parts.waits.leave();
  }
}
