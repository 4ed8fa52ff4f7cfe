/** API and worker as child processes. Each prints a JSON line once it listens, naming its ports. */
import { join } from "node:path";
import { z } from "zod";
import { readJsonLine } from "./executor.ts";
import { ROOT } from "./paths.ts";
import { type Child, startChild } from "./processes/child.ts";
import { waitForLine } from "./processes/wait-for-line.ts";

const READY_MS = 30_000;

export interface NodeProcessOptions {
  name: "api" | "worker";
  /** Settings of src/shared/config.ts; see .env.example. */
  environment: NodeJS.ProcessEnv;
  lockFile?: string | undefined;
  onLine?: ((line: string) => void) | undefined;
}

const listeningLine = z.object({
  msg: z.literal("listening"),
  port: z.number().int().optional(),
  adminPort: z.number().int(),
});

export interface RunningNodeProcess {
  child: Child;
  /** Where the API answers; 0 for a worker. */
  port: number;
  adminPort: number;
}

/** Resolves when it listens, which may be before it can take work (`/readyz` tells). */
export async function startNodeProcess(options: NodeProcessOptions): Promise<RunningNodeProcess> {
  const child = await startChild({
    name: options.name,
    command: process.execPath,
    args: [join(ROOT, "src", options.name, "main.ts")],
    environment: options.environment,
    lockFile: options.lockFile,
    onLine: options.onLine,
  });
  try {
    const line = await waitForLine(child, (text) => readJsonLine(text, listeningLine), READY_MS);
    return { child, port: line.port ?? 0, adminPort: line.adminPort };
  } catch (error) {
    await child.stop(0);
    throw error;
  }
}
