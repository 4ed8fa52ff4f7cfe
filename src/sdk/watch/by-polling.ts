/** Long polls: each is held by the API until the job is another than the one held. */
import { type Job, jobSchema } from "../../shared/contract/job.ts";
import { type Ask, asJson } from "../requests.ts";
import { createPatience } from "./patience.ts";
import type { Watching, Way } from "./way.ts";

const HELD_SECONDS = 25;
/** Beyond the time that the API holds the answer. */
const ANSWER_MS = 10_000;

export function watchByPolling(ask: Ask): Way {
  return async function* poll(watching) {
    const patience = createPatience(watching);
    for (;;) {
      try {
        const job = await pollOnce(ask, watching);
        patience.heard();
        if (job !== undefined) yield withoutWaiting(job);
      } catch (error) {
        await patience.afterFailure(error);
      }
    }
  };
}

/** undefined: it is still as it was. */
async function pollOnce(ask: Ask, { jobId, seen, signal }: Watching): Promise<Job | undefined> {
  const version = seen();
  const [query, headers] =
    version === 0 ? ["", {}] : [`?wait=${HELD_SECONDS}`, { "If-None-Match": `W/"${version}"` }];
  const deadlineMs = (version === 0 ? 0 : HELD_SECONDS * 1_000) + ANSWER_MS;
  return await ask(`/v1/jobs/${jobId}${query}`, { headers, deadlineMs, signal }, (answer) =>
    answer.status === 304 ? undefined : asJson(jobSchema)(answer),
  );
}

/** Why a job waits changes without the job: the other ways do not tell it, and `getJob` does. */
function withoutWaiting({ waiting: _waiting, ...job }: Job): Job {
  return job;
}
