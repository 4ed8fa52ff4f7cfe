/**
 * Without authentication, or with tokens that anybody can make, the address is the only wall: a page in the user's browser must not get through it.
 * DNS rebinding shows in the Host header, a foreign page in Origin.
 */
import type { NextFunction, Request, Response } from "express";
import { isLoopback } from "../shared/loopback.ts";
import { HttpProblem } from "./problem-details.ts";

/** 403 for a Host that is not loopback, or an Origin that is neither loopback nor in `allowedOrigins`. */
export function guardLoopback(allowedOrigins: readonly string[]) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (!isLoopback(hostName(request.headers.host ?? ""))) {
      throw new HttpProblem(
        "forbidden",
        "This server runs without authentication and answers only to localhost or 127.0.0.1 as its Host.",
      );
    }
    const { origin } = request.headers;
    if (origin !== undefined && !allowedOrigins.includes(origin) && !isLoopbackOrigin(origin)) {
      throw new HttpProblem(
        "forbidden",
        "This server runs without authentication and does not answer pages of other origins.",
      );
    }
    next();
  };
}

/** Without the port: `[::1]:8080` is `[::1]`. */
function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, "");
}

function isLoopbackOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}
