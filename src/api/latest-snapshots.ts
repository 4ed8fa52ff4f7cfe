import { LRUCache } from "lru-cache";
import { isTerminal, type Job, jobSchema } from "../shared/contract/job.ts";
import type { JobEvent } from "../shared/queue/job-events.ts";

/** Enough for some ten thousand jobs. What is dropped is still in the store, at most one state behind. */
const BYTES_MAX = 16 * 1024 * 1024;
/** The store says `running` within 250 ms, or the attempt that told it is gone and the job waits again. */
const KEPT_MS = 10_000;

/**
 * The last event of each job, so that an answer shows `running` before the job store does. An answer takes it only
 * where it is newer than what the store says; nothing rests on it being there.
 */
export interface LatestSnapshots {
  keep(event: JobEvent): void;
  /** The newer one: the job as stored, or as its last event had it. */
  newest(stored: Job): Job;
}

export function createLatestSnapshots(keptMs = KEPT_MS): LatestSnapshots {
  const events = new LRUCache<string, JobEvent>({
    maxSize: BYTES_MAX,
    sizeCalculation: (event) => event.json.length + 200,
    ttl: keptMs,
    ttlResolution: keptMs / 10,
  });
  return {
    keep(event) {
      if ((events.peek(event.jobId)?.version ?? 0) < event.version) events.set(event.jobId, event);
    },
    newest(stored) {
      if (isTerminal(stored.status)) return stored;
      const event = events.get(stored.id);
      if (event === undefined || event.version <= stored.version) return stored;
      return parseSnapshot(event) ?? stored;
    },
  };
}

/** undefined for an event that does not hold a job. */
export function parseSnapshot(event: JobEvent): Job | undefined {
  try {
    return jobSchema.safeParse(JSON.parse(event.json)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
