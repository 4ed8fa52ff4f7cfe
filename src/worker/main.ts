/** The worker process: environment in, exit code out. */
import { ConfigError, readWorkerConfig } from "../shared/config.ts";
import { createLogger } from "../shared/logging.ts";
import { startWorker } from "./start-worker.ts";

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const logger = createLogger("worker", config.LOG_LEVEL);
  // A promise that nobody handled leaves the process in an unknown state: another one takes over its jobs.
  process.on("unhandledRejection", (error) => {
    logger.fatal({ err: error }, "An error was not handled");
    process.exit(1);
  });
  const worker = await startWorker(config, logger);
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

try {
  await main();
} catch (error) {
  process.stderr.write(
    error instanceof ConfigError
      ? `${error.message}\n`
      : `The worker could not start: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}
