/** Valkey, executor, worker and API, each a process that a test may kill and start again. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "./part.ts";
import { type ApiPart, startApi } from "./start-api.ts";
import { type ExecutorPart, startExecutor } from "./start-executor.ts";
import { startValkey, type ValkeyPart } from "./start-valkey.ts";
import { startWorker, type WorkerPart } from "./start-worker.ts";

const READY_MS = 30_000;

export interface StackOptions {
  slots?: number;
  workers?: number;
  /** For API and worker, on top of what the stack decides. */
  environment?: Record<string, string>;
}

export interface Stack {
  readonly url: string;
  valkey: ValkeyPart;
  executor: ExecutorPart;
  workers: WorkerPart[];
  api: ApiPart;
  /** What a further API or worker of this stack needs. */
  readonly environment: Record<string, string>;
  /** Each starts the part anew where the one before it was, after it was killed or stopped. */
  restartValkey(): Promise<void>;
  /** SIGKILL, and a new one with nothing in it at the same address. */
  wipeValkey(): Promise<void>;
  restartExecutor(): Promise<void>;
  restartWorker(index?: number): Promise<void>;
  restartApi(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when `/readyz` answers 200. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const state = temporaryDirectory();
  const [valkey, executor] = await Promise.all([
    startValkey({ directory: join(state.path, "valkey") }),
    startExecutor(options.slots === undefined ? {} : { slots: options.slots }),
  ]);
  const environment: Record<string, string> = {
    REDIS_URL: valkey.url,
    SQLITE_PATH: join(state.path, "jobs.sqlite"),
    EXECUTOR_TARGETS: executor.target,
    ...options.environment,
  };
  const [api, ...workers] = await Promise.all([
    startApi(environment),
    ...Array.from({ length: options.workers ?? 1 }, () => startWorker(environment)),
  ]);
  const stack: Stack = {
    url: api.url,
    valkey,
    executor,
    workers,
    api,
    environment,
    async restartValkey() {
      const { directory, port, password } = stack.valkey;
      stack.valkey = await startValkey({ directory, port, password });
    },
    async wipeValkey() {
      await stack.valkey.kill();
      rmSync(stack.valkey.directory, { recursive: true });
      await stack.restartValkey();
    },
    async restartExecutor() {
      const slots = options.slots === undefined ? {} : { slots: options.slots };
      stack.executor = await startExecutor({ port: stack.executor.port, ...slots });
    },
    async restartWorker(index = 0) {
      stack.workers[index] = await startWorker(environment);
    },
    async restartApi() {
      stack.api = await startApi({ ...environment, PORT: String(stack.api.port) });
    },
    async stop() {
      await stack.api.stop();
      for (const worker of stack.workers) await worker.stop();
      await stack.executor.stop();
      await stack.valkey.stop();
      state.remove();
    },
  };
  await waitUntilReady(stack.url);
  return stack;
}

/** Asks `/readyz` until it answers 200, for 30 s at most. */
async function waitUntilReady(url: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  let last = "no answer";
  while (Date.now() < deadline) {
    try {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return;
      last = await answer.text();
    } catch (error) {
      last = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${url}/readyz did not answer 200 within ${READY_MS / 1000} s; last: ${last}`);
}
