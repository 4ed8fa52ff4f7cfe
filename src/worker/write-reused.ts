import { relabelResult } from "../shared/job-store/result-encoding.ts";
import type { Attempt } from "./attempt.ts";
import type { UsableEnd } from "./reuse.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { withinDeadline } from "./within-deadline.ts";

/** Ends the job as the identical one ended. The result is a copy: each job is kept and deleted by itself. */
export async function writeReused(attempt: Attempt, end: UsableEnd, watch: Stopwatch): Promise<boolean> {
  const { ofJob } = end;
  if ("failure" in end) return withinDeadline(() => attempt.fail(end.failure, watch.timings(), { ofJob }));
  const stream = await watch.measure("storeMs", () => relabelResult(end.result, ofJob, attempt.jobId));
  return withinDeadline(() => attempt.succeed(stream, end.summary, watch.timings(), { ofJob }));
}
