/** A route: what it answers to, how it is described, and what it does. One file under routes/ makes one. */
import type { Request, Response } from "express";
import type { z } from "zod";
import type { ProblemCode } from "../shared/contract/problem.ts";
import type { Scope } from "../shared/contract/scope.ts";

/** One request on its way through a route. */
export interface Call {
  request: Request;
  response: Response;
  /** Whose request it is; empty on public routes. */
  owner: string;
  /** Epoch milliseconds at which what the request was signed in with ends; undefined if it does not. */
  signedInUntil: number | undefined;
  requestId: string;
  traceparent: string | undefined;
  /** The body as JSON, not yet checked; undefined on routes without one. */
  body: unknown;
}

export interface RouteAnswer {
  description: string;
  /** By media type; none for an empty body. */
  content?: Readonly<Record<string, z.ZodType>>;
  headers?: Readonly<Record<string, string>>;
}

export interface Route {
  method: "get" | "post";
  /** As Express has it: `/jobs/:id`. */
  path: string;
  /** owner: for those signed in, in their own name; a GET needs the scope `read`, a POST `submit`. */
  access: "owner" | "public";
  /** Not counted by its sender's address: asked by machines that watch the service. */
  unlimited?: boolean;
  tag: string;
  summary: string;
  description?: string;
  params?: Readonly<Record<string, z.ZodType>>;
  query?: z.ZodObject;
  /** Request headers that the route knows, each with what it does. */
  headers?: Readonly<Record<string, string>>;
  body?: { schema: z.ZodType; maxBytes: number };
  answers: Readonly<Record<number, RouteAnswer>>;
  /** Beyond those that every route can give. */
  problems?: readonly ProblemCode[];
  /** Gzip large answers where the client takes it. */
  compress?: boolean;
  handle(call: Call): Promise<void> | void;
}

/** What a key must be allowed: looking is reading, and whatever is sent makes work. */
export function scopeOf({ method }: Route): Scope {
  return method === "get" ? "read" : "submit";
}
