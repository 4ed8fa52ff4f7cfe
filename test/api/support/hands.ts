/** What a worker does to a job, done by the test at the moment it chooses: through the real store and channel. */
import type { Failure } from "../../../src/shared/contract/job.ts";
import type { JobResult } from "../../../src/shared/contract/job-result.ts";
import { newId } from "../../../src/shared/ids.ts";
import { type JobRecord, RUNNING_STEP, STORED_STEP } from "../../../src/shared/job-store/job-record.ts";
import type { JobStore, StoredJob } from "../../../src/shared/job-store/port.ts";
import { encodeResult } from "../../../src/shared/job-store/result-encoding.ts";
import type { EventPublisher } from "../../../src/shared/queue/event-channel.ts";
import { sampleResult, sampleSummary } from "./sample-result.ts";

export interface Hands {
  /** The event alone, as a worker sends it before 250 ms are over. */
  announceRunning(id: string): Promise<void>;
  /** An event of any content. */
  announce(job: JobRecord): Promise<void>;
  storeRunning(id: string): Promise<JobRecord>;
  succeed(id: string, result?: JobResult): Promise<JobRecord>;
  fail(id: string, failure: Failure): Promise<JobRecord>;
}

export function createHands(store: JobStore, events: EventPublisher): Hands {
  async function current(id: string): Promise<StoredJob> {
    const stored = await store.read(id);
    if (stored === undefined) throw new Error(`no job ${id}`);
    return stored;
  }

  async function told(job: JobRecord): Promise<JobRecord> {
    await events.publish(job);
    return job;
  }

  async function update(id: string, step: number, change: Partial<JobRecord> & Pick<JobRecord, "status">) {
    const { job, fence } = await current(id);
    const outcome = await store.update(id, fence, {
      version: job.version + step,
      updatedAt: Date.now(),
      ...change,
    });
    if (!outcome.written) throw new Error(`job ${id} was written by somebody else`);
    return await told(outcome.stored.job);
  }

  return {
    async announceRunning(id) {
      const { job } = await current(id);
      await told({ ...job, status: "running", version: job.version + RUNNING_STEP, startedAt: Date.now() });
    },
    announce: (job) => events.publish(job),
    storeRunning: (id) => update(id, RUNNING_STEP, { status: "running", startedAt: Date.now() }),
    fail: (id, failure) => update(id, STORED_STEP, { status: "failed", finishedAt: Date.now(), failure }),
    async succeed(id, result = sampleResult(id)) {
      const { job, fence } = await current(id);
      const now = Date.now();
      const version = job.version + STORED_STEP;
      const change = {
        status: "succeeded",
        version,
        updatedAt: now,
        finishedAt: now,
        attemptId: newId(),
      } as const;
      const timings = { executeMs: 4.2, totalMs: now - job.createdAt };
      const encoded = await encodeResult(result);
      const outcome = await store.finish(id, fence, { ...change, timings, summary: sampleSummary }, encoded);
      if (!outcome.written) throw new Error(`job ${id} was written by somebody else`);
      return await told(outcome.stored.job);
    },
  };
}
