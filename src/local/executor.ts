/** The Python executor as a child process on loopback. */
import { join } from "node:path";
import { z } from "zod";
import { PYTHON, ROOT } from "./paths.ts";
import { type Child, startChild } from "./processes/child.ts";
import { waitForLine } from "./processes/wait-for-line.ts";

const READY_MS = 60_000;

export interface ExecutorOptions {
  environment: NodeJS.ProcessEnv;
  /** Any free one if undefined. */
  port?: number | undefined;
  /** As many as there are cores if undefined. */
  slots?: number | undefined;
  /** Further switches of `npm run executor`. */
  switches?: string[] | undefined;
  onLine?: ((line: string) => void) | undefined;
}

export interface RunningExecutor {
  child: Child;
  port: number;
  /** As EXECUTOR_TARGETS wants it. */
  target: string;
}

const listeningLine = z.object({ event: z.literal("listening"), port: z.number().int() });

/** Resolves when it serves. */
export async function startExecutor(options: ExecutorOptions): Promise<RunningExecutor> {
  const slots = options.slots === undefined ? [] : ["--slots", String(options.slots)];
  const child = await startChild({
    name: "executor",
    command: PYTHON,
    args: [
      "-m",
      "strategiz_executor",
      "--port",
      String(options.port ?? 0),
      ...slots,
      ...(options.switches ?? []),
    ],
    environment: { ...options.environment, PYTHONPATH: join(ROOT, "executor") },
    onLine: options.onLine,
  });
  try {
    const { port } = await waitForLine(child, (line) => readJsonLine(line, listeningLine), READY_MS);
    return { child, port, target: `127.0.0.1:${port}` };
  } catch (error) {
    await child.stop(0);
    throw error;
  }
}

/** undefined for a line that is not JSON or does not fit. */
export function readJsonLine<Value>(line: string, schema: z.ZodType<Value>): Value | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
