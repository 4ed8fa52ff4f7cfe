/** Waiting for a job on behalf of one request: until it is as asked, the time is up, or nobody listens any more. */
import type { Response } from "express";
import type { Job } from "../shared/contract/job.ts";
import type { JobWatch } from "./job-watch.ts";
import { contextOf } from "./request-context.ts";

export interface JobWait {
  /** The first snapshot as asked, those since the wait was opened included; undefined when the time is up. */
  within(milliseconds: number): Promise<Job | undefined>;
  /** Must be called once, whatever came of it. */
  close(): void;
}

/** Listens from now on: open it before the change can happen that it waits for. */
export function openWait(watch: JobWatch, jobId: string, until: (job: Job) => boolean): JobWait {
  const { promise, resolve } = Promise.withResolvers<Job | undefined>();
  const leave = watch.watch(jobId, {
    changed: (job) => {
      if (until(job)) resolve(job);
    },
    ended: () => resolve(undefined),
  });
  return {
    async within(milliseconds) {
      const timer = setTimeout(() => resolve(undefined), milliseconds);
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      leave();
      resolve(undefined);
    },
  };
}

/** Marks the request as one that is kept open, and calls back when its client hangs up. */
export function hold(response: Response, onHangUp: () => void): void {
  contextOf(response).held = true;
  response.once("close", onHangUp);
}
