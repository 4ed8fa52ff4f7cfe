/** Word that a batch went on, over pub/sub: its id alone. Whoever wants to know more reads the job store. */
import type { Redis } from "ioredis";
import type { Logger } from "../logging.ts";
import { Channel } from "./channel.ts";
import { queueNames } from "./names.ts";

export interface BatchPublisher {
  /** Resolves either way: word that Redis did not take costs its listeners only time. */
  publish(batchId: string): Promise<void>;
}

/** `connection` in the role of a producer; it stays the caller's to close. */
export function createBatchPublisher(options: {
  connection: Redis;
  prefix: string;
  logger: Logger;
}): BatchPublisher {
  const { connection, logger } = options;
  const { batchesChannel } = queueNames(options.prefix);
  return {
    async publish(batchId) {
      try {
        await connection.publish(batchesChannel, batchId);
      } catch (error) {
        logger.debug({ err: error, batchId }, "Word of a batch was not taken by Redis");
      }
    },
  };
}

export interface BatchSubscriber {
  onBatch(listener: (batchId: string) => void): void;
  /** While not, listeners look at the store by themselves. */
  connected(): boolean;
  close(): Promise<void>;
}

export function createBatchSubscriber(options: {
  redisUrl: string;
  prefix: string;
  logger: Logger;
}): BatchSubscriber {
  const channel = new Channel(options.redisUrl, queueNames(options.prefix).batchesChannel, options.logger);
  return {
    onBatch: (listener) => channel.onMessage(listener),
    connected: () => channel.connected(),
    close: () => channel.close(),
  };
}
