import type { StoreConfig } from "../config.ts";
import type { Logger } from "../logging.ts";
import type { JobStore } from "./port.ts";
import { openSqliteJobStore } from "./sqlite/sqlite-job-store.ts";

/** The job store that the configuration names, ready to use: files made, schema up to date. */
export function openJobStore(config: StoreConfig, logger: Logger): Promise<JobStore> {
  switch (config.JOB_STORE) {
    case "sqlite":
      return openSqliteJobStore(
        { path: config.SQLITE_PATH, deadlineMs: config.STORE_DEADLINE_MS },
        logger.child({ store: "sqlite" }),
      );
  }
}
