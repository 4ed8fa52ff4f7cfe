import type { StoreConfig } from "../config.ts";
import type { Logger } from "../logging.ts";
import type { JobStore } from "./port.ts";
import { openSqliteJobStore } from "./sqlite/sqlite-job-store.ts";

/** The job store that the configuration names, ready to use: files made, schema up to date. */
export async function openJobStore(config: StoreConfig, logger: Logger): Promise<JobStore> {
  const deadlineMs = config.STORE_DEADLINE_MS;
  switch (config.JOB_STORE) {
    case "sqlite":
      return await openSqliteJobStore(
        { path: config.SQLITE_PATH, deadlineMs },
        logger.child({ store: "sqlite" }),
      );
    case "firestore": {
      // An installation on SQLite need not load Google's libraries.
      const { openFirestoreJobStore } = await import("./firestore/firestore-job-store.ts");
      return openFirestoreJobStore(
        {
          projectId: config.FIRESTORE_PROJECT ?? config.GOOGLE_CLOUD_PROJECT,
          emulatorHost: config.FIRESTORE_EMULATOR_HOST,
          deadlineMs,
          retentionDays: config.RETENTION_DAYS,
        },
        logger.child({ store: "firestore" }),
      );
    }
  }
}
