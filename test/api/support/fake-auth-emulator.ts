/** A fake of Firebase's Auth emulator: it knows accounts:lookup alone, which is all that is asked of it. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Account {
  disabled?: boolean;
  /** Epoch seconds: sessions from before do not count. */
  validSince?: number;
}

export interface FakeAuthEmulator {
  /** For FIREBASE_AUTH_EMULATOR_HOST. */
  host: string;
  /** By uid; nobody else exists. */
  accounts: Map<string, Account>;
  lookups: () => number;
  close(): Promise<void>;
}

export async function startFakeAuthEmulator(): Promise<FakeAuthEmulator> {
  const accounts = new Map<string, Account>();
  let lookups = 0;
  async function lookUp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith("/accounts:lookup") !== true) {
      response.writeHead(404).end();
      return;
    }
    lookups += 1;
    const asked: { localId: string[] } = JSON.parse(await text(request));
    const users = asked.localId.flatMap((localId) => {
      const account = accounts.get(localId);
      if (account === undefined) return [];
      const { disabled = false, validSince = 0 } = account;
      return [{ localId, disabled, validSince: String(validSince) }];
    });
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(users.length > 0 ? { users } : {}));
  }
  const server = createServer((request, response) => void lookUp(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    accounts,
    lookups: () => lookups,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
