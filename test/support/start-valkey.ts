import { startValkey as start } from "../../src/local/valkey/start-valkey.ts";
import { ownPort } from "./own-port.ts";
import { asPart, type Part, temporaryDirectory } from "./part.ts";

export interface ValkeyPart extends Part {
  url: string;
  port: number;
  password: string;
  directory: string;
}

/**
 * A Valkey with an empty directory of its own on a free port. To start one again after `kill()`, pass the first
 * one's directory, port and password: a directory that was passed stays when it stops.
 */
export async function startValkey(
  again: { directory?: string; port?: number; password?: string } = {},
): Promise<ValkeyPart> {
  const temporary = again.directory === undefined ? temporaryDirectory() : undefined;
  const directory = again.directory ?? temporary?.path ?? "";
  const chosen = { ...again, directory, port: again.port ?? (await ownPort()) };
  const { child, port, password, url } = await start({ ...chosen, environment: process.env });
  return { ...asPart(child, 10_000, temporary?.remove), url, port, password, directory };
}
