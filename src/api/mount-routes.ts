/** Puts routes on a router: authentication, body, compression, then the route; 405 for its other methods. */
import compression from "compression";
import { type NextFunction, type Request, type RequestHandler, type Response, Router } from "express";
import { PROBLEMS } from "../shared/contract/problem.ts";
import type { Scope } from "../shared/contract/scope.ts";
import type { Authenticate, Identity } from "./authenticate.ts";
import { missingScope } from "./challenge.ts";
import { HttpProblem } from "./problem-details.ts";
import type { RateLimits } from "./rate-limits.ts";
import { readJson } from "./read-body.ts";
import { contextOf } from "./request-context.ts";
import { type Call, type Route, scopeOf } from "./route.ts";

export function mountRoutes(
  routes: readonly Route[],
  authenticate: Authenticate,
  limits: RateLimits,
): Router {
  const router = Router({ caseSensitive: true });
  const compress = compression();
  for (const route of routes) {
    const steps: RequestHandler[] = [nameRoute(route.path)];
    if (route.access === "owner") steps.push(signIn(authenticate, scopeOf(route), limits));
    else if (route.unlimited !== true) steps.push(limitAddress(limits));
    if (route.compress === true) steps.push(compress);
    if (route.body !== undefined) steps.push(readJson(route.body.maxBytes));
    router[route.method](route.path, ...steps, (request, response) =>
      route.handle(callOf(request, response)),
    );
  }
  for (const [path, methods] of methodsByPath(routes)) router.all(path, answerOtherMethods(path, methods));
  return router;
}

function nameRoute(path: string): RequestHandler {
  return (_request, response, next) => {
    contextOf(response).route = path;
    next();
  };
}

function limitAddress(limits: RateLimits): RequestHandler {
  return async (request, response, next) => {
    await limits.takeAddress(request.ip ?? "", response);
    next();
  };
}

function signIn(authenticate: Authenticate, scope: Scope, limits: RateLimits): RequestHandler {
  return async (request, response, next) => {
    const { owner, scopes, expiresAt } = await signedIn(authenticate, request, response, limits);
    await limits.takeOwner(owner, response);
    const context = contextOf(response);
    context.owner = owner;
    context.signedInUntil = expiresAt;
    if (!scopes.includes(scope)) throw missingScope(scope);
    next();
  };
}

/** Whoever cannot say who they are counts by their address. */
async function signedIn(
  authenticate: Authenticate,
  request: Request,
  response: Response,
  limits: RateLimits,
): Promise<Identity> {
  try {
    return await authenticate(request);
  } catch (refusal) {
    if (refusal instanceof HttpProblem && PROBLEMS[refusal.code][0] === 401)
      await limits.takeAddress(request.ip ?? "", response);
    throw refusal;
  }
}

function callOf(request: Request, response: Response): Call {
  const { owner = "", signedInUntil, requestId, traceparent } = contextOf(response);
  const body: unknown = request.body;
  return { request, response, owner, signedInUntil, requestId, traceparent, body };
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const known = method === "get" ? ["GET", "HEAD"] : ["POST"];
    methods.set(path, [...(methods.get(path) ?? []), ...known]);
  }
  return methods;
}

function answerOtherMethods(path: string, methods: readonly string[]) {
  const allow = [...methods, "OPTIONS"].join(", ");
  return (request: Request, response: Response, _next: NextFunction): void => {
    contextOf(response).route = path;
    response.setHeader("Allow", allow);
    if (request.method === "OPTIONS") {
      response.status(204).end();
      return;
    }
    throw new HttpProblem(
      "method_not_allowed",
      `${request.method.slice(0, 20)} is not known here; ${allow} are.`,
    );
  };
}
