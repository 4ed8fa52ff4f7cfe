import { executeCodeRequestSchema, executeCodeResponseSchema } from "../../shared/contract/execute-code.ts";
import type { Job } from "../../shared/contract/job.ts";
import { BODY_MAX_BYTES } from "../../shared/contract/values.ts";
import type { Capacity } from "../capacity.ts";
import { executeCodeAnswer } from "../execute-code/answer.ts";
import { type ReadExecuteCode, readExecuteCode } from "../execute-code/read-request.ts";
import { idempotencyKey } from "../idempotency.ts";
import { HttpProblem, tryLater } from "../problem-details.ts";
import { refuseQuery } from "../read-query.ts";
import { readResult } from "../read-result.ts";
import type { Call, Route } from "../route.ts";
import { sendJson } from "../send-json.ts";
import { SUBMISSION_PROBLEMS } from "../submission.ts";
import { type Taken, type TakeParts, takeJob, waitForEnd } from "../take-job.ts";

/** POST /strategies/execute-code: the seed's request and answer, through the queue like everything else. */
export function executeCodeRoute(parts: TakeParts & { waits: Capacity; waitMs: number }): Route {
  return {
    method: "post",
    path: "/strategies/execute-code",
    access: "owner",
    tag: "Existing clients",
    summary: "Run a strategy and wait for its answer",
    description:
      "Unknown fields are ignored and listed in warnings. A strategy that fails answers 200 with errors filled. " +
      "After 30 s the answer is 503 with the Location of the job, which goes on.",
    headers: { "Idempotency-Key": "The same key and body make one job" },
    body: { schema: executeCodeRequestSchema, maxBytes: BODY_MAX_BYTES },
    answers: {
      200: {
        description: "What the strategy found, or why it failed",
        content: { "application/json": executeCodeResponseSchema },
        headers: { Location: "Of the job" },
      },
    },
    problems: [...SUBMISSION_PROBLEMS, "timeout"],
    compress: true,
    async handle(call) {
      refuseQuery(call.request);
      const key = idempotencyKey(call.request);
      const read = await readExecuteCode(call.body);
      parts.waits.enter();
      try {
        const taken = await takeJob(parts, call, read.request, key, true);
        call.response.setHeader("Location", `/v1/jobs/${taken.stored.job.id}`);
        await answer(parts, call, read, await ended(taken, parts.waitMs));
      } finally {
        parts.waits.leave();
      }
    },
  };
}

async function ended(taken: Taken, waitMs: number): Promise<Job> {
  const job = await waitForEnd(taken, waitMs);
  if (job !== undefined) return job;
  throw new HttpProblem("timeout", "The job has not ended yet. It goes on: look at Location.", {
    headers: { "Retry-After": "5" },
  });
}

async function answer(parts: TakeParts, call: Call, read: ReadExecuteCode, job: Job): Promise<void> {
  if (job.failure?.class === "platform") throw tryLater(job.failure.message, 5);
  if (job.status !== "succeeded") {
    sendJson(call.response, 200, executeCodeAnswer(read, job, undefined));
    return;
  }
  const stored = await parts.store.read(job.id);
  if (stored === undefined)
    throw new HttpProblem("no_result", "The job's result is not in the store any more.");
  const result = await readResult(parts.store, stored.job);
  sendJson(call.response, 200, executeCodeAnswer(read, job, result));
}
