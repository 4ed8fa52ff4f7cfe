/** The port for operators: /healthz, /readyz, /metrics. Never the port that users reach. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Logger } from "./logging.ts";

/** Each part by name and whether it can be used now; `ready` as design and README define it. */
export interface Readiness {
  ready: boolean;
  parts: Record<string, boolean>;
}

export interface AdminServer {
  port: number;
  close(): Promise<void>;
}

export interface AdminServerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  readiness: () => Readiness | Promise<Readiness>;
  metrics: () => Promise<string>;
  logger: Logger;
}

/** Rejects if the address cannot be bound. */
export async function startAdminServer(options: AdminServerOptions): Promise<AdminServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      options.logger.error({ err: error, path: request.url }, "An admin request failed");
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.requestTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  { readiness, metrics }: AdminServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split("?", 1)[0];
  if (request.method !== "GET" && request.method !== "HEAD") return send(response, 405, { allow: ["GET"] });
  if (path === "/healthz") return send(response, 200, { status: "ok" });
  if (path === "/readyz") {
    const { ready, parts } = await readiness();
    return send(response, ready ? 200 : 503, { ready, parts });
  }
  if (path !== "/metrics") return send(response, 404, { paths: ["/healthz", "/readyz", "/metrics"] });
  response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  response.end(await metrics());
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
