import type { WorkerConfig } from "../shared/config.ts";
import type { Logger } from "../shared/logging.ts";
import type { AdvanceParts } from "./batches/advance-batch.ts";
import { reconcileBatches } from "./batches/reconcile-batches.ts";
import type { Connections } from "./connections.ts";
import { CourtesyLock } from "./courtesy-lock.ts";
import { heldJobs } from "./heartbeat.ts";
import { Reconciler } from "./reconciler.ts";

/** Shorter ones would be lost in a pass that reads much. */
const LOCK_MIN_MS = 10_000;

/** The reconciler of this worker, which starts by itself when the queue is connected. */
export function startReconciler(
  { store, queue, chunks, events, redis, names }: Connections,
  config: WorkerConfig,
  workerId: string,
  advance: AdvanceParts,
  logger: Logger,
): Reconciler {
  const intervalMs = config.RECONCILE_INTERVAL_SECONDS * 1_000;
  const lockMs = Math.max(3 * intervalMs, LOCK_MIN_MS);
  const reconciler = new Reconciler(
    {
      store,
      queue,
      events,
      lock: new CourtesyLock(redis, names.reconcilerLockKey, workerId, lockMs),
      held: (jobIds) => heldJobs(redis, names, jobIds),
      setMarker: async () => {
        await redis.set(names.markerKey, new Date().toISOString());
      },
      batches: {
        pass: (untouchedSince) =>
          reconcileBatches(
            { advance, chunks, held: (ids) => heldJobs(redis, names, ids), logger },
            untouchedSince,
          ),
        deleteFinished: (before, limit) => store.batches.deleteFinished(before, limit),
      },
      logger,
    },
    {
      intervalMs,
      untouchedMs: config.RECONCILE_UNTOUCHED_SECONDS * 1_000,
      retentionDays: config.RETENTION_DAYS,
    },
  );
  queue.onConnected((first) => reconciler.queueConnected(first));
  return reconciler;
}
