/** Refusals of whoever asks: problem details with the challenge of RFC 6750, which says why and nothing more. */
import type { ProblemCode } from "../shared/contract/problem.ts";
import type { Scope } from "../shared/contract/scope.ts";
import { HttpProblem } from "./problem-details.ts";

const REALM = 'Bearer realm="strategiz"';

/** No credentials came: the challenge names no error then. */
export function signInFirst(how: string): HttpProblem {
  return new HttpProblem("unauthenticated", how, { headers: { "WWW-Authenticate": REALM } });
}

/** `reason` is one sentence; it must hold nothing of what was sent. */
export function refusedCredentials(reason: string, code: ProblemCode = "unauthenticated"): HttpProblem {
  return new HttpProblem(code, reason, {
    headers: { "WWW-Authenticate": `${REALM}, error="invalid_token", error_description="${reason}"` },
  });
}

export function missingScope(scope: Scope): HttpProblem {
  const detail = `This API key lacks the scope ${scope}: use one that has it.`;
  return new HttpProblem("insufficient_scope", detail, {
    headers: { "WWW-Authenticate": `${REALM}, error="insufficient_scope", scope="${scope}"` },
  });
}
