import type { Logger } from "../shared/logging.ts";
import type { RunningWorker } from "./start-worker.ts";

/** The first SIGTERM or SIGINT drains the worker and ends the process; a second one ends it at once. */
export function endWithSignals(worker: RunningWorker, logger: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      logger.warn({ signal }, "stopping at once");
      process.exit(1);
    }
    stopping = true;
    worker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, "The worker could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}
