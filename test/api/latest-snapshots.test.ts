import { expect, test } from "vitest";
import { createLatestSnapshots } from "../../src/api/latest-snapshots.ts";
import { type Job, jobSchema } from "../../src/shared/contract/job.ts";
import { newId } from "../../src/shared/ids.ts";
import { type PresentableJob, presentJob } from "../../src/shared/job-store/job-record.ts";
import { decodeJobEvent, encodeJobEvent, type JobEvent } from "../../src/shared/queue/job-events.ts";

const queued: PresentableJob = {
  id: newId(),
  status: "queued",
  version: 1,
  createdAt: Date.now(),
  timeframe: "1D",
  labels: {},
  attempts: 0,
};

function eventOf(job: PresentableJob): JobEvent {
  const event = decodeJobEvent(encodeJobEvent(presentJob(job)));
  if (event === undefined) throw new Error("not an event");
  return event;
}

function stored(): Job {
  return jobSchema.parse(presentJob(queued));
}

test("a job whose worker died before `running` was stored is shown as queued again", async () => {
  const snapshots = createLatestSnapshots(200);
  snapshots.keep(eventOf({ ...queued, status: "running", version: 2 }));
  expect(snapshots.newest(stored()).status).toBe("running");
  await expect.poll(() => snapshots.newest(stored()).status).toBe("queued");
});
