/** Identical work is done once: who asks for it again gets the end of the job that did it. */
import type { Failure, Summary } from "../shared/contract/job.ts";
import { StoreCorruptedError, StoreUnavailableError } from "../shared/errors.ts";
import type { JobRecord } from "../shared/job-store/job-record.ts";
import type { JobStore, StoredJob } from "../shared/job-store/port.ts";
import type { Logger } from "../shared/logging.ts";
import type { Series } from "../shared/market-data/series.ts";
import type { QueueEntry } from "../shared/queue/entry.ts";
import type { Claim, Knowledge, SameWork } from "../shared/queue/fair/same-work.ts";
import { contentOf } from "./content.ts";

/** Around the strategy's own limit: everything else that an attempt does. */
const AROUND_EXECUTION_MS = 20_000;
const DEFAULT_TIMEOUT_SECONDS = 10;

/** How an identical job ended. */
export type UsableEnd =
  | { ofJob: string; summary: Summary; result: Uint8Array }
  | { ofJob: string; failure: Failure };

/**
 * run    nobody did it: `end` must be called once, and a usable end be stored under `work`, if there is one
 * wait   another job does it now
 * reuse  one has
 */
export type Chance =
  | { kind: "run"; work?: string; end(usable: boolean): void }
  | { kind: "wait" }
  | { kind: "reuse"; end: UsableEnd };

export interface Reuse {
  /** Never rejects for Redis or the store: the job then runs. */
  lookFor(entry: QueueEntry, series: Series): Promise<Chance>;
}

interface ReuseParts {
  index: Pick<SameWork, "claim" | "release" | "begin">;
  store: Pick<JobStore, "read" | "readResult" | "findByWork" | "hasWork">;
  /** Of everything in the executors that a result depends on. */
  versions: () => string;
  logger: Logger;
}

const ALONE: Extract<Chance, { kind: "run" }> = { kind: "run", end: () => undefined };

/** Every job is run. */
export const reuseNothing: Reuse = { lookFor: async () => ALONE };

export function createReuse({ index, store, versions, logger }: ReuseParts): Reuse {
  async function claim(work: string, entry: QueueEntry, useless?: string): Promise<Claim | undefined> {
    const seconds = entry.request.limits.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
    try {
      return await index.claim(work, entry.jobId, seconds * 1_000 + AROUND_EXECUTION_MS, useless);
    } catch (error) {
      logger.debug({ err: error, jobId: entry.jobId }, "Identical work was not looked for");
      return undefined;
    }
  }

  function release(work: string, jobId: string, usable: boolean): void {
    index.release(work, jobId, usable).catch((error: unknown) => {
      logger.debug({ err: error, jobId }, "The end of work was not told");
    });
  }

  /** The end of a job that the index names, or that is found in the store; undefined if there is none to use. */
  async function endOf(
    find: () => Promise<StoredJob | undefined>,
    owner: string,
  ): Promise<UsableEnd | undefined> {
    try {
      const stored = await find();
      return stored?.job.owner === owner ? await usableEnd(store, stored.job) : undefined;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError || error instanceof StoreCorruptedError)) throw error;
      logger.warn({ err: error }, "The end of an identical job cannot be read; the job runs");
      return undefined;
    }
  }

  async function find(work: string, stored: Knowledge): Promise<StoredJob | undefined> {
    if (stored === "new" || (stored === "unknown" && !(await beginIndex()))) return undefined;
    return await store.findByWork(work);
  }

  /** Answers whether the job store has any work: it has none at first, and nothing has to be asked for then. */
  async function beginIndex(): Promise<boolean> {
    const hasWork = await store.hasWork();
    await index.begin(hasWork).catch((error: unknown) => {
      logger.debug({ err: error }, "The index of finished work was not begun");
    });
    return hasWork;
  }

  /** Those who wait for this job learn of the other one. */
  async function fromStore(work: string, stored: Knowledge, owner: string): Promise<UsableEnd | undefined> {
    const end = await endOf(() => find(work, stored), owner);
    if (end !== undefined) release(work, end.ofJob, true);
    return end;
  }

  return {
    async lookFor(entry, series) {
      if (entry.request.cache === "no") return ALONE;
      const work = contentOf(entry, series, versions());
      let claimed = await claim(work, entry);
      if (claimed?.kind === "done") {
        const { jobId } = claimed;
        const end = await endOf(() => store.read(jobId), entry.owner);
        if (end !== undefined) return { kind: "reuse", end };
        claimed = await claim(work, entry, jobId);
      }
      if (claimed === undefined || claimed.kind === "done") return { ...ALONE, work };
      if (claimed.kind === "wait") return { kind: "wait" };
      const end = await fromStore(work, claimed.stored, entry.owner);
      if (end !== undefined) return { kind: "reuse", end };
      return { kind: "run", work, end: (usable) => release(work, entry.jobId, usable) };
    },
  };
}

/** undefined where a second run may end otherwise: a limit of time on a busy machine, a fault of ours. */
async function usableEnd(
  store: Pick<JobStore, "readResult">,
  job: JobRecord,
): Promise<UsableEnd | undefined> {
  const { id: ofJob, failure, summary } = job;
  if (job.status === "failed" && failure?.class === "user") return { ofJob, failure };
  if (job.status !== "succeeded" || summary === undefined) return undefined;
  const result = await store.readResult(job);
  return result === undefined ? undefined : { ofJob, summary, result };
}
