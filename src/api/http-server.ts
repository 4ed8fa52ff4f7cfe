/** The listening server: its timeouts, and an end that lets answers finish but not forever. */
import { randomUUID } from "node:crypto";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { PROBLEMS, type Problem } from "../shared/contract/problem.ts";
import { problemType } from "./problem-details.ts";

/** Longer than the idle time of common load balancers, so that they close first. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_MS = 15_000;
const REQUEST_MS = 60_000;
const CONNECTIONS_MAX = 20_000;
const SWEEP_MS = 50;

export interface HttpServer {
  port: number;
  /** Takes no more connections; answers under way finish, those that take longer than `graceMs` are cut. */
  close(graceMs: number): Promise<void>;
}

/** Rejects if the address cannot be bound. Port 0 takes a free one. */
export async function startHttpServer(app: RequestListener, host: string, port: number): Promise<HttpServer> {
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
    (request, response) => {
      // Once it is closing, a connection ends with the answer that it waits for.
      if (!server.listening) response.shouldKeepAlive = false;
      app(request, response);
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.on("clientError", refuseUnreadable);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return {
    port: isAddress(address) ? address.port : port,
    close: (graceMs) => closeServer(server, graceMs),
  };
}

/** What is not HTTP never reaches the app; it gets the same kind of answer, without touching what follows on the line. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, title] = PROBLEMS.malformed_request;
  const body = JSON.stringify({
    type: problemType("malformed_request"),
    title,
    status,
    detail: "This could not be read as an HTTP request, or it took too long to come.",
    code: "malformed_request",
    requestId: randomUUID(),
  } satisfies Problem);
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

/** Connections that become idle after close() was called stay open otherwise: they are swept. */
async function closeServer(server: Server, graceMs: number): Promise<void> {
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const patience = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(sweep);
  clearTimeout(patience);
}
