/** Who may ask the API: settings that are refused where they would let anybody in. */
import { z } from "zod";
import { ConfigError } from "./config-error.ts";
import { isLoopback } from "./loopback.ts";

export const AUTH_WAYS = ["none", "api-keys", "firebase"] as const;
export type AuthWay = (typeof AUTH_WAYS)[number];

/** Google's own, or a mirror: whoever answers there decides who is who, so that it must not be plain HTTP. */
const keysUrl = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || isLoopback(hostname);
}, "must be https, unless it is on loopback");

export const authShape = {
  AUTH: z
    .string()
    .transform((text) => text.split(",").map((way) => way.trim()))
    .pipe(z.array(z.enum(AUTH_WAYS)))
    .refine((ways) => ways.length === 1 || !ways.includes("none"), "none stands alone")
    .optional(),
  FIREBASE_PROJECT: z.string().min(1).optional(),
  FIREBASE_KEYS_URL: keysUrl.optional(),
  /** Firebase's own variable: its libraries, and ours, then take unsigned tokens. */
  FIREBASE_AUTH_EMULATOR_HOST: z
    .string()
    .regex(/^[^\s/]+:\d+$/, "must be host:port")
    .optional(),
  FIREBASE_CHECK_REVOKED: z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .default(false),
  AUTH_CLOCK_SKEW_SECONDS: z.coerce.number().min(0).max(300).default(5),
};

type GivenAuth = z.infer<z.ZodObject<typeof authShape>> & {
  HOST: string;
  FIRESTORE_PROJECT?: string | undefined;
  GOOGLE_CLOUD_PROJECT?: string | undefined;
};

export interface AuthConfig {
  AUTH: readonly AuthWay[];
  /** Set wherever AUTH has `firebase`. */
  FIREBASE_PROJECT: string | undefined;
}

/** What is decided where nothing is set. Throws ConfigError, in one line that says what to set. */
export function settleAuth(given: GivenAuth): AuthConfig {
  const { HOST: host } = given;
  const ways = given.AUTH ?? (isLoopback(host) ? (["none"] as const) : undefined);
  if (ways === undefined) {
    throw new ConfigError(
      `HOST is ${host}, which others can reach, and AUTH is not set: set AUTH=api-keys (make a key with ` +
        "npm run api-keys -- create) or AUTH=firebase, or HOST=127.0.0.1",
    );
  }
  if (ways.includes("none") && !isLoopback(host)) {
    throw new ConfigError(
      `AUTH=none answers everybody and HOST is ${host}, which others can reach: set AUTH=api-keys, or HOST=127.0.0.1`,
    );
  }
  return { AUTH: ways, FIREBASE_PROJECT: ways.includes("firebase") ? firebaseProject(given) : undefined };
}

function firebaseProject(given: GivenAuth): string {
  const { HOST: host, FIREBASE_AUTH_EMULATOR_HOST: emulator } = given;
  if (emulator !== undefined && !(isLoopback(host) && isLoopback(emulator.replace(/:\d+$/, "")))) {
    throw new ConfigError(
      `FIREBASE_AUTH_EMULATOR_HOST is ${emulator}, so that anybody could sign in as anybody, and HOST is ${host}: ` +
        "unset the former, or have both on 127.0.0.1",
    );
  }
  const project = given.FIREBASE_PROJECT ?? given.FIRESTORE_PROJECT ?? given.GOOGLE_CLOUD_PROJECT;
  if (project === undefined) {
    throw new ConfigError(
      "AUTH has firebase: set FIREBASE_PROJECT to the id of the project whose users may sign in",
    );
  }
  return project;
}
