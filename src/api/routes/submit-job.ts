import { jobAcceptedSchema, jobSchema, type Waiting } from "../../shared/contract/job.ts";
import { jobRequestSchema } from "../../shared/contract/job-request.ts";
import { BODY_MAX_BYTES } from "../../shared/contract/values.ts";
import { presentJob } from "../../shared/job-store/job-record.ts";
import type { Capacity } from "../capacity.ts";
import { jobETag } from "../etag.ts";
import { idempotencyKey } from "../idempotency.ts";
import { parseJobRequest } from "../parse-job-request.ts";
import { preferredWait, refuseQuery } from "../read-query.ts";
import type { Call, Route } from "../route.ts";
import { sendJson } from "../send-json.ts";
import { askAgain, describeAccepted, nameAccepted, SUBMISSION_PROBLEMS } from "../submission.ts";
import { type Taken, type TakeParts, takeJob, waitForEnd } from "../take-job.ts";
import { NOT_IN_QUEUE, waitingAt } from "../waiting.ts";

/** POST /jobs: one execution is taken in; with `Prefer: wait` the answer may be the finished job. */
export function submitJobRoute(parts: TakeParts & { waits: Capacity }): Route {
  return {
    method: "post",
    path: "/jobs",
    access: "owner",
    tag: "Jobs",
    summary: "Submit one execution",
    description:
      "The job is in the job store when the answer comes. The strategy may still fail: the job then ends as failed.",
    headers: {
      Prefer: "wait=N: hold the answer up to N seconds (at most 30) and answer 200 with the finished job",
      "Idempotency-Key": "The same key and body make one job and replay its first answer",
    },
    body: { schema: jobRequestSchema, maxBytes: BODY_MAX_BYTES },
    answers: {
      200: {
        description: "With Prefer: wait, the finished job",
        content: { "application/json": jobSchema },
        headers: { "Preference-Applied": "wait=N", ETag: "Of the job" },
      },
      202: describeAccepted("job", jobAcceptedSchema),
    },
    problems: SUBMISSION_PROBLEMS,
    async handle(call) {
      refuseQuery(call.request);
      const key = idempotencyKey(call.request);
      const request = await parseJobRequest(call.body);
      const seconds = preferredWait(call.request);
      const waits = seconds !== undefined && seconds > 0 && parts.waits.tryEnter();
      try {
        const taken = await takeJob(parts, call, request, key, waits);
        // A replay says what the first answer said, whatever became of the job since: neither tells its place.
        const waiting = key === undefined ? waitingOf(taken) : undefined;
        await answer(call, taken, waits ? seconds : undefined, waiting);
      } finally {
        if (waits) parts.waits.leave();
      }
    },
  };
}

async function answer(
  { response }: Call,
  taken: Taken,
  seconds: number | undefined,
  waiting: Waiting | undefined,
): Promise<void> {
  const { job } = taken.stored;
  nameAccepted(response, `/v1/jobs/${job.id}`, taken.created);
  if (seconds !== undefined) {
    response.setHeader("Preference-Applied", `wait=${seconds}`);
    const finished = await waitForEnd(taken, seconds * 1_000);
    if (finished !== undefined) {
      response.setHeader("ETag", jobETag(finished.version));
      sendJson(response, 200, finished);
      return;
    }
  }
  askAgain(response);
  sendJson(response, 202, { id: job.id, status: "queued", waiting, links: presentJob(job).links });
}

function waitingOf({ enqueued, place }: Taken): Waiting | undefined {
  if (!enqueued) return NOT_IN_QUEUE;
  return place === undefined ? undefined : waitingAt(place, "next");
}
