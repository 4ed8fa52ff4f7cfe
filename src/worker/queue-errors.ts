import type { Logger } from "../shared/logging.ts";

const REPEAT_AFTER_MS = 30_000;
const REMEMBERED = 100;

/**
 * What BullMQ's worker complains of. A full Redis makes it complain thousands of times a second, so each kind of
 * complaint is logged once in 30 s; a lost connection is logged by the connection itself.
 */
export function createQueueErrorLog(logger: Logger, onMemoryFull: () => void): (error: Error) => void {
  const loggedAt = new Map<string, number>();
  return (error) => {
    if (error.message.includes("OOM command not allowed")) onMemoryFull();
    if (isAboutConnection(error)) return;
    const kind = error.message.replace(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, "<job>").slice(0, 80);
    const now = Date.now();
    if (now - (loggedAt.get(kind) ?? 0) < REPEAT_AFTER_MS) return;
    if (loggedAt.size >= REMEMBERED) loggedAt.clear();
    loggedAt.set(kind, now);
    logger.warn({ err: error }, "the queue reported an error; like ones are not logged for 30 s");
  };
}

function isAboutConnection(error: Error): boolean {
  return /ECONNREFUSED|ECONNRESET|EPIPE|Connection is closed|Command timed out/.test(
    `${error.message} ${"code" in error ? String(error.code) : ""}`,
  );
}
