import { afterEach, beforeEach, expect, it } from "vitest";
import { jobRequestSchema } from "../../src/shared/contract/job-request.ts";
import { submitJob } from "../../src/shared/submit-job.ts";
import { FakeExecutor, succeeded } from "./fake-executor.ts";
import { bars, startWorkerBench, until, type WorkerBench } from "./worker-bench.ts";

const CPU_MS: Readonly<Record<string, number>> = { heavy: 40, ann: 10, ben: 10, cem: 10 };
const OWNERS = Object.keys(CPU_MS);
const JOBS_EACH = 40;
/** Calls of the executor before Redis loses everything. */
const BEFORE = 30;

let bench: WorkerBench;
beforeEach(async () => {
  bench = await startWorkerBench();
});
afterEach(() => bench.stop());

async function submitAll(owner: string): Promise<string[]> {
  const request = jobRequestSchema.parse({ strategy: { code: owner }, bars: bars(5) });
  const submitOne = () =>
    submitJob({ store: bench.store, queue: bench.queue }, { owner, request, requestId: "test" });
  const submitted = await Promise.all(Array.from({ length: JOBS_EACH }, submitOne));
  return submitted.map(({ stored }) => stored.job.id);
}

/** CPU time of each owner's calls among these. */
function sharesOf(owners: readonly string[]): number[] {
  return OWNERS.map((owner) => owners.filter((each) => each === owner).length * (CPU_MS[owner] ?? 0));
}

it("when Redis loses everything on the way, every job still ends once and owners go on sharing alike", async () => {
  const executor = new FakeExecutor();
  executor.slots = 1;
  const wiped = Promise.withResolvers<void>();
  executor.behaviour = async (request) => {
    if (executor.calls.length === BEFORE) await wiped.promise;
    return { ...succeeded(request), cpuMs: CPU_MS[request.owner] ?? 0 };
  };
  // The one who costs most comes first, here and when the reconciler puts jobs back in the order of their age.
  const ids: string[] = [];
  for (const owner of OWNERS) ids.push(...(await submitAll(owner)));
  await bench.startWorker(executor, { WORKER_CONCURRENCY: "1" });
  await executor.called(BEFORE);
  await until(() => bench.redis.exists("{test}:marker").then((there) => there === 1));
  await bench.redis.flushall();
  const waiting = OWNERS.length * JOBS_EACH - BEFORE;
  await until(async () => (await bench.redis.zcard("{test}:executions:prioritized")) >= waiting);
  wiped.resolve();

  const ended = await Promise.all(ids.map((id) => bench.finished(id, 20_000)));
  for (const { job } of ended) expect(job).toMatchObject({ status: "succeeded", attempts: 0 });
  const jobs = executor.calls.map(({ context }) => context.jobId);
  expect([jobs.length, new Set(jobs).size]).toEqual([ids.length, ids.length]);

  const owners = executor.calls.map(({ request }) => request.owner);
  for (const [from, count] of [
    [0, BEFORE],
    [BEFORE, 60],
  ] as const) {
    const shares = sharesOf(owners.slice(from, from + count));
    const told = `${OWNERS.join(", ")}: ${shares.join(", ")}`;
    expect(Math.min(...shares), told).toBeGreaterThanOrEqual(40);
    expect(Math.max(...shares) - Math.min(...shares), told).toBeLessThanOrEqual(80);
  }
});
