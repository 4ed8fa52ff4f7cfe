import { jobResultSchema } from "../../shared/contract/job-result.ts";
import type { JobStore } from "../../shared/job-store/port.ts";
import { decodeResultText } from "../../shared/job-store/result-encoding.ts";
import { clientHolds } from "../etag.ts";
import { jobIdParams, readOwnJob } from "../own-job.ts";
import { HttpProblem } from "../problem-details.ts";
import { refuseQuery } from "../read-query.ts";
import { readResultBytes, resultETag } from "../read-result.ts";
import type { Call, Route } from "../route.ts";

/** GET /jobs/:id/result: the gzip bytes of the store go out as they are to whoever takes gzip. */
export function getJobResultRoute({ store }: { store: JobStore }): Route {
  return {
    method: "get",
    path: "/jobs/:id/result",
    access: "owner",
    tag: "Results",
    summary: "Everything that a finished job found",
    params: jobIdParams,
    headers: { "If-None-Match": "The ETag that you hold" },
    answers: {
      200: {
        description:
          "Signals, live signal, indicators, trades, equity curve, performance, assumptions, warnings, logs",
        content: { "application/json": jobResultSchema },
        headers: { ETag: "A result never changes" },
      },
      304: { description: "You hold it already" },
    },
    problems: ["not_found", "job_unfinished", "no_result", "not_acceptable"],
    async handle(call) {
      refuseQuery(call.request);
      if (call.request.accepts("application/json") === false) {
        throw new HttpProblem(
          "not_acceptable",
          "The whole result is JSON; text/csv is there for /result/trades, /result/equity and /result/signals.",
        );
      }
      const { job } = await readOwnJob(store, call.owner, call.request);
      const etag = resultETag(job);
      if (etag !== undefined && clientHolds(call.request, etag)) {
        call.response.setHeader("ETag", etag);
        call.response.status(304).end();
        return;
      }
      const bytes = await readResultBytes(store, job);
      if (etag !== undefined) call.response.setHeader("ETag", etag);
      await sendStored(call, bytes);
    },
  };
}

async function sendStored({ request, response }: Call, bytes: Uint8Array): Promise<void> {
  response.setHeader("Cache-Control", "private, no-cache");
  response.setHeader("Content-Type", "application/json");
  response.vary("Accept-Encoding");
  if (request.acceptsEncodings("gzip", "identity") !== "gzip") {
    response.end(await decodeResultText(bytes));
    return;
  }
  response.setHeader("Content-Encoding", "gzip");
  response.end(bytes);
}
