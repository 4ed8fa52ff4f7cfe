import { type Logger, pino } from "pino";
import { standardOutput } from "./log-output.ts";

export type { Logger } from "pino";

const SECRET_PATHS = [
  "req.headers.authorization",
  "req.headers.cookie",
  'req.headers["x-api-key"]',
  "headers.authorization",
  "token",
  "apiKey",
];

/** Structured logs on standard output, one JSON object a line; secrets are removed by path. */
export function createLogger(service: string, level: string): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_PATHS, remove: true },
  };
  return pino(options, standardOutput());
}

/** Errors of ioredis carry the command that failed, and with it the strategy of a queue entry. */
function describeError(error: Error): object {
  const { command: _command, ...described } = pino.stdSerializers.err(error);
  return described;
}
