/** Who is asking. The one seam between a request and its owner; every way of signing in answers through it. */
import type { Request } from "express";
import { HttpProblem } from "./problem-details.ts";

/** The owner of the request. Throws 401 if nobody is signed in. */
export type Authenticate = (request: Request) => string | Promise<string>;

/** Looks a key up; undefined for one that is unknown or revoked. */
export interface KeyOwners {
  ownerOf(key: string): string | undefined | Promise<string | undefined>;
}

/** Everybody is `local`: for a server that only its own machine can reach. */
export const authenticateNobody: Authenticate = () => "local";

const KEY = /^stz_[A-Za-z0-9_-]{1,200}$/;
const BEARER = /^Bearer +(\S+) *$/i;

/** API keys, from `Authorization: Bearer stz_...` or `X-API-Key`. */
export function authenticateByKey(keys: KeyOwners): Authenticate {
  return async (request) => {
    const key = presentedKey(request);
    if (key === undefined) {
      throw unauthenticated("Send an API key as Authorization: Bearer stz_... or as X-API-Key.");
    }
    const owner = KEY.test(key) ? await keys.ownerOf(key) : undefined;
    if (owner === undefined) throw unauthenticated("This API key is not known, or it was revoked.", true);
    return owner;
  };
}

function presentedKey(request: Request): string | undefined {
  const { authorization, "x-api-key": header } = request.headers;
  if (typeof header === "string") return header;
  return BEARER.exec(authorization ?? "")?.[1];
}

/** RFC 6750: a challenge names an error only where credentials were sent. */
function unauthenticated(detail: string, wasSent = false): HttpProblem {
  const challenge = wasSent ? 'Bearer realm="strategiz", error="invalid_token"' : 'Bearer realm="strategiz"';
  return new HttpProblem("unauthenticated", detail, { headers: { "WWW-Authenticate": challenge } });
}
