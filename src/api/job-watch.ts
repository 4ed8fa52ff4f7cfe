/**
 * Who waits for which job. Changes arrive over the event channel; whatever that misses is found by reading the
 * store: every second while the channel is down, every ten seconds otherwise, and at once after it comes back.
 */
import type { Job } from "../shared/contract/job.ts";
import { presentJob } from "../shared/job-store/job-record.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import type { Logger } from "../shared/logging.ts";
import type { EventSubscriber } from "../shared/queue/event-channel.ts";
import type { JobEvent } from "../shared/queue/job-events.ts";
import { createLatestSnapshots, parseSnapshot } from "./latest-snapshots.ts";

const PASS_MS = 1_000;
const READ_AGAIN_MS = 10_000;
/** Store reads in one pass; with more jobs watched than this, a pass takes the next ones. */
const READS_PER_PASS = 500;

interface JobListener {
  /** A snapshot, not necessarily newer than the last one. */
  changed(job: Job): void;
  /** The server is going away: answer with what is known. */
  ended(): void;
}

export interface JobWatch {
  /** The job as stored, or as a newer event had it. */
  newest(stored: Job): Job;
  /** Calls the listener for every snapshot from now on. The answer ends the watch. */
  watch(jobId: string, listener: JobListener): () => void;
  /** A change made by this process, which its watchers need not wait for. */
  announce(job: Job): void;
  /** Ends all watches; those that begin later end at once. */
  drain(): void;
}

interface Watched {
  listeners: Set<JobListener>;
  readAt: number;
}

interface JobWatchParts {
  store: Pick<JobStore, "read">;
  events: Pick<EventSubscriber, "onEvent" | "onReconnect" | "connected">;
  logger: Logger;
}

export function createJobWatch({ store, events, logger }: JobWatchParts): JobWatch {
  const snapshots = createLatestSnapshots();
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let passing = false;
  let drained = false;

  function deliver(job: Job): void {
    for (const listener of watched.get(job.id)?.listeners ?? []) listener.changed(job);
  }

  function receive(event: JobEvent): void {
    snapshots.keep(event);
    if (!watched.has(event.jobId)) return;
    const job = parseSnapshot(event);
    if (job === undefined) logger.warn({ jobId: event.jobId }, "event without a job");
    else deliver(job);
  }

  async function readAgain(jobId: string, entry: Watched): Promise<void> {
    entry.readAt = Date.now();
    try {
      const stored = await store.read(jobId);
      if (stored !== undefined) deliver(presentJob(stored.job));
    } catch (error) {
      logger.debug({ err: error, jobId }, "a watched job could not be read; trying again");
    }
  }

  /** Reads what was not read for too long; entries move to the end of the map, so that each has its turn. */
  async function pass(): Promise<void> {
    if (passing) return;
    passing = true;
    const period = events.connected() ? READ_AGAIN_MS : PASS_MS;
    const before = Date.now() - period + 50;
    const due = [...watched].filter(([, entry]) => entry.readAt <= before).slice(0, READS_PER_PASS);
    for (const [jobId, entry] of due) {
      watched.delete(jobId);
      watched.set(jobId, entry);
    }
    await Promise.all(due.map(([jobId, entry]) => readAgain(jobId, entry)));
    passing = false;
  }

  function leave(jobId: string, listener: JobListener): void {
    const entry = watched.get(jobId);
    entry?.listeners.delete(listener);
    if (entry?.listeners.size === 0) watched.delete(jobId);
    if (watched.size === 0) clearInterval(timer);
  }

  events.onEvent(receive);
  events.onReconnect(() => {
    for (const entry of watched.values()) entry.readAt = 0;
    void pass();
  });

  return {
    newest: (stored) => snapshots.newest(stored),
    watch(jobId, listener) {
      if (drained) {
        queueMicrotask(() => listener.ended());
        return () => undefined;
      }
      if (watched.size === 0) timer = setInterval(() => void pass(), PASS_MS).unref();
      const entry = watched.get(jobId) ?? { listeners: new Set(), readAt: Date.now() };
      entry.listeners.add(listener);
      watched.set(jobId, entry);
      return () => leave(jobId, listener);
    },
    announce: deliver,
    drain() {
      drained = true;
      for (const entry of watched.values()) {
        for (const listener of entry.listeners) listener.ended();
      }
    },
  };
}
