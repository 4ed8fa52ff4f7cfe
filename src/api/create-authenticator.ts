/** The ways of signing in that the configuration names, as one. */
import { ApiKeyChecker } from "../shared/api-keys/key-checker.ts";
import type { ApiConfig } from "../shared/config.ts";
import type { Logger } from "../shared/logging.ts";
import {
  type Authenticate,
  authenticateBy,
  authenticateNobody,
  type CheckCredential,
} from "./authenticate.ts";
import { createKeyCheck } from "./check-key.ts";
import { createIdTokenCheck, GOOGLE_KEYS_URL } from "./firebase/id-tokens.ts";
import type { Revocations } from "./firebase/revocations.ts";

export interface Authenticator {
  authenticate: Authenticate;
  /** Whoever reaches the server could be anybody: the address is the wall. */
  loopbackOnly: boolean;
  close(): Promise<void>;
}

interface Way {
  check: CheckCredential | undefined;
  close: () => Promise<void>;
}

const NO_WAY: Way = { check: undefined, close: async () => undefined };

export async function createAuthenticator(config: ApiConfig, logger: Logger): Promise<Authenticator> {
  if (config.AUTH.includes("none")) {
    return { authenticate: authenticateNobody, loopbackOnly: true, close: NO_WAY.close };
  }
  const keys = config.AUTH.includes("api-keys") ? keyWay(config, logger) : NO_WAY;
  const tokens =
    config.FIREBASE_PROJECT === undefined ? NO_WAY : await tokenWay(config, config.FIREBASE_PROJECT, logger);
  return {
    authenticate: authenticateBy({ checkKey: keys.check, checkToken: tokens.check }),
    loopbackOnly: tokens.check !== undefined && isEmulated(config),
    async close() {
      await Promise.all([keys.close(), tokens.close()]);
    },
  };
}

function keyWay(config: ApiConfig, logger: Logger): Way {
  const keys = new ApiKeyChecker(config.API_KEYS_FILE, logger);
  return { check: createKeyCheck(keys), close: () => keys.close() };
}

async function tokenWay(config: ApiConfig, projectId: string, logger: Logger): Promise<Way> {
  const unsigned = isEmulated(config);
  if (unsigned) logger.warn("emulator mode: ID tokens without a signature are taken, and no others");
  let revocations: Revocations | undefined;
  if (config.FIREBASE_CHECK_REVOKED) {
    // Who does not ask for it need not load Google's libraries.
    const { createRevocations } = await import("./firebase/revocations.ts");
    revocations = createRevocations(projectId, logger);
  }
  const check = createIdTokenCheck({
    projectId,
    keysUrl: config.FIREBASE_KEYS_URL ?? GOOGLE_KEYS_URL,
    unsigned,
    clockSkewSeconds: config.AUTH_CLOCK_SKEW_SECONDS,
    isRevoked: revocations?.isRevoked,
    logger,
  });
  return { check, close: async () => await revocations?.close() };
}

function isEmulated(config: ApiConfig): boolean {
  return config.FIREBASE_AUTH_EMULATOR_HOST !== undefined;
}
