import { startWorker as start } from "../../src/local/node-process.ts";
import { asPart, type Part } from "./part.ts";

export interface WorkerPart extends Part {
  adminUrl: string;
}

/**
 * A worker process. `environment` holds settings of src/shared/config.ts: REDIS_URL, SQLITE_PATH and
 * EXECUTOR_TARGETS at least. Identical jobs are run each time unless it says otherwise: tests and benches count on that.
 */
export async function startWorker(environment: Record<string, string>): Promise<WorkerPart> {
  const { child, adminPort } = await start({
    environment: { ...process.env, ADMIN_PORT: "0", REUSE_RESULTS: "false", ...environment },
  });
  return { ...asPart(child, 40_000), adminUrl: `http://127.0.0.1:${adminPort}` };
}
