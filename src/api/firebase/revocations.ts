/**
 * Whether a user's sessions were ended, or the user disabled or deleted: only Firebase knows, so that it costs a
 * request a user and minute.
 */
import { type App, deleteApp, initializeApp } from "firebase-admin/app";
import { type Auth, getAuth, type UserRecord } from "firebase-admin/auth";
import { LRUCache } from "lru-cache";
import { newId } from "../../shared/ids.ts";
import type { Logger } from "../../shared/logging.ts";
import { tryLater } from "../problem-details.ts";

/** True if what the user signed in with at `signedInAt` (epoch seconds) counts no more. Throws 503 if nobody knows. */
export type IsRevoked = (uid: string, signedInAt: number) => Promise<boolean>;

export interface Revocations {
  isRevoked: IsRevoked;
  close(): Promise<void>;
}

/** A revocation counts after so long at the latest. */
const KEPT_MS = 60_000;
const USERS_KEPT = 10_000;
const DEADLINE_MS = 3_000;

/** Sessions from this epoch second on count; Infinity: none does. */
type ValidSince = number;

/** firebase-admin finds credentials, and the emulator in FIREBASE_AUTH_EMULATOR_HOST, by itself. */
export function createRevocations(projectId: string, logger: Logger): Revocations {
  const app: App = initializeApp({ projectId }, `sign-in-${newId()}`);
  const auth = getAuth(app);
  const known = new LRUCache<string, ValidSince>({
    max: USERS_KEPT,
    ttl: KEPT_MS,
    fetchMethod: (uid) => readValidSince(auth, uid),
  });
  return {
    async isRevoked(uid, signedInAt) {
      try {
        return (
          signedInAt <
          ((await known.fetch(uid, { signal: AbortSignal.timeout(DEADLINE_MS) })) ?? Number.POSITIVE_INFINITY)
        );
      } catch (error) {
        logger.warn({ err: error }, "revocation of ID tokens could not be asked for");
        throw tryLater("ID tokens cannot be checked now, as Firebase does not answer.", 2);
      }
    },
    close: () => deleteApp(app),
  };
}

async function readValidSince(auth: Auth, uid: string): Promise<ValidSince> {
  try {
    return validSince(await auth.getUser(uid));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "auth/user-not-found") {
      return Number.POSITIVE_INFINITY;
    }
    throw error;
  }
}

function validSince({ disabled, tokensValidAfterTime }: UserRecord): ValidSince {
  if (disabled) return Number.POSITIVE_INFINITY;
  return tokensValidAfterTime === undefined ? 0 : Date.parse(tokensValidAfterTime) / 1_000;
}
