/** The API on a free port with its real store and a real Valkey; the test plays the worker. */
import { join } from "node:path";
import { APP_LIMITS, type AppLimits } from "../../../src/api/app.ts";
import { type RunningApi, startApi } from "../../../src/api/start-api.ts";
import { readApiConfig } from "../../../src/shared/config.ts";
import { type Job, jobAcceptedSchema, jobSchema } from "../../../src/shared/contract/job.ts";
import { openJobStore } from "../../../src/shared/job-store/open-job-store.ts";
import type { JobStore } from "../../../src/shared/job-store/port.ts";
import { createLogger } from "../../../src/shared/logging.ts";
import { createEventPublisher } from "../../../src/shared/queue/event-channel.ts";
import { closeRedis, connectRedis } from "../../../src/shared/redis.ts";
import { temporaryDirectory } from "../../support/part.ts";
import { startValkey, type ValkeyPart } from "../../support/start-valkey.ts";
import { createHands, type Hands } from "./hands.ts";
import { type Answer, type Sent, send } from "./http.ts";

export interface RoomOptions {
  environment?: Record<string, string>;
  limits?: Partial<AppLimits>;
  /** Start the API although nothing answers at REDIS_URL. */
  withoutRedis?: boolean;
}

export interface Room {
  readonly api: RunningApi;
  readonly url: string;
  /** undefined without Redis. */
  valkey: ValkeyPart | undefined;
  readonly environment: Record<string, string>;
  readonly store: JobStore;
  readonly worker: Hands;
  ask(path: string, sent?: Sent): Promise<Answer>;
  /** The new job's id. */
  submit(body?: unknown, headers?: Record<string, string>): Promise<string>;
  read(id: string): Promise<Job>;
  stop(): Promise<void>;
}

export const SMALL_JOB = { strategy: { code: "def strategy(data):\n    return 'HOLD'\n" }, symbol: "AAPL" };

const logger = createLogger("test", "silent");

export async function startRoom({
  environment: more = {},
  limits = {},
  withoutRedis = false,
}: RoomOptions = {}): Promise<Room> {
  const state = temporaryDirectory();
  const valkey = withoutRedis ? undefined : await startValkey();
  const environment = {
    PORT: "0",
    ADMIN_PORT: "0",
    // Port 1 is nobody's: connections are refused at once.
    REDIS_URL: valkey?.url ?? "redis://127.0.0.1:1",
    EXECUTOR_TARGETS: "127.0.0.1:1",
    SQLITE_PATH: join(state.path, "jobs.sqlite"),
    LOG_LEVEL: "silent",
    ...more,
  };
  const config = readApiConfig(environment);
  const api = await startApi(config, logger, { ...APP_LIMITS, ...limits });
  const store = await openJobStore(config, logger);
  const connection = connectRedis(config.REDIS_URL, "producer", logger);
  const events = createEventPublisher({ connection, prefix: config.QUEUE_PREFIX, logger });
  const ask = (path: string, sent?: Sent): Promise<Answer> => send(api.url + path, sent);
  const room: Room = {
    api,
    url: api.url,
    valkey,
    environment,
    store,
    worker: createHands(store, events),
    ask,
    async submit(body = SMALL_JOB, headers = {}) {
      const answer = await ask("/v1/jobs", { body, headers });
      if (answer.status !== 202) throw new Error(`POST /v1/jobs answered ${answer.status}: ${answer.text}`);
      return jobAcceptedSchema.parse(answer.json()).id;
    },
    read: async (id) => jobSchema.parse((await ask(`/v1/jobs/${id}`)).json()),
    async stop() {
      await api.stop();
      await closeRedis(connection);
      await store.close();
      await room.valkey?.stop();
      state.remove();
    },
  };
  if (!withoutRedis)
    await until("Redis is connected", async () => (await ask("/readyz")).text.includes('"queue":true'));
  return room;
}

/** Asks again and again, for 10 s at most, until it is so. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
