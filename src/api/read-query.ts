/** Query strings: what a route does not know is refused by name, and credentials always. */
import type { NextFunction, Request, Response } from "express";
import { z } from "zod";
import { HttpProblem } from "./problem-details.ts";
import { parseOrRefuse } from "./zod-issues.ts";

const CREDENTIAL_NAME =
  /(?:^|[-_.])(?:api[-_]?key|apikey|access[-_]?token|id[-_]?token|auth[-_]?token|token|authorization|auth|bearer|password|passwd|secret|credentials?|key)$/i;
const CREDENTIAL_VALUE = /^(?:Bearer\s|stz_|eyJ[\w-]+\.[\w-]+\.)/i;

/** 400 for a key or token in the address, where logs and histories would keep it. */
export function refuseCredentialsInQuery(request: Request, _response: Response, next: NextFunction): void {
  const mark = request.url.indexOf("?");
  if (mark >= 0) {
    for (const [name, value] of new URLSearchParams(request.url.slice(mark + 1))) {
      if (!CREDENTIAL_NAME.test(name) && !CREDENTIAL_VALUE.test(value)) continue;
      throw new HttpProblem(
        "credentials_in_query",
        `Send credentials in the Authorization or X-API-Key header, not in the query string (${name.slice(0, 64)}). ` +
          "Treat one that was sent this way as leaked.",
      );
    }
  }
  next();
}

const noQuerySchema = z.strictObject({});

export function refuseQuery(request: Request): void {
  if (request.url.includes("?")) readQuery(noQuerySchema, request);
}

/** A field given twice arrives as an array and is not valid. */
export function readQuery<Output>(schema: z.ZodType<Output>, request: Request): Output {
  return parseOrRefuse(schema, request.query);
}

/** Seconds to wait, 0 to 30. */
const WAIT_MAX_SECONDS = 30;
export const waitSecondsSchema = wholeNumber(0, WAIT_MAX_SECONDS);

const PREFERRED_WAIT = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=[,;]|$)/i;

/** `Prefer: wait=N` (RFC 7240) in seconds, at most 30. undefined if it is not there or not understood. */
export function preferredWait(request: Request): number | undefined {
  const header = request.headers["prefer"];
  const match = PREFERRED_WAIT.exec(Array.isArray(header) ? header.join(",") : (header ?? ""));
  return match === null ? undefined : Math.min(Number(match[1]), WAIT_MAX_SECONDS);
}

export function limitSchema(fallback: number, max: number) {
  return wholeNumber(1, max).default(fallback);
}

function wholeNumber(min: number, max: number) {
  const rule = `must be a whole number, ${min} to ${max}`;
  return z.coerce.number(rule).int(rule).min(min, rule).max(max, rule);
}
