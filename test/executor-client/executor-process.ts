/** A real executor on a free port. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface ExecutorProcess {
  port: number;
  target: string;
  process: ChildProcess;
  /** Ends at once, as by power loss. */
  kill(): Promise<void>;
  /** Lets running calls finish. */
  stop(): Promise<void>;
}

export interface ExecutorProcessOptions {
  slots?: number;
  port?: number;
  line?: number;
  token?: string;
}

/** Resolves once it listens. */
export async function startExecutorProcess(options: ExecutorProcessOptions = {}): Promise<ExecutorProcess> {
  const { slots = 2, port = 0, line, token } = options;
  const lineArguments = line === undefined ? [] : ["--line", String(line)];
  const child = spawn(
    `${ROOT}.venv/bin/python`,
    ["-m", "strategiz_executor", "--port", String(port), "--slots", String(slots), ...lineArguments],
    {
      env: {
        ...process.env,
        PYTHONPATH: `${ROOT}executor`,
        ...(token !== undefined && { EXECUTOR_TOKEN: token }),
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const listening = await portOf(child);
  const exited = once(child, "exit");
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    port: listening,
    target: `127.0.0.1:${listening}`,
    process: child,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("the executor's output is not read");
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    const printed: string[] = [];
    child.once("exit", (code) => reject(new Error(`the executor ended with ${code}: ${printed.join("\n")}`)));
    lines.on("line", (line) => {
      if (printed.length < 100) printed.push(line);
      const event: unknown = JSON.parse(line);
      const named = event as { event: string; port: number };
      if (named.event === "listening") resolve(named.port);
    });
  });
}
