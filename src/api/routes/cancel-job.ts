import { jobSchema } from "../../shared/contract/job.ts";
import { type CancelParts, cancelJob } from "../cancel-job.ts";
import { jobETag } from "../etag.ts";
import { jobIdParams, readOwnJob } from "../own-job.ts";
import { refuseQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";

/** POST /jobs/:id/cancel */
export function cancelJobRoute(parts: CancelParts): Route {
  return {
    method: "post",
    path: "/jobs/:id/cancel",
    access: "owner",
    tag: "Jobs",
    summary: "Cancel a job that has not ended",
    description: "A queued job never runs; the execution of a running one is killed. No body is needed.",
    params: jobIdParams,
    answers: {
      202: { description: "The job, cancelled", content: { "application/json": jobSchema } },
    },
    problems: ["not_found", "job_finished"],
    async handle({ request, response, owner }) {
      refuseQuery(request);
      const job = await cancelJob(parts, await readOwnJob(parts.store, owner, request));
      response.setHeader("ETag", jobETag(job.version));
      sendJson(response, 202, job);
    },
  };
}
