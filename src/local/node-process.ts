/** API and worker as child processes. Each prints a JSON line once it listens, naming its ports. */
import { join } from "node:path";
import { z } from "zod";
import { readJsonLine } from "./executor.ts";
import { ROOT } from "./paths.ts";
import { type Child, startChild } from "./processes/child.ts";
import { waitForLine } from "./processes/wait-for-line.ts";

const READY_MS = 30_000;
/** Compiled once for all starts: each takes half of its second of CPU time. */
const COMPILE_CACHE = join(ROOT, "node_modules", ".cache", "v8");
/**
 * Young objects get 3 x 8 instead of 3 x 16 MB or more, which saves some 50 MB and costs nothing here. V8 lets a small heap
 * of a busy process grow by 8 MB before it collects all garbage, a third of a worker's CPU time beside a batch: it may
 * double. docker-compose.yml has the same.
 */
const V8_SWITCHES = {
  api: ["--max-semi-space-size=8"],
  worker: ["--max-semi-space-size=8", "--heap-growing-percent=100"],
};

export interface NodeProcessOptions {
  /** Settings of src/shared/config.ts; see .env.example. */
  environment: NodeJS.ProcessEnv;
  /** Held while the process runs; see end-with-parent.py. */
  lockFile?: string | undefined;
  onLine?: ((line: string) => void) | undefined;
}

export interface RunningWorker {
  child: Child;
  adminPort: number;
}

export interface RunningApi extends RunningWorker {
  port: number;
}

const workerListens = z.object({ msg: z.literal("listening"), adminPort: z.number().int() });
const apiListens = workerListens.extend({ port: z.number().int() });

/** Resolves when it listens, which may be before it can take work (`/readyz` tells). */
export async function startApi(options: NodeProcessOptions): Promise<RunningApi> {
  const { child, line } = await startListening("api", options, apiListens);
  return { child, port: line.port, adminPort: line.adminPort };
}

/** Resolves when its admin port answers, which may be before it can take work. */
export async function startWorker(options: NodeProcessOptions): Promise<RunningWorker> {
  const { child, line } = await startListening("worker", options, workerListens);
  return { child, adminPort: line.adminPort };
}

async function startListening<Line>(
  name: "api" | "worker",
  { environment, lockFile, onLine }: NodeProcessOptions,
  schema: z.ZodType<Line>,
): Promise<{ child: Child; line: Line }> {
  const child = await startChild({
    name,
    command: process.execPath,
    args: [...V8_SWITCHES[name], join(ROOT, "src", name, "main.ts")],
    environment: {
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      ...environment,
      LOG_LEVEL: audible(environment["LOG_LEVEL"]),
    },
    lockFile,
    onLine,
  });
  try {
    return { child, line: await waitForLine(child, (text) => readJsonLine(text, schema), READY_MS) };
  } catch (error) {
    await child.stop(0);
    throw error;
  }
}

/** The line that is waited for is of level info. */
function audible(level: string | undefined): string {
  return level === "debug" || level === "trace" ? level : "info";
}
