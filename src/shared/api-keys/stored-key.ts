/**
 * API keys: `stz_<id>_<secret>`.
 *
 * What is stored holds the SHA-256 of the secret and never the secret. A slow hash guards passwords, which can be
 * guessed; a secret here has 256 random bits, so that a fast one leaves nothing to try.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { SCOPES, type Scope, scopeSchema } from "../contract/scope.ts";

export const OWNER = /^[A-Za-z0-9][A-Za-z0-9._@:-]{0,127}$/;
const KEY = /^stz_([0-9a-f]{12})_([0-9a-f]{64})$/;

/** Times as `YYYY-MM-DDTHH:MM:SSZ`. */
export const storedKeySchema = z.object({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  owner: z.string().regex(OWNER),
  label: z.string().optional(),
  /** Absent in keys made before there were scopes, which may do everything. */
  scopes: z.array(scopeSchema).min(1).optional(),
  secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.string(),
  /** From then on it counts no more. */
  expiresAt: z.iso.datetime().optional(),
  revokedAt: z.string().optional(),
  /** The id of the key that took its place when it was rotated. */
  replacedBy: z.string().optional(),
});
export type StoredApiKey = z.infer<typeof storedKeySchema>;

/** Whose a presented key is and what it may do, or why it does not count. `expiresAt` in epoch milliseconds. */
export type KeyVerdict =
  | { owner: string; scopes: readonly Scope[]; expiresAt?: number | undefined }
  | { refused: "unknown" | "revoked" | "expired" };

export interface NewSecret {
  id: string;
  key: string;
  secretSha256: string;
}

export function newSecret(): NewSecret {
  const id = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("hex");
  return { id, key: `stz_${id}_${secret}`, secretSha256: sha256(secret).toString("hex") };
}

export function scopesOf({ scopes }: Pick<StoredApiKey, "scopes">): readonly Scope[] {
  return scopes ?? SCOPES;
}

/** `now` in epoch milliseconds. That a key was revoked or has expired is told only to whoever has its secret. */
export function judgeKey(keys: ReadonlyMap<string, StoredApiKey>, text: string, now: number): KeyVerdict {
  const stored = findKey(keys, text);
  if (stored === undefined) return { refused: "unknown" };
  if (stored.revokedAt !== undefined) return { refused: "revoked" };
  const expiresAt = stored.expiresAt === undefined ? undefined : Date.parse(stored.expiresAt);
  if (expiresAt !== undefined && expiresAt <= now) return { refused: "expired" };
  return { owner: stored.owner, scopes: scopesOf(stored), expiresAt };
}

/** The id of a text that has the form of a key, known or not. */
export function idOfKey(text: string): string | undefined {
  return KEY.exec(text)?.[1];
}

function findKey(keys: ReadonlyMap<string, StoredApiKey>, text: string): StoredApiKey | undefined {
  const [, id, secret] = KEY.exec(text) ?? [];
  const stored = id === undefined ? undefined : keys.get(id);
  if (stored === undefined || secret === undefined) return undefined;
  return timingSafeEqual(sha256(secret), Buffer.from(stored.secretSha256, "hex")) ? stored : undefined;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
