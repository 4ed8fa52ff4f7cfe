/** Why a queued job waits, and for how long: asked of the queue when somebody looks. */
import type { Job, Waiting } from "../shared/contract/job.ts";
import { formatTime } from "../shared/contract/values.ts";
import { QueueUnavailableError } from "../shared/errors.ts";
import type { Place } from "../shared/queue/fair/place.ts";
import type { JobQueue } from "../shared/queue/job-queue.ts";

/** The job, with what it waits for if it is queued. */
export async function withWaiting(queue: Pick<JobQueue, "placeOf">, owner: string, job: Job): Promise<Job> {
  if (job.status !== "queued") return job;
  try {
    const waiting = describe(await queue.placeOf(job.id, owner));
    return waiting === undefined ? job : { ...job, waiting };
  } catch (error) {
    if (error instanceof QueueUnavailableError) return { ...job, waiting: { reason: "not_in_queue" } };
    throw error;
  }
}

/** undefined for a job that a worker has just taken. */
function describe(place: Place): Waiting | undefined {
  if (place.where === "taken") return undefined;
  const reason = reasonOf(place);
  if (place.where === "gone") return { reason };
  const { position, estimatedStart } = place;
  return {
    position,
    estimatedStart: estimatedStart === undefined ? undefined : formatTime(Math.round(estimatedStart)),
    reason,
  };
}

function reasonOf({ where, workers, position, behindOwnOnly }: Place): Waiting["reason"] {
  if (where === "gone") return "not_in_queue";
  if (workers === 0) return "no_worker";
  if (where === "parked") return "own_running_limit";
  if (where === "delayed") return "next_try";
  if (position === 1) return "slots_busy";
  return behindOwnOnly ? "behind_own_work" : "behind_others";
}
