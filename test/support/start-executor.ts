import { startExecutor as start } from "../../src/local/executor.ts";
import { asPart, type Part } from "./part.ts";

export interface ExecutorPart extends Part {
  port: number;
  /** As EXECUTOR_TARGETS wants it. */
  target: string;
}

/** A Python executor on loopback. To start one again after `kill()`, pass the first one's port. */
export async function startExecutor(
  options: { port?: number; slots?: number; switches?: string[]; environment?: Record<string, string> } = {},
): Promise<ExecutorPart> {
  const { child, port, target } = await start({
    ...options,
    environment: { ...process.env, ...options.environment },
  });
  return { ...asPart(child, 40_000), port, target };
}
