/** Errors as clients see them: RFC 9457. Thrown anywhere below a route, mapped here once. */
import type { NextFunction, Request, Response } from "express";
import { PROBLEMS, type Problem, type ProblemCode } from "../shared/contract/problem.ts";
import {
  ExecutionFailure,
  ExecutorBusyError,
  InvalidCursorError,
  QueueUnavailableError,
  StoreUnavailableError,
} from "../shared/errors.ts";
import type { Logger } from "../shared/logging.ts";
import { contextOf } from "./request-context.ts";

export type FieldError = { path: string; message: string };

interface ProblemExtras {
  headers?: Record<string, string>;
  errors?: FieldError[];
}

/** An answer that is an error: its code decides status and title, its message is the detail. */
export class HttpProblem extends Error {
  override name = "HttpProblem";
  readonly code: ProblemCode;
  readonly headers: Record<string, string>;
  readonly errors: FieldError[] | undefined;

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.code = code;
    this.headers = extras.headers ?? {};
    this.errors = extras.errors;
  }
}

export function invalidRequest(errors: FieldError[]): HttpProblem {
  const [first] = errors;
  const detail = first === undefined ? "The request is not valid." : `${first.path}: ${first.message}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new HttpProblem("invalid_request", detail + more, { errors });
}

export function notFound(detail: string): HttpProblem {
  return new HttpProblem("not_found", detail);
}

export function tryLater(detail: string, seconds: number): HttpProblem {
  return new HttpProblem("unavailable", detail, { headers: { "Retry-After": String(seconds) } });
}

/** The problem that an error means to a client. undefined: a fault of ours, of which the client learns an id. */
function problemFor(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  if (error instanceof StoreUnavailableError) {
    return tryLater("The job store does not answer. Nothing was accepted; send the request again.", 2);
  }
  if (error instanceof QueueUnavailableError) return tryLater("The queue does not answer.", 2);
  if (error instanceof ExecutorBusyError) return tryLater("All executors are busy.", 1);
  if (error instanceof ExecutionFailure) return tryLater(error.failure.message, 2);
  if (error instanceof InvalidCursorError) {
    return invalidRequest([{ path: "cursor", message: "is not a cursor that an answer of ours gave" }]);
  }
  return problemOfLibrary(error);
}

/** Errors of Express and its body parser, which carry a status and a type. */
function problemOfLibrary(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  const type = "type" in error ? error.type : undefined;
  const status = "status" in error ? error.status : undefined;
  if (type === "entity.parse.failed") {
    return new HttpProblem("malformed_json", "The body could not be read as JSON.");
  }
  if (type === "entity.too.large") {
    return new HttpProblem("payload_too_large", "The body is larger than this route takes.");
  }
  if (status === 415) return new HttpProblem("unsupported_media_type", "Send JSON as UTF-8.");
  if (status === 400) {
    return new HttpProblem("malformed_request", "The request's path or body could not be decoded.");
  }
  return undefined;
}

/** Where the code is described, relative to the server. */
export function problemType(code: ProblemCode): string {
  return `/v1/docs#problem-${code}`;
}

/** The body of a problem. */
export function problemBody(problem: HttpProblem, requestId: string): Problem {
  const [status, title] = PROBLEMS[problem.code];
  return {
    type: problemType(problem.code),
    title,
    status,
    detail: problem.message,
    code: problem.code,
    requestId,
    errors: problem.errors,
  };
}

function sendProblem(response: Response, problem: HttpProblem): void {
  const body = problemBody(problem, contextOf(response).requestId);
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  response.statusCode = body.status;
  response.setHeader("Content-Type", "application/problem+json");
  response.end(JSON.stringify(body));
}

/** The last step of the app. An answer that has already begun cannot become an error: its connection is cut. */
export function answerErrors(logger: Logger) {
  return (error: unknown, request: Request, response: Response, _next: NextFunction): void => {
    const context = contextOf(response);
    context.error = error;
    // The client hung up: nobody reads the answer.
    if (response.destroyed) return;
    if (response.headersSent) {
      logger.error({ err: error, requestId: context.requestId }, "answer broken off");
      request.socket.destroy();
      return;
    }
    const problem = problemFor(error);
    if (problem === undefined) logger.error({ err: error, requestId: context.requestId }, "request failed");
    sendProblem(response, problem ?? internalProblem());
  };
}

function internalProblem(): HttpProblem {
  return new HttpProblem("internal", "It is not your request's fault. Tell us the request id if it stays.");
}
