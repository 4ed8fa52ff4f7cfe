/** Why something queued waits, and for how long: told at its submission, or asked of the queue when somebody looks. */
import type { JobStatus, Waiting } from "../shared/contract/job.ts";
import { formatTime } from "../shared/contract/values.ts";
import { QueueUnavailableError } from "../shared/errors.ts";
import type { Place } from "../shared/queue/fair/place.ts";
import type { EntryQueue } from "../shared/queue/job-queue.ts";

/** What is in the job store alone. */
export const NOT_IN_QUEUE: Waiting = { reason: "not_in_queue" };

/** The job or batch, with what it waits for if it is queued. `entryId` names what stands in line for it. */
export async function withWaiting<Shown extends { status: JobStatus }>(
  queue: Pick<EntryQueue<unknown>, "placeOf">,
  owner: string,
  entryId: string,
  shown: Shown,
): Promise<Shown & { waiting?: Waiting }> {
  if (shown.status !== "queued") return shown;
  try {
    const waiting = waitingAt(await queue.placeOf(entryId, owner), "slots_busy");
    return waiting === undefined ? shown : { ...shown, waiting };
  } catch (error) {
    if (error instanceof QueueUnavailableError) return { ...shown, waiting: NOT_IN_QUEUE };
    throw error;
  }
}

/** `ofFirst`: what is said where nothing stands before it. undefined for what a worker has just taken. */
export function waitingAt(place: Place, ofFirst: "slots_busy" | "next"): Waiting | undefined {
  if (place.where === "taken") return undefined;
  const reason = reasonOf(place, ofFirst);
  if (place.where === "gone") return { reason };
  const { position, estimatedStart } = place;
  return {
    position,
    estimatedStart: estimatedStart === undefined ? undefined : formatTime(Math.round(estimatedStart)),
    reason,
  };
}

function reasonOf(
  { where, workers, position, behindOwnOnly }: Place,
  ofFirst: Waiting["reason"],
): Waiting["reason"] {
  if (where === "gone") return "not_in_queue";
  if (workers === 0) return "no_worker";
  if (where === "parked") return "own_running_limit";
  if (where === "delayed") return "next_try";
  if (position === 1) return ofFirst;
  return behindOwnOnly ? "behind_own_work" : "behind_others";
}
