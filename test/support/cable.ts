import { createConnection, createServer, type Server, type Socket } from "node:net";

/** A way to a server that a test can cut and mend, for one process alone. */
export interface Cable {
  /** The address at this end of the cable. */
  url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function layCable(target: string): Promise<Cable> {
  const near = new URL(target);
  const { hostname, port } = near;
  const open = new Set<Socket>();
  let server: Server | undefined;
  const listen = async (at: number): Promise<number> => {
    const next = createServer((here) => {
      const far = createConnection(Number(port), hostname);
      for (const [from, to] of [
        [here, far],
        [far, here],
      ] as const) {
        open.add(from);
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => {
          open.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve, reject) => {
      next.once("error", reject);
      next.listen(at, "127.0.0.1", resolve);
    });
    server = next;
    const address = next.address();
    return typeof address === "object" && address !== null ? address.port : at;
  };
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server = undefined;
      for (const socket of open) socket.destroy();
    });
  const nearPort = await listen(0);
  near.hostname = "127.0.0.1";
  near.port = String(nearPort);
  return {
    url: near.href.replace(/\/$/, ""),
    cut,
    mend: async () => void (await listen(nearPort)),
    close: cut,
  };
}
