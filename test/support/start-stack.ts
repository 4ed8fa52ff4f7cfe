/** Valkey, executor, worker and API, each a process that a test may kill and start again. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { allSettled } from "../../src/local/all-settled.ts";
import { ownPort } from "./own-port.ts";
import { type Part, temporaryDirectory } from "./part.ts";
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

/** Resolves when `/readyz` answers 200. Where a part does not start, those that did are stopped again. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const state = temporaryDirectory();
  const started: Part[] = [];
  const keep = <Started extends Part>(part: Started): Started => {
    started.unshift(part);
    return part;
  };
  try {
    const stack = await startParts(options, state, keep);
    await waitUntilReady(stack.url);
    return stack;
  } catch (error) {
    for (const part of started) await part.stop();
    state.remove();
    throw error;
  }
}

type Keep = <Started extends Part>(part: Started) => Started;

async function startParts(
  options: StackOptions,
  state: ReturnType<typeof temporaryDirectory>,
  keep: Keep,
): Promise<Stack> {
  const [executorPort, apiPort] = [await ownPort(), await ownPort()];
  const slots = options.slots === undefined ? {} : { slots: options.slots };
  const [valkey, executor] = await allSettled([
    startValkey({ directory: join(state.path, "valkey") }).then(keep),
    startExecutor({ port: executorPort, ...slots }).then(keep),
  ]);
  const environment: Record<string, string> = {
    REDIS_URL: valkey.url,
    SQLITE_PATH: join(state.path, "jobs.sqlite"),
    EXECUTOR_TARGETS: executor.target,
    ...options.environment,
  };
  const count = options.workers ?? 1;
  const [workers, api] = await allSettled([
    allSettled(Array.from({ length: count }, () => startWorker(environment).then(keep))),
    startApi({ PORT: String(apiPort), ...environment }).then(keep),
  ]);
  const stack: Stack = {
    url: api.url,
    valkey,
    executor,
    workers,
    api,
    environment,
    async restartValkey() {
      stack.valkey = await stack.valkey.startAgain();
    },
    async wipeValkey() {
      await stack.valkey.kill();
      rmSync(stack.valkey.directory, { recursive: true });
      await stack.restartValkey();
    },
    async restartExecutor() {
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
