/**
 * Ports that no other process of a test run chooses: servers that are killed and started again on their port, or are
 * told it seconds before they listen, would meet another test's in between. The range is apart from that of freePort and
 * below the ports of outgoing connections.
 */
import { createServer } from "node:net";
import { HIGHEST_FREE_PORT, isFree } from "../../src/local/free-port.ts";

const LOWEST = HIGHEST_FREE_PORT + 1;
const BLOCK = 32;
const BLOCKS = Math.floor((32_768 - LOWEST) / BLOCK);

let claimed: Promise<number> | undefined;
let given = 0;

/** A port of this process's own block that nothing listens on; each is given again only after all others. */
export async function ownPort(): Promise<number> {
  claimed ??= claimBlock();
  const first = await claimed;
  for (let tries = 1; tries < BLOCK; tries += 1) {
    given += 1;
    const port = first + 1 + (given % (BLOCK - 1));
    if (await isFree(port)) return port;
  }
  throw new Error(`All ${BLOCK - 1} ports from ${first + 1} on are in use`);
}

/** Whoever listens on its first port has the block, for as long as the process lives. */
async function claimBlock(): Promise<number> {
  for (let block = 0; block < BLOCKS; block += 1) {
    const first = LOWEST + block * BLOCK;
    if (await holds(first)) return first;
  }
  throw new Error(`All ${BLOCKS} blocks of ports from ${LOWEST} on are claimed`);
}

function holds(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => {
      server.unref();
      resolve(true);
    });
  });
}
