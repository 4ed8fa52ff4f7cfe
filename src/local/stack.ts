/**
 * The whole service on one machine: job store, Valkey and executor, then worker and API; stopped in reverse.
 *
 * Jobs live in the state directory: a stack started there again goes on with those that had not ended.
 */
import { randomBytes } from "node:crypto";
import { allSettled } from "./all-settled.ts";
import { startExecutor } from "./executor.ts";
import { type FirestoreChoice, firestoreJobStore, type LocalJobStore, sqliteJobStore } from "./job-store.ts";
import { type RunningApi, type RunningWorker, startApi, startWorker } from "./node-process.ts";
import { type Child, type ChildError, within } from "./processes/child.ts";
import { childFailure, describeEnding } from "./processes/wait-for-line.ts";
import { holdState, type StateDirectory } from "./state-directory.ts";
import { startValkey } from "./valkey/start-valkey.ts";

/** Ctrl-C should not take long; what runs longer is queued again and goes on at the next start. */
const DRAIN_GRACE_SECONDS = "5";
const READY_MS = 30_000;
const READY_POLL_MS = 20;
const READY_ANSWER_MS = 2_000;
/** What each may take for its orderly end. A worker drains: its running jobs end or go back to the queue. */
const STOP_ORDER = [
  { name: "api", graceMs: 15_000 },
  { name: "worker", graceMs: 30_000 },
  { name: "executor", graceMs: 10_000 },
  { name: "emulator", graceMs: 10_000 },
  { name: "valkey", graceMs: 10_000 },
];

export interface LocalStackOptions {
  stateDirectory: string;
  /** 0 takes any free one. */
  port: number;
  slots?: number | undefined;
  /** Jobs in the Firestore emulator instead of a SQLite file. */
  firestore?: FirestoreChoice | undefined;
  executorSwitches?: string[];
  /** What the processes inherit; the stack decides on top of it where they listen and find each other. */
  environment: NodeJS.ProcessEnv;
  onLine: (name: string, line: string) => void;
}

export interface LocalStack {
  /** Such as http://127.0.0.1:8080. */
  url: string;
  metricsUrls: { api: string; worker: string };
  /** Where jobs are kept, in words. */
  jobStore: string;
  /** Resolves when a process ends that nobody stopped. */
  broken: Promise<ChildError>;
  stop(): Promise<void>;
}

/**
 * Resolves when `/readyz` answers 200. Rejects with StateInUseError or UnfitMachineError, or with the output of the
 * process that failed; nothing is left running then.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const state = holdState(options.stateDirectory);
  const children: Child[] = [];
  let stopping = false;
  let save = async (): Promise<void> => undefined;
  const stop = async (): Promise<void> => {
    stopping = true;
    try {
      for (const { name, graceMs } of STOP_ORDER) {
        const running = children.find((child) => child.name === name && !child.hasEnded());
        if (name === "emulator" && running !== undefined) await save();
        await running?.stop(graceMs);
      }
    } finally {
      state.release();
    }
  };
  const keep: Keep = (running) => {
    children.push(running.child);
    return running;
  };
  try {
    const { jobStore, worker, api } = await startParts(options, state, keep);
    save = () => jobStore.save();
    const url = `http://127.0.0.1:${api.port}`;
    const broken = Promise.race(
      children.map(async (child) => childFailure(child, describeEnding(await child.ended))),
    );
    await ready(url, broken);
    state.announce(url);
    return {
      url,
      metricsUrls: { api: metricsUrl(api.adminPort), worker: metricsUrl(worker.adminPort) },
      jobStore: jobStore.description,
      broken: broken.then((failure) => (stopping ? new Promise<ChildError>(() => undefined) : failure)),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function metricsUrl(adminPort: number): string {
  return `http://127.0.0.1:${adminPort}/metrics`;
}

type Keep = <Running extends { child: Child }>(running: Running) => Running;

async function startParts(
  options: LocalStackOptions,
  state: StateDirectory,
  keep: Keep,
): Promise<{ jobStore: LocalJobStore; worker: RunningWorker; api: RunningApi }> {
  // Known to this stack's processes alone: no other user of the machine gets strategies run in its name.
  const secrets = {
    EXECUTOR_TOKEN: options.environment["EXECUTOR_TOKEN"] ?? randomBytes(24).toString("hex"),
  };
  const environment = { ...options.environment, ...secrets };
  const onLine = (name: string) => (line: string) => options.onLine(name, line);
  const [{ jobStore, redisUrl }, executor] = await allSettled([
    startStoreAndRedis(options, state, keep),
    startExecutor({
      environment,
      slots: options.slots,
      switches: options.executorSwitches,
      onLine: onLine("executor"),
    }).then(keep),
  ]);
  const shared = {
    DRAIN_GRACE_SECONDS,
    ...environment,
    REDIS_URL: redisUrl,
    EXECUTOR_TARGETS: executor.target,
    EXECUTOR_TLS: "false",
    ...jobStore.environment,
    ADMIN_HOST: "127.0.0.1",
    ADMIN_PORT: "0",
  };
  const forApi = {
    HOST: "127.0.0.1",
    PORT: String(options.port),
    API_KEYS_FILE: state.file("api-keys.json"),
  };
  const [worker, api] = await allSettled([
    startWorker({ environment: shared, onLine: onLine("worker") }).then(keep),
    startApi({
      environment: { ...shared, ...forApi },
      lockFile: state.file("api.lock"),
      onLine: onLine("api"),
    }).then(keep),
  ]);
  return { jobStore, worker, api };
}

async function startStoreAndRedis(
  options: LocalStackOptions,
  state: StateDirectory,
  keep: Keep,
): Promise<{ jobStore: LocalJobStore; redisUrl: string }> {
  const onLine = (line: string): void => options.onLine("emulator", line);
  const jobStore =
    options.firestore === undefined
      ? sqliteJobStore(state)
      : await firestoreJobStore(state, options.firestore, options.environment, onLine);
  if (jobStore.emulator !== undefined) keep(jobStore.emulator);
  return { jobStore, redisUrl: await startRedis(options, jobStore.queueDirectory, keep) };
}

/** REDIS_URL is somebody else's Redis and stays running; else one of our own. */
async function startRedis(options: LocalStackOptions, directory: string, keep: Keep): Promise<string> {
  const given = options.environment["REDIS_URL"];
  if (given !== undefined && given !== "") return given;
  const running = await startValkey({
    directory,
    environment: options.environment,
    onLine: (line) => options.onLine("valkey", line),
  });
  return keep(running).url;
}

async function ready(url: string, broken: Promise<ChildError>): Promise<void> {
  const deadline = Date.now() + READY_MS;
  let last = "no answer";
  while (Date.now() < deadline) {
    try {
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(READY_ANSWER_MS) });
      if (answer.ok) return;
      last = await answer.text();
    } catch (error) {
      last = String(error);
    }
    const failure = await within(broken, READY_POLL_MS);
    if (failure !== undefined) throw failure;
  }
  throw new Error(`The stack was not ready within ${READY_MS / 1000} s: ${last}`);
}
