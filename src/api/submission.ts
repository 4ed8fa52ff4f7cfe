/** What the routes that take work in have in common. */
import type { Response } from "express";
import type { z } from "zod";
import type { ProblemCode } from "../shared/contract/problem.ts";
import { HttpProblem } from "./problem-details.ts";
import type { RouteAnswer } from "./route.ts";

const ASK_AGAIN_SECONDS = "1";
const BACKLOG_RETRY_SECONDS = "5";

export const SUBMISSION_PROBLEMS: readonly ProblemCode[] = [
  "malformed_json",
  "payload_too_large",
  "code_too_large",
  "unsupported_media_type",
  "backlog_full",
  "own_backlog_full",
];

export function describeAccepted(what: "job" | "batch", schema: z.ZodType): RouteAnswer {
  return {
    description: "Taken; ask at Location for what became of it",
    content: { "application/json": schema },
    headers: {
      Location: `Of the ${what}`,
      "Retry-After": "Seconds",
      "Idempotency-Replayed": "true where an earlier answer was replayed",
    },
  };
}

export function askAgain(response: Response): void {
  response.setHeader("Retry-After", ASK_AGAIN_SECONDS);
}

/** Where what was taken is, and whether it was taken by an earlier request. */
export function nameAccepted(response: Response, path: string, created: boolean): void {
  response.setHeader("Location", path);
  if (!created) response.setHeader("Idempotency-Replayed", "true");
}

export function backlogFull(code: "backlog_full" | "own_backlog_full", detail: string): HttpProblem {
  return new HttpProblem(code, detail, { headers: { "Retry-After": BACKLOG_RETRY_SECONDS } });
}
