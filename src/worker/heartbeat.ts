/** Tells the other workers that this one lives and which jobs it holds; learns how many live, and of a wiped Redis. */
import type { Redis } from "ioredis";
import type { Logger } from "../shared/logging.ts";
import type { QueueNames } from "../shared/queue/names.ts";

export const HEARTBEAT_MS = 2_000;
/** A worker unheard of for so long counts as dead. */
export const HEARTBEAT_TTL_MS = 6_000;

/** Times are Redis' own, so that clocks of different machines do not matter. */
const BEAT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, key in ipairs({KEYS[1], KEYS[2]}) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - ARGV[1])
end
redis.call('ZADD', KEYS[1], now, ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1] * 2)
for i = 3, #ARGV do redis.call('ZADD', KEYS[2], now, ARGV[i]) end
redis.call('PEXPIRE', KEYS[2], ARGV[1] * 2)
return {redis.call('ZCARD', KEYS[1]), redis.call('EXISTS', KEYS[3])}
`;

export interface HeartbeatOptions {
  /** In the role of a producer; stays the caller's to close. */
  connection: Redis;
  names: QueueNames;
  workerId: string;
  heldJobs: () => string[];
  onWorkers: (live: number) => void;
  /** The marker is gone: Redis lost everything, or somebody asks for a full pass. */
  onMarkerMissing: () => void;
  logger: Logger;
}

export interface Heartbeat {
  /** Also says goodbye, so that the others take over this worker's share at once. */
  stop(): Promise<void>;
}

/** Beats at every connect and every two seconds. */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { connection, names, workerId, logger } = options;
  const beat = async (): Promise<void> => {
    if (connection.status !== "ready") return;
    try {
      const keys = [names.workersKey, names.heldKey, names.markerKey];
      const answer = await connection.eval(
        BEAT,
        keys.length,
        ...keys,
        HEARTBEAT_TTL_MS,
        workerId,
        ...options.heldJobs(),
      );
      const [live, marker] = Array.isArray(answer) ? answer.map(Number) : [];
      options.onWorkers(live ?? 1);
      if (marker === 0) options.onMarkerMissing();
    } catch (error) {
      logger.debug({ err: error }, "A heartbeat did not reach Redis");
    }
  };
  const beatNow = (): void => void beat();
  const timer = setInterval(beatNow, HEARTBEAT_MS);
  connection.on("ready", beatNow);
  beatNow();
  return {
    async stop() {
      clearInterval(timer);
      connection.off("ready", beatNow);
      if (connection.status !== "ready") return;
      try {
        await connection.zrem(names.workersKey, workerId);
      } catch (error) {
        logger.debug({ err: error }, "Redis was not told that this worker stops; it will notice");
      }
    },
  };
}

/** Those of the jobs that a live worker holds, as of its last heartbeat. */
export async function heldJobs(
  connection: Redis,
  names: QueueNames,
  jobIds: readonly string[],
): Promise<Set<string>> {
  if (jobIds.length === 0) return new Set();
  const scores = await connection.zmscore(names.heldKey, ...jobIds);
  return new Set(jobIds.filter((_, index) => scores[index] !== null));
}
