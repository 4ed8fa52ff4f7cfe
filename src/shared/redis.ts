/**
 * Connections to Redis, one kind for each way of using it.
 *
 * producer   short commands of a process that must not hang: refused at once while disconnected, after 1 s at most
 *            when Redis does not answer, never sent a second time
 * worker     BullMQ's own: commands wait for the connection to come back
 * subscriber a channel listener: subscribes again by itself after a reconnect
 */
import { Redis, type RedisOptions } from "ioredis";
import type { Logger } from "./logging.ts";

export type RedisRole = "producer" | "worker" | "subscriber";

/** After this a command on a producer connection rejects. */
export const COMMAND_TIMEOUT_MS = 1_000;

const ROLE_OPTIONS: Record<RedisRole, RedisOptions> = {
  producer: {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
  },
  worker: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null, autoResubscribe: true },
};

/** Connects in the background and again whenever the connection is lost; never throws for a Redis that is down. */
export function connectRedis(url: string, role: RedisRole, logger: Logger): Redis {
  const connection = new Redis(url, {
    ...ROLE_OPTIONS[role],
    connectTimeout: 2_000,
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 1_000),
  });
  logOutages(connection, role, logger);
  return connection;
}

/** One line when the connection goes and one when it is back: retries every second would flood the log. */
function logOutages(connection: Redis, role: RedisRole, logger: Logger): void {
  let down = false;
  const goDown = (reason: string): void => {
    if (down || connection.status === "end") return;
    down = true;
    logger.warn({ role, reason }, "Redis is not reachable; trying again");
  };
  connection.on("error", (error: Error) => goDown(error.message || error.name));
  connection.on("close", () => goDown("connection closed"));
  connection.on("end", () => {
    down = true;
  });
  connection.on("ready", () => {
    if (down) logger.info({ role }, "Redis is reachable again");
    down = false;
  });
}

/** Ends a connection politely, or at once if Redis does not answer. Safe to call in any state. */
export async function closeRedis(connection: Redis): Promise<void> {
  if (connection.status === "end") return;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, COMMAND_TIMEOUT_MS);
  });
  if (connection.status === "ready") {
    // A refusal means that the connection is going down anyway; disconnect() below ends it either way.
    await Promise.race([connection.quit().catch(() => undefined), patience]);
  }
  clearTimeout(timer);
  connection.disconnect();
}
