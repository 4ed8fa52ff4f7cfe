/** What the operator does with API keys: make, list, revoke, rotate. A running API takes it up within a second. */
import { SCOPES, type Scope } from "../contract/scope.ts";
import { ApiKeysError, changeKeyFile, readApiKeys } from "./key-file.ts";
import { readKeyUses, wholeSecond } from "./key-uses.ts";
import { newSecret, OWNER, type StoredApiKey, scopesOf } from "./stored-key.ts";

const LABEL = /^[^\p{Cc}]{1,100}$/u;
const KEY_OR_ID = /^(?:stz_)?([0-9a-f]{12})(?:_[0-9a-f]*)?$/;

/** What a list shows. Times as `YYYY-MM-DDTHH:MM:SSZ`. */
export interface ApiKey extends Omit<StoredApiKey, "secretSha256" | "scopes"> {
  /** How the key begins: enough to tell it from others, no help in guessing it. */
  prefix: string;
  scopes: readonly Scope[];
  /** To the minute or so; undefined if it was never used. */
  lastUsedAt?: string | undefined;
}

export interface KeyRequest {
  owner: string;
  label?: string | undefined;
  /** All, if undefined. */
  scopes?: readonly Scope[] | undefined;
  /** undefined: until it is revoked. */
  lifetimeMs?: number | undefined;
}

/** `key` is shown now and cannot be shown again. */
export interface NewApiKey {
  key: string;
  apiKey: ApiKey;
}

/** Throws ApiKeysError for an owner or label that is not valid. */
export async function createApiKey(path: string, request: KeyRequest): Promise<NewApiKey> {
  const { key, stored } = makeKey(request);
  await changeKeyFile(path, (keys) => [...keys, stored]);
  return { key, apiKey: present(stored, undefined) };
}

/** In the order of their making, revoked ones included. */
export async function listApiKeys(path: string): Promise<ApiKey[]> {
  const [keys, uses] = await Promise.all([readApiKeys(path), readKeyUses(path)]);
  return keys.map((key) => present(key, uses.get(key.id)));
}

/** Takes the id, the prefix or the whole key. A second time changes nothing. Throws ApiKeysError for an unknown one. */
export async function revokeApiKey(path: string, keyOrId: string): Promise<ApiKey> {
  const now = wholeSecond(Date.now());
  let revoked: StoredApiKey | undefined;
  await changeKeyFile(path, (keys) => {
    const key = requireKey(keys, keyOrId);
    revoked = { ...key, revokedAt: key.revokedAt ?? now };
    return replace(keys, revoked);
  });
  return present(requireMade(revoked), undefined);
}

/**
 * A new key with the owner, label, scopes and length of life of the old one, which counts for `graceMs` longer.
 * Throws ApiKeysError for a key that is unknown, revoked, has expired, or was rotated before.
 */
export async function rotateApiKey(
  path: string,
  keyOrId: string,
  { graceMs, lifetimeMs }: { graceMs: number; lifetimeMs?: number | undefined },
): Promise<NewApiKey & { old: ApiKey }> {
  let made: ReturnType<typeof makeKey> | undefined;
  let ending: StoredApiKey | undefined;
  await changeKeyFile(path, (keys) => {
    const old = requireKey(keys, keyOrId);
    requireInUse(old);
    made = makeKey({ ...old, lifetimeMs: lifetimeMs ?? lifetimeOf(old) });
    ending = { ...old, expiresAt: earlier(old.expiresAt, Date.now() + graceMs), replacedBy: made.stored.id };
    return [...replace(keys, ending), made.stored];
  });
  const { key, stored } = requireMade(made);
  return { key, apiKey: present(stored, undefined), old: present(requireMade(ending), undefined) };
}

function makeKey({ owner, label, scopes, lifetimeMs }: KeyRequest): { key: string; stored: StoredApiKey } {
  if (!OWNER.test(owner)) {
    throw new ApiKeysError(
      "The owner must be 1 to 128 letters, digits or . _ @ : -, such as you@example.com",
    );
  }
  if (label !== undefined && !LABEL.test(label)) {
    throw new ApiKeysError("The label must be 1 to 100 characters on one line");
  }
  const now = Date.now();
  const { key, id, secretSha256 } = newSecret();
  const stored: StoredApiKey = {
    id,
    owner,
    label,
    scopes: [...(scopes ?? SCOPES)],
    secretSha256,
    createdAt: wholeSecond(now),
    expiresAt: lifetimeMs === undefined ? undefined : wholeSecond(now + lifetimeMs),
  };
  return { key, stored };
}

function requireKey(keys: readonly StoredApiKey[], keyOrId: string): StoredApiKey {
  const id = KEY_OR_ID.exec(keyOrId)?.[1];
  const key = keys.find((candidate) => candidate.id === id);
  if (key === undefined) {
    throw new ApiKeysError("There is no key with that id: `npm run api-keys -- list` shows those there are");
  }
  return key;
}

function requireInUse({ id, revokedAt, expiresAt, replacedBy }: StoredApiKey): void {
  const over = expiresAt !== undefined && Date.parse(expiresAt) <= Date.now() ? "has expired" : undefined;
  const why = revokedAt === undefined ? over : "was revoked";
  if (replacedBy !== undefined) {
    throw new ApiKeysError(`stz_${id} was rotated before: rotate stz_${replacedBy}, which took its place`);
  }
  if (why !== undefined) throw new ApiKeysError(`stz_${id} ${why}: make a new key with create`);
}

function replace(keys: readonly StoredApiKey[], changed: StoredApiKey): StoredApiKey[] {
  return keys.map((key) => (key.id === changed.id ? changed : key));
}

function lifetimeOf({ createdAt, expiresAt }: StoredApiKey): number | undefined {
  return expiresAt === undefined ? undefined : Date.parse(expiresAt) - Date.parse(createdAt);
}

function earlier(time: string | undefined, epochMs: number): string {
  return time !== undefined && Date.parse(time) < epochMs ? time : wholeSecond(epochMs);
}

/** The change ran, or changeKeyFile had thrown. */
function requireMade<Made>(made: Made | undefined): Made {
  if (made === undefined) throw new ApiKeysError("The keys were not changed");
  return made;
}

function present(stored: StoredApiKey, lastUsedAt: string | undefined): ApiKey {
  const { secretSha256: _secret, ...shown } = stored;
  return { ...shown, scopes: scopesOf(stored), prefix: `stz_${stored.id}`, lastUsedAt };
}
