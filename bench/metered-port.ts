import { createConnection, createServer } from "node:net";
import { pipeline } from "node:stream";

export interface MeteredPort {
  /** host:port in front of the target. */
  host: string;
  /** Bytes from the target since the last call. */
  received(): number;
  close(): void;
}

/** A TCP port that passes everything on to `target` (host:port) and counts what comes back. */
export async function meterPort(target: string): Promise<MeteredPort> {
  const [hostname, port] = target.split(":");
  let bytes = 0;
  const server = createServer({ noDelay: true }, (near) => {
    const far = createConnection({ host: hostname ?? "127.0.0.1", port: Number(port), noDelay: true });
    far.on("data", (chunk) => {
      bytes += chunk.length;
    });
    // Either end may go first; a bench that misses an answer fails by itself.
    const done = (): void => undefined;
    pipeline(near, far, done);
    pipeline(far, near, done);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    host: `127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    received() {
      const seen = bytes;
      bytes = 0;
      return seen;
    },
    close: () => void server.close(),
  };
}
