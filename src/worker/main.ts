/** The worker process: environment in, exit code out. */
import { readWorkerConfig } from "../shared/config.ts";
import { ConfigError } from "../shared/config-error.ts";
import { createLogger } from "../shared/logging.ts";
import { endWithSignals } from "./signals.ts";
import { startWorker } from "./start-worker.ts";

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const logger = createLogger("worker", config.LOG_LEVEL);
  // A promise that nobody handled leaves the process in an unknown state: another worker takes over its jobs.
  process.on("unhandledRejection", (error) => {
    logger.fatal({ err: error }, "An error was not handled");
    process.exit(1);
  });
  endWithSignals(await startWorker(config, logger), logger);
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
