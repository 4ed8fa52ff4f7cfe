import { startApi as start } from "../../src/local/node-process.ts";
import { asPart, type Part } from "./part.ts";

export interface ApiPart extends Part {
  port: number;
  /** Such as http://127.0.0.1:41234, without a path. */
  url: string;
  adminUrl: string;
}

/**
 * An API process on loopback, listening. `environment` holds settings of src/shared/config.ts: REDIS_URL,
 * SQLITE_PATH and EXECUTOR_TARGETS at least. To start one again on its port, pass PORT.
 */
export async function startApi(environment: Record<string, string>): Promise<ApiPart> {
  const ports = { HOST: "127.0.0.1", PORT: "0", ADMIN_PORT: "0" };
  const { child, port, adminPort } = await start({
    environment: { ...process.env, ...ports, ...environment },
  });
  const part = asPart(child);
  return { ...part, port, url: `http://127.0.0.1:${port}`, adminUrl: `http://127.0.0.1:${adminPort}` };
}
