/**
 * API keys: `stz_<id>_<secret>`, kept in a JSON file that only its owner can read.
 *
 * The file holds the SHA-256 of each secret and never a secret. A slow hash guards passwords, which can be guessed;
 * a secret here has 256 random bits, so that a fast one leaves nothing to try.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { readKeyUses, wholeSecond } from "./api-key-uses.ts";
import { readPrivateFile, replacePrivateFile, whileLocked } from "./private-file.ts";

/** The file of keys is not one, or an argument is not valid: the message says what to do. */
export class ApiKeysError extends Error {
  override name = "ApiKeysError";
}

const OWNER = /^[A-Za-z0-9][A-Za-z0-9._@:-]{0,127}$/;
const LABEL = /^[^\p{Cc}]{1,100}$/u;
const KEY = /^stz_([0-9a-f]{12})_([0-9a-f]{64})$/;
const KEY_OR_ID = /^(?:stz_)?([0-9a-f]{12})(?:_[0-9a-f]*)?$/;

const storedKeySchema = z.object({
  id: z.string().regex(/^[0-9a-f]{12}$/),
  owner: z.string().regex(OWNER),
  label: z.string().optional(),
  secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.string(),
  revokedAt: z.string().optional(),
});
export type StoredApiKey = z.infer<typeof storedKeySchema>;

const keysFileSchema = z.object({ version: z.literal(1), keys: z.array(storedKeySchema) });

/** What a list shows. Times as `YYYY-MM-DDTHH:MM:SSZ`. */
export interface ApiKey extends Omit<StoredApiKey, "secretSha256"> {
  /** How the key begins: enough to tell it from others, no help in guessing it. */
  prefix: string;
  /** To the minute or so; undefined if it was never used. */
  lastUsedAt?: string | undefined;
}

/** `key` is shown now and cannot be shown again. Throws ApiKeysError for an owner or label that is not valid. */
export async function createApiKey(
  path: string,
  { owner, label }: { owner: string; label?: string | undefined },
): Promise<{ key: string; apiKey: ApiKey }> {
  if (!OWNER.test(owner)) {
    throw new ApiKeysError(
      "The owner must be 1 to 128 letters, digits or . _ @ : -, such as alice@example.com",
    );
  }
  if (label !== undefined && !LABEL.test(label)) {
    throw new ApiKeysError("The label must be 1 to 100 characters on one line");
  }
  const id = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("hex");
  const createdAt = wholeSecond(Date.now());
  const stored: StoredApiKey = { id, owner, label, secretSha256: sha256(secret).toString("hex"), createdAt };
  await changeKeys(path, (keys) => [...keys, stored]);
  return { key: `stz_${id}_${secret}`, apiKey: present(stored, undefined) };
}

/** In the order of their making, revoked ones included. */
export async function listApiKeys(path: string): Promise<ApiKey[]> {
  const [keys, uses] = await Promise.all([readApiKeys(path), readKeyUses(path)]);
  return keys.map((key) => present(key, uses.get(key.id)));
}

/** Takes the id, the prefix or the whole key. A second time changes nothing. Throws ApiKeysError for an unknown one. */
export async function revokeApiKey(path: string, keyOrId: string): Promise<ApiKey> {
  const id = KEY_OR_ID.exec(keyOrId)?.[1];
  const revokedAt = wholeSecond(Date.now());
  const keys = await changeKeys(path, (before) => {
    if (!before.some((key) => key.id === id)) {
      throw new ApiKeysError(
        "There is no key with that id: `npm run api-keys -- list` shows those there are",
      );
    }
    return before.map((key) => (key.id === id ? { ...key, revokedAt: key.revokedAt ?? revokedAt } : key));
  });
  const revoked = keys.find((key) => key.id === id);
  if (revoked === undefined) throw new ApiKeysError("The key is gone");
  return present(revoked, undefined);
}

/** The key that this text is; undefined for one that is unknown, wrong or revoked. */
export function verifyApiKey(
  keys: ReadonlyMap<string, StoredApiKey>,
  text: string,
): StoredApiKey | undefined {
  const [, id, secret] = KEY.exec(text) ?? [];
  const stored = id === undefined ? undefined : keys.get(id);
  if (stored === undefined || secret === undefined || stored.revokedAt !== undefined) return undefined;
  return timingSafeEqual(sha256(secret), Buffer.from(stored.secretSha256, "hex")) ? stored : undefined;
}

/** No file means no keys. Throws ApiKeysError for a file that is not one of keys. */
export async function readApiKeys(path: string): Promise<StoredApiKey[]> {
  const text = await readPrivateFile(path);
  if (text === undefined) return [];
  try {
    return keysFileSchema.parse(JSON.parse(text)).keys;
  } catch (error) {
    throw new ApiKeysError(
      `${path} is not a file of API keys: repair it, or move it away and make new keys`,
      {
        cause: error,
      },
    );
  }
}

function changeKeys(path: string, change: (keys: StoredApiKey[]) => StoredApiKey[]): Promise<StoredApiKey[]> {
  return whileLocked(path, async () => {
    const keys = change(await readApiKeys(path));
    await replacePrivateFile(path, `${JSON.stringify({ version: 1, keys }, undefined, 2)}\n`);
    return keys;
  });
}

function present(stored: StoredApiKey, lastUsedAt: string | undefined): ApiKey {
  const { id, owner, label, createdAt, revokedAt } = stored;
  return { id, owner, label, createdAt, revokedAt, prefix: `stz_${id}`, lastUsedAt };
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
