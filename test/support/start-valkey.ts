import { startValkey as start } from "../../src/local/valkey/start-valkey.ts";
import { ownPort } from "./own-port.ts";
import { asPart, type Part, temporaryDirectory } from "./part.ts";

export interface ValkeyPart extends Part {
  url: string;
  port: number;
  password: string;
  directory: string;
  /** Once it has ended: another one with its directory, port and password, to be stopped in its place. */
  startAgain(): Promise<ValkeyPart>;
}

/** A Valkey on a free port, with an empty directory of its own unless one is named: that one stays when it stops. */
export async function startValkey({ directory }: { directory?: string } = {}): Promise<ValkeyPart> {
  const temporary = directory === undefined ? temporaryDirectory() : undefined;
  return startIn(directory ?? temporary?.path ?? "", temporary?.remove, { port: await ownPort() });
}

async function startIn(
  directory: string,
  afterwards: (() => void) | undefined,
  given: { port: number; password?: string },
): Promise<ValkeyPart> {
  const { child, port, password, url } = await start({ ...given, directory, environment: process.env });
  const startAgain = () => startIn(directory, afterwards, { port, password });
  return { ...asPart(child, 10_000, afterwards), url, port, password, directory, startAgain };
}
