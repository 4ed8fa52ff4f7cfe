/** Errors of the HTTP API: RFC 9457 problem details with a code from a closed list. */
import { z } from "zod";

/** Each code with its HTTP status and title; `docs/api.md` says when it comes and what to do. */
export const PROBLEMS = {
  malformed_json: [400, "The body is not JSON"],
  malformed_request: [400, "The request is malformed"],
  credentials_in_query: [400, "Credentials do not belong in a query string"],
  unauthenticated: [401, "Who you are is not known"],
  token_expired: [401, "What you signed in with has expired"],
  forbidden: [403, "This is not allowed"],
  insufficient_scope: [403, "The key may not do this"],
  not_found: [404, "There is no such thing"],
  method_not_allowed: [405, "This route does not know that method"],
  job_finished: [409, "The job has ended"],
  batch_finished: [409, "The batch has ended"],
  nothing_to_retry: [409, "Nothing of the batch can be run again"],
  job_unfinished: [409, "The job has not ended yet"],
  no_result: [409, "The job has no result"],
  not_acceptable: [406, "That representation does not exist"],
  payload_too_large: [413, "The request is too large"],
  code_too_large: [413, "The strategy's source is too large"],
  unsupported_media_type: [415, "Send application/json"],
  invalid_request: [422, "The request is not valid"],
  idempotency_mismatch: [422, "This Idempotency-Key came with another body before"],
  rate_limited: [429, "Too many requests"],
  backlog_full: [429, "Too much work is waiting"],
  own_backlog_full: [429, "Too much of your work is waiting"],
  internal: [500, "Something failed on our side"],
  unavailable: [503, "The service cannot take this now"],
  timeout: [503, "The work goes on; ask again for its result"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof PROBLEMS;
const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

export const problemSchema = z.object({
  type: z.string().describe("about:blank or the address of the code's description"),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.enum(PROBLEM_CODES),
  requestId: z.string(),
  errors: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe("One entry for each field that is not valid"),
});
export type Problem = z.infer<typeof problemSchema>;
