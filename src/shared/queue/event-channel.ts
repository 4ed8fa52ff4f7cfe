/** Job events over pub/sub: one channel, one subscription a process, whoever waits for a job registers here. */
import type { Redis } from "ioredis";
import { type PresentableJob, presentJob } from "../job-store/job-record.ts";
import type { Logger } from "../logging.ts";
import { Channel } from "./channel.ts";
import { decodeJobEvent, encodeJobEvent, type JobEvent } from "./job-events.ts";
import { queueNames } from "./names.ts";

export interface EventPublisher {
  /**
   * Tells the job's new state to whoever waits for it. Resolves either way: an event that Redis did not take costs
   * its listeners only time, since they read the store when they reconnect or nothing comes.
   */
  publish(job: PresentableJob): Promise<void>;
}

/** `connection` in the role of a producer; it stays the caller's to close. */
export function createEventPublisher(options: {
  connection: Redis;
  prefix: string;
  logger: Logger;
}): EventPublisher {
  const { connection, logger } = options;
  const { eventsChannel } = queueNames(options.prefix);
  return {
    async publish(job) {
      try {
        await connection.publish(eventsChannel, encodeJobEvent(presentJob(job)));
      } catch (error) {
        logger.debug({ err: error, jobId: job.id, version: job.version }, "An event was not taken by Redis");
      }
    },
  };
}

export type JobEventListener = (event: JobEvent) => void;

export interface EventSubscriber {
  /** Register before the job is submitted or read, or an event may slip between. Answers how to stop. */
  onJob(jobId: string, listener: JobEventListener): () => void;
  /** Every event of every job. Answers how to stop. */
  onEvent(listener: JobEventListener): () => void;
  /** Events may have been missed: whoever waits reads the store. Answers how to stop. */
  onReconnect(listener: () => void): () => void;
  /** Whether events arrive now; while not, waiters poll the store. */
  connected(): boolean;
  close(): Promise<void>;
}

export function createEventSubscriber(options: {
  redisUrl: string;
  prefix: string;
  logger: Logger;
}): EventSubscriber {
  const channel = new Channel(options.redisUrl, queueNames(options.prefix).eventsChannel, options.logger);
  const jobs = new Map<string, Set<JobEventListener>>();
  const everything = new Set<JobEventListener>();
  channel.onMessage((message) => {
    // The id comes first, so that events nobody waits for cost no parsing.
    const listeners = jobs.get(message.slice(0, message.indexOf(" ")));
    if (listeners === undefined && everything.size === 0) return;
    const event = decodeJobEvent(message);
    if (event === undefined) return;
    for (const listener of [...everything, ...(listeners ?? [])]) listener(event);
  });
  return {
    onJob(jobId, listener) {
      const listeners = jobs.get(jobId) ?? new Set();
      jobs.set(jobId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && jobs.get(jobId) === listeners) jobs.delete(jobId);
      };
    },
    onEvent(listener) {
      everything.add(listener);
      return () => {
        everything.delete(listener);
      };
    },
    onReconnect: (listener) => channel.onSubscribed(listener),
    connected: () => channel.connected(),
    close: () => channel.close(),
  };
}
