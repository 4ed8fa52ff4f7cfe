import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the ports that Linux gives to whoever asks for any, outgoing connections among them (32768 and up): one of
 * those could be taken between our look and the server's start, and a run of many tests met that.
 */
const LOWEST = 20_000;
/** Above it are those that tests keep for servers which they start again. */
export const HIGHEST_FREE_PORT = 29_999;
const TRIES_MAX = 100;

/** A TCP port on loopback that nothing listened on a moment ago, for servers that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST_FREE_PORT + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port found between ${LOWEST} and ${HIGHEST_FREE_PORT} in ${TRIES_MAX} tries`);
}

/** Whether nothing listens on the port of loopback. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(false);
      else reject(error);
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
