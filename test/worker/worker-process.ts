/** A worker process with a fake executor, for tests that send signals. It tells each execution it starts. */
import { readWorkerConfig } from "../../src/shared/config.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { endWithSignals } from "../../src/worker/signals.ts";
import { startWorker } from "../../src/worker/start-worker.ts";
import { endless, FakeExecutor, succeeded } from "./fake-executor.ts";

const config = readWorkerConfig(process.env);
const logger = createLogger("worker", "info");
const executor = new FakeExecutor();
executor.behaviour = (request, context) => {
  logger.info({ jobId: context.jobId }, "executing");
  return request.code.includes("endless") ? endless(request, context) : Promise.resolve(succeeded(request));
};
endWithSignals(await startWorker(config, logger, { executor }), logger);
