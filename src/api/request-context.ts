/** What every request carries: its id, its trace, and once it is known, its owner. */
import { randomUUID } from "node:crypto";
import type { NextFunction, Request, Response } from "express";

export interface RequestContext {
  /** Sent back as X-Request-Id, and carried into logs, queue entry and RPC metadata. */
  requestId: string;
  traceparent: string | undefined;
  /** Set by `authenticate`; undefined on public routes. */
  owner: string | undefined;
  signedInUntil: number | undefined;
  /** The route's path as it was declared, for metrics and logs; undefined where none matched. */
  route: string | undefined;
  /** Kept open on purpose (long poll, stream, Prefer: wait): slow is as it should be. */
  held: boolean;
  /** What went wrong, for the log line of the request. */
  error: unknown;
}

const contexts = new WeakMap<Response, RequestContext>();

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Takes the client's X-Request-Id and traceparent where they are well formed; a request id is made otherwise. */
export function openContext(request: Request, response: Response, next: NextFunction): void {
  const given = request.headers["x-request-id"];
  const traceparent = request.headers["traceparent"];
  const context: RequestContext = {
    requestId: typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID(),
    traceparent: typeof traceparent === "string" && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    owner: undefined,
    signedInUntil: undefined,
    route: undefined,
    held: false,
    error: undefined,
  };
  contexts.set(response, context);
  response.setHeader("X-Request-Id", context.requestId);
  next();
}

export function contextOf(response: Response): RequestContext {
  const context = contexts.get(response);
  if (context === undefined) throw new Error("openContext comes before everything else");
  return context;
}
