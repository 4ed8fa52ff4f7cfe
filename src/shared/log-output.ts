/** Standard output as logs need it: a reader that is slow or gone stops nobody and costs bounded memory. */

const WAITING_MAX_BYTES = 4 * 1024 * 1024;

export interface LogOutput {
  /** Writes a line, or drops it: while too much waits for the reader, and for good once the reader is gone. */
  write(line: string): void;
}

let output: LogOutput | undefined;

/**
 * One for the process. Not pino's own, which keeps everything that a slow reader leaves, and whose flush at exit
 * tries again for ever where the reader is gone (sonic-boom 4.2, `flushSync` on EPIPE).
 */
export function standardOutput(): LogOutput {
  output ??= watch(process.stdout);
  return output;
}

/** A pipe is written without waiting; a file or terminal takes each line at once. */
function watch(stream: NodeJS.WriteStream): LogOutput {
  let readerIsGone = false;
  let dropped = 0;
  stream.on("error", () => {
    readerIsGone = true;
  });
  return {
    write(line) {
      if (readerIsGone) return;
      if (stream.writableLength > WAITING_MAX_BYTES) {
        dropped += 1;
        return;
      }
      if (dropped > 0)
        stream.write(`${JSON.stringify({ level: "warn", dropped, msg: "log lines were dropped" })}\n`);
      dropped = 0;
      stream.write(line);
    },
  };
}
