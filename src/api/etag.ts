/** ETags of jobs and results, and what If-None-Match asks. */
import type { Request, Response } from "express";
import type { Job } from "../shared/contract/job.ts";
import { sendJson } from "./send-json.ts";

/** Weak, since the same version may be sent gzipped or not. A job's version rises with every change. */
export function jobETag(version: number): string {
  return `W/"${version}"`;
}

/** Whether the client holds one of these already (RFC 9110, weak comparison). */
export function clientHolds(request: Request, etag: string): boolean {
  const header = request.headers["if-none-match"];
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  const opaque = etag.replace(/^W\//, "");
  return header.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === opaque);
}

/** The job with its ETag, or 304 if the client holds this version. */
export function sendJob(request: Request, response: Response, job: Job): void {
  const etag = jobETag(job.version);
  response.setHeader("ETag", etag);
  response.setHeader("Cache-Control", "private, no-cache");
  if (clientHolds(request, etag)) {
    response.status(304).end();
    return;
  }
  sendJson(response, 200, job);
}
