/** Every environment variable of API and worker, parsed once in each main.ts. `.env.example` lists them. */
import { z } from "zod";
import { type AuthConfig, authShape, settleAuth } from "./auth-config.ts";
import { ConfigError } from "./config-error.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const port = z.coerce.number().int().min(0).max(65_535);
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== ""),
);

const commonShape = {
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).default("redis://127.0.0.1:6379"),
  QUEUE_PREFIX: z
    .string()
    .regex(/^\{[a-z0-9-]{1,32}\}$/, "must be a name in braces, such as {strategiz}")
    .default("{strategiz}"),
  JOB_STORE: z.enum(["sqlite", "firestore"]).default("sqlite"),
  SQLITE_PATH: z.string().min(1).default(".strategiz/jobs.sqlite"),
  /** Without it the project of GOOGLE_CLOUD_PROJECT, of the credentials or of the machine. */
  FIRESTORE_PROJECT: z.string().min(1).optional(),
  GOOGLE_CLOUD_PROJECT: z.string().min(1).optional(),
  FIRESTORE_EMULATOR_HOST: z
    .string()
    .regex(/^[^\s:/]+:\d+$/, "must be host:port")
    .optional(),
  RETENTION_DAYS: z.coerce.number().min(1).max(3_650).default(30),
  STORE_DEADLINE_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  EXECUTOR_TARGETS: list
    .default(["127.0.0.1:50051"])
    .refine(
      (targets) => targets.length > 0 && targets.every((target) => /^[^\s,]+:\d+$/.test(target)),
      "must be host:port, comma-separated",
    ),
  EXECUTOR_TLS: flag.default(false),
  EXECUTOR_TLS_CA_FILE: z.string().optional(),
  EXECUTOR_TOKEN: z.string().min(1).optional(),
  MARKET_DATA: z.enum(["csv", "firestore"]).default("csv"),
  MARKET_DATA_DIR: z.string().min(1).default("examples/market-data"),
  PLANS_FILE: z.string().min(1).optional(),
  OWNER_RUNNING_MAX: z.coerce.number().int().min(1).max(100_000).optional(),
  ADMIN_HOST: z.string().default("127.0.0.1"),
};

const apiKeysFile = z.string().default(".strategiz/api-keys.json");

/** Requests in RATE_LIMIT_SECONDS where nothing is set. */
const OWNER_REQUESTS = 6_000;
const ADDRESS_REQUESTS = 600;

const apiShape = z.object({
  ...commonShape,
  HOST: z.string().default("127.0.0.1"),
  PORT: port.default(8080),
  ADMIN_PORT: port.default(9464),
  ...authShape,
  API_KEYS_FILE: apiKeysFile,
  CORS_ORIGINS: list.default([]),
  QUEUE_CAP: z.coerce.number().int().min(1).max(10_000_000).default(10_000),
  OWNER_QUEUED_MAX: z.coerce.number().int().min(1).max(10_000_000).default(5_000),
  OWNER_CELLS_MAX: z.coerce.number().int().min(1).max(1_000_000_000).default(300_000),
  RATE_LIMIT_REQUESTS: z.coerce.number().int().min(0).max(10_000_000).optional(),
  RATE_LIMIT_ADDRESS_REQUESTS: z.coerce.number().int().min(0).max(10_000_000).optional(),
  RATE_LIMIT_SECONDS: z.coerce.number().int().min(1).max(3_600).default(60),
  TRUSTED_PROXIES: z.coerce.number().int().min(0).max(16).default(0),
  /** Without it `symbol-lists.json` beside the CSV files, if there is one. */
  SYMBOL_LISTS_FILE: z.string().min(1).optional(),
  IDEMPOTENCY_HOURS: z.coerce.number().min(1).max(720).default(24),
});

const workerShape = z.object({
  ...commonShape,
  ADMIN_PORT: port.default(9465),
  /** Identical executions of one owner are run once. */
  REUSE_RESULTS: flag.default(true),
  MARKET_DATA_CACHE_MB: z.coerce.number().int().min(1).max(65_536).default(256),
  /** Upper bound on executions at once in this worker; by default what the executors' slots allow. */
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(1_000).optional(),
  /** How long a draining worker lets running jobs finish before it puts them back. */
  DRAIN_GRACE_SECONDS: z.coerce.number().min(0).max(600).default(20),
  RECONCILE_INTERVAL_SECONDS: z.coerce.number().min(0.1).max(600).default(10),
  RECONCILE_UNTOUCHED_SECONDS: z.coerce.number().min(0.1).max(3_600).default(30),
});

interface RateLimitConfig {
  RATE_LIMIT_REQUESTS: number;
  RATE_LIMIT_ADDRESS_REQUESTS: number;
}

export type ApiConfig = Omit<z.infer<typeof apiShape>, keyof AuthConfig | keyof RateLimitConfig> &
  AuthConfig &
  RateLimitConfig;
export type WorkerConfig = z.infer<typeof workerShape>;
const marketDataShape = z.object(commonShape).pick({
  MARKET_DATA_DIR: true,
  FIRESTORE_PROJECT: true,
  GOOGLE_CLOUD_PROJECT: true,
  FIRESTORE_EMULATOR_HOST: true,
});

export type StoreConfig = Pick<WorkerConfig, "JOB_STORE" | "SQLITE_PATH" | "STORE_DEADLINE_MS"> &
  Partial<
    Pick<
      WorkerConfig,
      "FIRESTORE_PROJECT" | "GOOGLE_CLOUD_PROJECT" | "FIRESTORE_EMULATOR_HOST" | "RETENTION_DAYS"
    >
  >;
export type MarketDataConfig = Pick<
  WorkerConfig,
  "MARKET_DATA" | "STORE_DEADLINE_MS" | keyof z.infer<typeof marketDataShape>
>;
export type ExecutorConfig = Pick<
  WorkerConfig,
  "EXECUTOR_TARGETS" | "EXECUTOR_TLS" | "EXECUTOR_TLS_CA_FILE" | "EXECUTOR_TOKEN"
>;

/** Authentication off is for loopback alone: it is the default there, and refused elsewhere. */
export function readApiConfig(environment: Environment): ApiConfig {
  const config = parse(apiShape, environment);
  const auth = settleAuth(config);
  return { ...config, ...auth, ...settleRateLimits(config, auth) };
}

/** On loopback without sign-in everybody is one owner, who shares the machine with nobody: no limit there. */
function settleRateLimits(given: z.infer<typeof apiShape>, { AUTH }: AuthConfig): RateLimitConfig {
  const open = AUTH.includes("none");
  return {
    RATE_LIMIT_REQUESTS: given.RATE_LIMIT_REQUESTS ?? (open ? 0 : OWNER_REQUESTS),
    RATE_LIMIT_ADDRESS_REQUESTS: given.RATE_LIMIT_ADDRESS_REQUESTS ?? (open ? 0 : ADDRESS_REQUESTS),
  };
}

export function readWorkerConfig(environment: Environment): WorkerConfig {
  return parse(workerShape, environment);
}

/** For the command that fills Firestore with market data. */
export function readStoredMarketDataConfig(environment: Environment): z.infer<typeof marketDataShape> {
  return parse(marketDataShape, environment);
}

/** For the command that makes keys, which needs nothing else of the API's settings. */
export function readApiKeysFile(environment: Environment): string {
  return parse(z.object({ API_KEYS_FILE: apiKeysFile }), environment).API_KEYS_FILE;
}

/** An empty variable counts as not set, as compose files and shells often leave them. */
function parse<Output>(schema: z.ZodType<Output>, environment: Environment): Output {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new ConfigError(`The environment is not valid. ${problems.join("; ")}. See .env.example`);
}
