/** Names in Redis. The prefix has a hash tag, so that all keys of one installation share a cluster slot. */

export const QUEUE_NAME = "executions";
export const JOB_NAME = "execute";
/** Chunks of batches wait in a queue of their own: a single job never stands behind one. */
export const CHUNK_QUEUE_NAME = "chunks";
export const CHUNK_NAME = "chunk";

export interface QueueNames {
  /** BullMQ's key prefix. */
  prefix: string;
  /** Channel of job events, as job-events.ts writes them. */
  eventsChannel: string;
  /** Channel of the ids of batches that went on. */
  batchesChannel: string;
  /** Channel of cancelled job ids. */
  cancelChannel: string;
  /** Set while the job with this id is cancelled, for a worker that takes its entry afterwards. */
  cancelKey: (jobId: string) => string;
  /** Gone after a wipe of Redis: the reconciler then looks at every unfinished job at once. */
  markerKey: string;
  /** Held by the one worker that reconciles. */
  reconcilerLockKey: string;
  /** Held by the one worker that keeps what is shown of the batch up to date. */
  shownLockKey: (batchId: string) => string;
  /** Sorted set of live workers by their last heartbeat (epoch ms). */
  workersKey: string;
  /** Sorted set of the jobs that live workers hold, by the last heartbeat that named them (epoch ms). */
  heldKey: string;
  /** Written for a second to find out whether Redis has room again. */
  probeKey: string;
}

export function queueNames(prefix: string): QueueNames {
  return {
    prefix,
    eventsChannel: `${prefix}:events`,
    batchesChannel: `${prefix}:batches`,
    cancelChannel: `${prefix}:cancelled`,
    cancelKey: (jobId) => `${prefix}:cancel:${jobId}`,
    markerKey: `${prefix}:marker`,
    reconcilerLockKey: `${prefix}:reconciler`,
    shownLockKey: (batchId) => `${prefix}:shown:${batchId}`,
    workersKey: `${prefix}:workers`,
    heldKey: `${prefix}:held`,
    probeKey: `${prefix}:probe`,
  };
}
