/**
 * Firebase ID tokens: JWTs that Google signs for one project. docs/auth.md says what is checked, and
 * docs/decisions.md why by jose and not by verifyIdToken of firebase-admin.
 */
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, UnsecuredJWT } from "jose";
import { z } from "zod";
import { SCOPES } from "../../shared/contract/scope.ts";
import type { Logger } from "../../shared/logging.ts";
import type { CheckCredential } from "../authenticate.ts";
import { refusedCredentials } from "../challenge.ts";
import { type HttpProblem, tryLater } from "../problem-details.ts";
import type { IsRevoked } from "./revocations.ts";

/** Where Google publishes the public keys of ID tokens, as a JWK set. */
export const GOOGLE_KEYS_URL =
  "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com";

/** As long as Google lets them be cached; an unknown key id asks again earlier, at most twice a minute. */
const KEYS_KEPT_MS = 6 * 3_600_000;
const KEYS_DEADLINE_MS = 3_000;
const UID_MAX = 128;

export interface IdTokenSettings {
  projectId: string;
  keysUrl: string;
  /** Take unsigned tokens, as Firebase's emulator makes them, and no others. */
  unsigned: boolean;
  /** By how much this machine's clock may differ from Google's. */
  clockSkewSeconds: number;
  /** undefined: revocation is not asked for. */
  isRevoked?: IsRevoked | undefined;
  logger: Logger;
}

const claimsSchema = z.object({
  sub: z.string().min(1).max(UID_MAX),
  exp: z.number(),
  iat: z.number(),
  auth_time: z.number(),
});

export function createIdTokenCheck(settings: IdTokenSettings): CheckCredential {
  const { isRevoked, clockSkewSeconds } = settings;
  const verify = settings.unsigned ? verifyUnsigned(settings) : verifySigned(settings);
  return async (token) => {
    const { sub: uid, exp, iat, auth_time: signedInAt } = readClaims(await verify(token));
    const latest = Date.now() / 1_000 + clockSkewSeconds;
    if (iat > latest || signedInAt > latest) throw refusedCredentials("The ID token is from the future");
    if (isRevoked !== undefined && (await isRevoked(uid, signedInAt))) {
      throw refusedCredentials("The ID token was revoked: sign in again");
    }
    return { owner: uid, scopes: SCOPES, expiresAt: (exp + clockSkewSeconds) * 1_000 };
  };
}

type Verify = (token: string) => Promise<JWTPayload>;

function verifySigned(settings: IdTokenSettings): Verify {
  const keys = createRemoteJWKSet(new URL(settings.keysUrl), {
    cacheMaxAge: KEYS_KEPT_MS,
    timeoutDuration: KEYS_DEADLINE_MS,
  });
  const rules = { ...claimRules(settings), algorithms: ["RS256"] };
  return async (token) => {
    try {
      return (await jwtVerify(token, keys, rules)).payload;
    } catch (error) {
      throw refusalFor(error, settings);
    }
  };
}

function verifyUnsigned(settings: IdTokenSettings): Verify {
  const rules = claimRules(settings);
  return async (token) => {
    try {
      return UnsecuredJWT.decode(token, rules).payload;
    } catch (error) {
      throw refusalFor(error, settings);
    }
  };
}

function claimRules({ projectId, clockSkewSeconds }: IdTokenSettings) {
  return {
    audience: projectId,
    issuer: `https://securetoken.google.com/${projectId}`,
    clockTolerance: clockSkewSeconds,
    requiredClaims: ["exp", "iat", "sub", "auth_time"],
  };
}

function readClaims(payload: JWTPayload): z.infer<typeof claimsSchema> {
  const claims = claimsSchema.safeParse(payload);
  if (claims.success) return claims.data;
  throw refusedCredentials("The ID token is malformed: it names no user or no time");
}

const CLAIM_REFUSALS: Readonly<Record<string, string>> = {
  aud: "The ID token has the wrong audience: it is for another Firebase project",
  iss: "The ID token has the wrong issuer: it is of another Firebase project",
  nbf: "The ID token is from the future",
};

/** Why a token is refused; a fault of ours or of Google's is no refusal. */
function refusalFor(error: unknown, { logger, unsigned }: IdTokenSettings): HttpProblem {
  if (error instanceof errors.JWTExpired) {
    return refusedCredentials("The ID token has expired: get a new one", "token_expired");
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return refusedCredentials(CLAIM_REFUSALS[error.claim] ?? "The ID token is malformed: a claim is missing");
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return refusedCredentials("The ID token is not signed by Google, or by a key that has expired");
  }
  if (error instanceof errors.JOSEAlgNotAllowed) {
    return refusedCredentials("The ID token is signed in a way that is not taken");
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return refusedCredentials(
      unsigned
        ? "This is no unsigned ID token, which is what emulator mode takes"
        : "The ID token is malformed",
    );
  }
  logger.warn({ err: error }, "the public keys of ID tokens could not be read");
  return tryLater("ID tokens cannot be checked now, as Google's keys cannot be read.", 2);
}
