/** `npm run api`: the HTTP API alone, configured by the environment. */
import { readApiConfig } from "../shared/config.ts";
import { ConfigError } from "../shared/config-error.ts";
import { createLogger, type Logger } from "../shared/logging.ts";
import { type RunningApi, startApi } from "./start-api.ts";

async function main(): Promise<void> {
  const config = readApiConfig(process.env);
  const logger = createLogger("api", config.LOG_LEVEL);
  const api = await startApi(config, logger);
  const { url, port, adminPort } = api;
  logger.info({ url, port, adminPort, auth: config.AUTH }, "listening");
  stopOnSignal(api, logger);
}

/** A second signal does not wait for anything. */
function stopOnSignal(api: RunningApi, logger: Logger): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, "stopping");
    api.stop().then(
      () => {
        logger.info("stopped");
        // Calls to Firestore that were given up go on in its client library: pauses of up to a minute.
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, "could not stop in order");
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
  const detail = error instanceof ConfigError ? {} : { err: error };
  createLogger("api", "info").fatal(detail, error instanceof Error ? error.message : "could not start");
  process.exitCode = 1;
}
