/** Logs 300 MB, says so on standard error, and goes on logging until SIGTERM. */
import { createLogger } from "../../src/shared/logging.ts";

const LINES = 300_000;
const AT_ONCE = 1_000;

const logger = createLogger("chatty", "info");
const text = "x".repeat(1_000);
let written = 0;

function write(): void {
  for (let line = 0; line < AT_ONCE; line += 1) logger.info({ text }, "another line");
  written += AT_ONCE;
  if (written === LINES) process.stderr.write("logged\n");
  setImmediate(write);
}

process.on("SIGTERM", () => {
  logger.info("stopping");
  process.exit(0);
});
write();
