/** API keys as a way of signing in. */
import type { KeyVerdict } from "../shared/api-keys/stored-key.ts";
import type { CheckCredential } from "./authenticate.ts";
import { refusedCredentials } from "./challenge.ts";

const REFUSALS = {
  unknown: "This API key is not known",
  revoked: "This API key was revoked: use another one",
  expired: "This API key has expired: use another one",
} as const;

/** Keys that run out while a stream is open end it. */
export function createKeyCheck(keys: { check(key: string): Promise<KeyVerdict> }): CheckCredential {
  return async (text) => {
    const verdict = await keys.check(text);
    if ("refused" in verdict) {
      const code = verdict.refused === "expired" ? "token_expired" : "unauthenticated";
      throw refusedCredentials(REFUSALS[verdict.refused], code);
    }
    return verdict;
  };
}
