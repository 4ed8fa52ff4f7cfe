/** Taking a job in for a request: idempotency, the cap on the backlog, and the wait that must begin before it runs. */
import { isTerminal, type Job } from "../shared/contract/job.ts";
import type { JobRequest } from "../shared/contract/job-request.ts";
import { newId } from "../shared/ids.ts";
import { presentJob } from "../shared/job-store/job-record.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import type { Plans } from "../shared/plans.ts";
import type { JobQueue } from "../shared/queue/job-queue.ts";
import { type Showing, type SubmissionOutcome, submitJob } from "../shared/submit-job.ts";
import { isKept, submitOnce } from "./idempotency.ts";
import type { JobWatch } from "./job-watch.ts";
import type { HttpProblem } from "./problem-details.ts";
import type { Call } from "./route.ts";
import { backlogFull } from "./submission.ts";
import { hold, type JobWait, openWait } from "./wait.ts";

export interface TakeParts {
  store: JobStore;
  queue: JobQueue;
  watch: JobWatch;
  showing: Showing | undefined;
  /** Entries that may wait in the queue. */
  queueCap: number;
  plans: Plans;
  /** How long an Idempotency-Key stands for its job. */
  keyKeptMs: number;
}

export interface Taken extends SubmissionOutcome {
  /** Open since before the job was stored; undefined if nobody waits. */
  wait: JobWait | undefined;
}

/** Throws 429 while the backlog is at its cap, 422 for a key that came with another request, 503 without a store. */
export async function takeJob(
  parts: TakeParts,
  call: Call,
  request: JobRequest,
  key: string | undefined,
  waits: boolean,
): Promise<Taken> {
  await refuseOverCap(parts, call.owner, key);
  let wait: JobWait | undefined;
  if (waits) hold(call.response, () => wait?.close());
  const submit = (id: string): Promise<SubmissionOutcome> => {
    wait?.close();
    wait = waits ? openWait(parts.watch, id, hasEnded) : undefined;
    const { owner, requestId, traceparent } = call;
    const wantsPlace = key === undefined; // an answer under a key is the same each time it is asked for
    return submitJob(parts, { owner, request, requestId, traceparent, id, wantsPlace });
  };
  try {
    const outcome =
      key === undefined ? await submit(newId()) : await submitOnce(call.owner, key, parts.keyKeptMs, submit);
    return { ...outcome, wait };
  } catch (error) {
    wait?.close();
    throw error;
  }
}

/** The job once it has ended; undefined if it has not after so long. */
export async function waitForEnd({ stored, wait }: Taken, withinMs: number): Promise<Job | undefined> {
  try {
    return isTerminal(stored.job.status) ? presentJob(stored.job) : await wait?.within(withinMs);
  } finally {
    wait?.close();
  }
}

function hasEnded(job: Job): boolean {
  return isTerminal(job.status);
}

/** A replay adds nothing to the backlog and is answered even while it is full. */
async function refuseOverCap(parts: TakeParts, owner: string, key: string | undefined): Promise<void> {
  const refusal = parts.queue.backlog() < parts.queueCap ? await overOwnCap(parts, owner) : overCap(parts);
  if (refusal === undefined) return;
  const { store, keyKeptMs } = parts;
  const createdAtOf = async (id: string) => (await store.read(id))?.job.createdAt;
  if (key === undefined || !(await isKept(createdAtOf, owner, key, keyKeptMs))) throw refusal;
}

function overCap({ queue }: TakeParts): HttpProblem {
  return backlogFull("backlog_full", `${queue.backlog()} jobs wait already, and no more are taken now.`);
}

/** What the last add was told is enough to let a request pass; only a refusal is worth asking Redis. */
async function overOwnCap({ queue, plans }: TakeParts, owner: string): Promise<HttpProblem | undefined> {
  const { queued } = plans.planOf(owner);
  if (queue.lastBacklogOf(owner) < queued) return undefined;
  const waiting = await queue.backlogOf(owner).catch(() => 0);
  if (waiting < queued) return undefined;
  return backlogFull(
    "own_backlog_full",
    `${waiting} of your jobs wait already, and ${queued} may: send more as they end, or cancel some.`,
  );
}
