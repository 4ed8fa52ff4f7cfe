import { z } from "zod";
import { jobListSchema, jobStatusSchema } from "../../shared/contract/job.ts";
import { symbolSchema } from "../../shared/contract/values.ts";
import { presentJob } from "../../shared/job-store/job-record.ts";
import type { JobStore } from "../../shared/job-store/port.ts";
import { limitSchema, readQuery } from "../read-query.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send-json.ts";

const querySchema = z.strictObject({
  status: jobStatusSchema.optional(),
  symbol: symbolSchema.optional(),
  strategyId: z.string().min(1).max(128).optional(),
  batchId: z.string().min(1).max(128).optional(),
  limit: limitSchema(50, 200),
  cursor: z.string().min(1).max(512).optional().describe("nextCursor of the answer before"),
});

/** GET /jobs: the owner's jobs as stored, newest first. */
export function listJobsRoute({ store }: { store: JobStore }): Route {
  return {
    method: "get",
    path: "/jobs",
    access: "owner",
    tag: "Jobs",
    summary: "List your jobs, newest first",
    query: querySchema,
    answers: {
      200: {
        description: "One page; nextCursor is null on the last",
        content: { "application/json": jobListSchema },
      },
    },
    compress: true,
    async handle({ request, response, owner }) {
      const { limit, cursor, ...filter } = readQuery(querySchema, request);
      const { jobs, nextCursor } = await store.list(owner, filter, { limit, cursor });
      sendJson(response, 200, { items: jobs.map(({ job }) => presentJob(job)), nextCursor });
    },
  };
}
