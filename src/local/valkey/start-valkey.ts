/** A Valkey of one's own: on loopback, behind a password, with everything it was told on disk within a second. */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { type Child, ChildError, startChild } from "../processes/child.ts";
import { waitForLine } from "../processes/wait-for-line.ts";
import { findValkey } from "./find-valkey.ts";

const READY_MS = 20_000;
const START_TRIES = 3;
/** Far above what QUEUE_CAP entries of a usual size take; a full Valkey refuses writes and loses nothing. */
const MEMORY = "1gb";

export interface ValkeyOptions {
  /** Created if it is missing; holds the append-only file. */
  directory: string;
  environment: NodeJS.ProcessEnv;
  /** Any free one if undefined. */
  port?: number | undefined;
  password?: string | undefined;
  onLine?: ((line: string) => void) | undefined;
}

export interface RunningValkey {
  child: Child;
  port: number;
  password: string;
  /** Carries the password. */
  url: string;
}

/** Resolves when it accepts connections. */
export async function startValkey(options: ValkeyOptions): Promise<RunningValkey> {
  mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryToStart(options);
    } catch (error) {
      const portWasTaken = error instanceof ChildError && error.message.includes("Address already in use");
      if (!portWasTaken || options.port !== undefined || attempt === START_TRIES) throw error;
    }
  }
}

async function tryToStart(options: ValkeyOptions): Promise<RunningValkey> {
  const port = options.port ?? (await freePort());
  const password = options.password ?? randomBytes(24).toString("hex");
  const child = await startChild({
    name: "valkey",
    command: findValkey(options.environment["PATH"] ?? ""),
    args: ["-"],
    environment: options.environment,
    lockFile: join(options.directory, "lock"),
    input: configuration(options.directory, port, password),
    onLine: options.onLine,
  });
  try {
    await waitForLine(
      child,
      (line) => (line.includes("Ready to accept connections") ? true : undefined),
      READY_MS,
    );
  } catch (error) {
    await child.stop(0);
    throw error;
  }
  return { child, port, password, url: `redis://:${password}@127.0.0.1:${port}` };
}

/** Goes to standard input, so that no other user of the machine reads the password in the list of processes. */
function configuration(directory: string, port: number, password: string): string {
  return [
    "bind 127.0.0.1",
    `port ${port}`,
    "protected-mode yes",
    `requirepass ${password}`,
    `dir ${JSON.stringify(directory)}`,
    "daemonize no",
    "appendonly yes",
    "appendfsync everysec",
    'save ""',
    `maxmemory ${MEMORY}`,
    "maxmemory-policy noeviction",
    "",
  ].join("\n");
}
