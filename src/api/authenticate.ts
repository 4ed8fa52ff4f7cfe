/** Who is asking. The one seam between a request and its owner; every way of signing in answers through it. */
import type { Request } from "express";
import { SCOPES, type Scope } from "../shared/contract/scope.ts";
import { refusedCredentials, signInFirst } from "./challenge.ts";

export interface Identity {
  owner: string;
  scopes: readonly Scope[];
  /** Epoch milliseconds from which on the same credentials are refused; undefined if they do not end. */
  expiresAt?: number | undefined;
}

/** Throws 401 if nobody is signed in, 503 if that cannot be told now. */
export type Authenticate = (request: Request) => Identity | Promise<Identity>;

/** One way of signing in: the identity of a key or token, or a refusal that says why. */
export type CheckCredential = (text: string) => Promise<Identity>;

export interface SignInWays {
  checkKey?: CheckCredential | undefined;
  checkToken?: CheckCredential | undefined;
}

/** Everybody is `local`: for a server that only its own machine can reach. */
export const authenticateNobody: Authenticate = () => ({ owner: "local", scopes: SCOPES });

const BEARER = /^Bearer +(\S+) *$/i;
/** Longer than any ID token; beyond it nothing is parsed. */
const CREDENTIAL_MAX = 8_192;

/** API keys from `Authorization: Bearer stz_...` or `X-API-Key`; any other bearer token is an ID token. */
export function authenticateBy(ways: SignInWays): Authenticate {
  const how = describeWays(ways);
  return async ({ headers: { authorization, "x-api-key": header } }) => {
    const bearer = BEARER.exec(authorization ?? "")?.[1];
    const text = typeof header === "string" ? header : bearer;
    if (text === undefined) {
      if (authorization !== undefined)
        throw refusedCredentials(`Authorization is not a bearer token. ${how}`);
      throw signInFirst(how);
    }
    const isKey = typeof header === "string" || text.startsWith("stz_");
    const check = isKey ? ways.checkKey : ways.checkToken;
    if (check === undefined) {
      throw refusedCredentials(`${isKey ? "API keys are" : "Such a token is"} not taken here. ${how}`);
    }
    if (text.length > CREDENTIAL_MAX) throw refusedCredentials(`This is no key or token of ours. ${how}`);
    return await check(text);
  };
}

/** No quotes: the sentence goes into a quoted header value. */
function describeWays({ checkKey, checkToken }: SignInWays): string {
  const key = "an API key as Authorization: Bearer stz_... or as X-API-Key";
  const token = "a Firebase ID token as Authorization: Bearer ...";
  if (checkKey === undefined) return `Send ${token}`;
  return checkToken === undefined ? `Send ${key}` : `Send ${token}, or ${key}`;
}
