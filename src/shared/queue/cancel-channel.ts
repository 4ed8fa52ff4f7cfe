/**
 * Cancelling a job that a worker may hold: a key that a worker reads when it takes the job, and a message for the
 * worker that runs it. The job store says `cancelled` before either is sent.
 */
import type { Redis } from "ioredis";
import { QueueUnavailableError } from "../errors.ts";
import type { Logger } from "../logging.ts";
import { Channel } from "./channel.ts";
import { queueNames } from "./names.ts";

/** Longer than any entry can be on its way to a worker that does not read the store first. */
const CANCEL_KEY_SECONDS = 3_600;

export interface CancelPublisher {
  /** Rejects with QueueUnavailableError: the running worker then finds out when it writes. */
  cancel(jobId: string): Promise<void>;
  /** Whether the job was cancelled lately. Rejects with QueueUnavailableError. */
  isCancelled(jobId: string): Promise<boolean>;
}

/** `connection` in the role of a producer; it stays the caller's to close. */
export function createCancelPublisher(options: { connection: Redis; prefix: string }): CancelPublisher {
  const { connection } = options;
  const { cancelChannel, cancelKey } = queueNames(options.prefix);
  return {
    cancel: (jobId) =>
      asked(async () => {
        // The key first: a worker registers its listener, then reads the key, so one of the two reaches it.
        await connection.set(cancelKey(jobId), "1", "EX", CANCEL_KEY_SECONDS);
        await connection.publish(cancelChannel, jobId);
      }),
    isCancelled: (jobId) => asked(async () => (await connection.exists(cancelKey(jobId))) === 1),
  };
}

export interface CancelSubscriber {
  /** Calls back when the job is cancelled. Answers how to stop. */
  onCancel(jobId: string, listener: () => void): () => void;
  /** Messages may have been missed: whoever listens reads the key. */
  onReconnect(listener: () => void): () => void;
  close(): Promise<void>;
}

export function createCancelSubscriber(options: {
  redisUrl: string;
  prefix: string;
  logger: Logger;
}): CancelSubscriber {
  const channel = new Channel(options.redisUrl, queueNames(options.prefix).cancelChannel, options.logger);
  const listeners = new Map<string, () => void>();
  channel.onMessage((jobId) => listeners.get(jobId)?.());
  return {
    onCancel(jobId, listener) {
      listeners.set(jobId, listener);
      return () => {
        if (listeners.get(jobId) === listener) listeners.delete(jobId);
      };
    },
    onReconnect: (listener) => channel.onSubscribed(listener),
    close: () => channel.close(),
  };
}

async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw new QueueUnavailableError("Redis does not answer", { cause: error });
  }
}
