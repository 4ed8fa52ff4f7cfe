/**
 * One log line and one measurement a request. The line is at info for errors of ours and slow answers, at debug for
 * the rest: at 1,500 requests a second a line each would cost more than the requests. (pino-http makes a logger for
 * each request; this needs none.)
 */
import type { Meter } from "@opentelemetry/api";
import type { NextFunction, Request, Response } from "express";
import type { Logger } from "../shared/logging.ts";
import { contextOf } from "./request-context.ts";

const SLOW_MS = 1_000;
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function logRequests(logger: Logger, meter: Meter) {
  const measure = requestMeasure(meter);
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    const { method } = request;
    const path = request.path;
    response.once("close", () => {
      const milliseconds = performance.now() - startedAt;
      const { requestId, owner, route, error } = contextOf(response);
      const status = response.writableFinished ? response.statusCode : 499;
      measure(method, route ?? "none", status, milliseconds / 1_000);
      const level = levelFor(status, milliseconds, response);
      if (!logger.isLevelEnabled(level)) return;
      const reason = error instanceof Error ? error.message : undefined;
      logger[level](
        { requestId, method, path, route, status, ms: Math.round(milliseconds * 10) / 10, owner, reason },
        "request",
      );
    });
    next();
  };
}

/** Long polls and streams are slow on purpose. A client that hung up has status 499. */
function levelFor(status: number, milliseconds: number, response: Response): "info" | "debug" {
  if (status >= 500) return "info";
  return milliseconds > SLOW_MS && !contextOf(response).held ? "info" : "debug";
}

/** Seconds by method, declared route and status. */
function requestMeasure(meter: Meter) {
  const histogram = meter.createHistogram("http_server_request_duration_seconds", {
    description: "HTTP requests in seconds, by method, route and status",
    advice: { explicitBucketBoundaries: SECONDS },
  });
  const sets = new Map<string, Record<string, string | number>>();
  return (method: string, route: string, status: number, seconds: number): void => {
    const known = METHODS.has(method) ? method : "other";
    const key = `${known} ${status} ${route}`;
    const attributes = sets.get(key) ?? { method: known, route, status };
    sets.set(key, attributes);
    histogram.record(seconds, attributes);
  };
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
