/**
 * Whether this server is to be given work. Until store, queue and executor have each been up once it is not; after
 * that only while the store is down, since a job that is stored is a job kept.
 */
import type { Readiness } from "../shared/admin-server.ts";
import type { ExecutorClient } from "../shared/executor/port.ts";
import type { JobStore } from "../shared/job-store/port.ts";
import type { Logger } from "../shared/logging.ts";
import type { JobQueue } from "../shared/queue/job-queue.ts";

/** Answers are shared for so long, whoever asks how often. */
const FRESH_MS = 500;
const CHECK_MS = 2_000;

interface ReadinessParts {
  store: Pick<JobStore, "check">;
  queue: Pick<JobQueue, "connected">;
  executor: Pick<ExecutorClient, "health">;
  logger: Logger;
}

export function createReadiness(parts: ReadinessParts): () => Promise<Readiness> {
  const seen = { store: false, queue: false, executor: false };
  let current: Promise<Readiness> | undefined;
  let takenAt = 0;

  async function check(): Promise<Readiness> {
    const [store, executor] = await Promise.all([storeAnswers(parts), executorServes(parts)]);
    const now = { store, queue: parts.queue.connected(), executor };
    seen.store ||= now.store;
    seen.queue ||= now.queue;
    seen.executor ||= now.executor;
    return { ready: now.store && seen.queue && seen.executor, parts: now };
  }

  return () => {
    if (current === undefined || Date.now() - takenAt > FRESH_MS) {
      takenAt = Date.now();
      current = check();
    }
    return current;
  };
}

async function storeAnswers({ store, logger }: ReadinessParts): Promise<boolean> {
  try {
    await inTime(store.check());
    return true;
  } catch (error) {
    logger.warn({ err: error }, "the job store does not answer");
    return false;
  }
}

async function executorServes({ executor, logger }: ReadinessParts): Promise<boolean> {
  try {
    return (await inTime(executor.health())).some((replica) => replica.serving);
  } catch (error) {
    logger.warn({ err: error }, "no executor answers");
    return false;
  }
}

async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${CHECK_MS} ms`)), CHECK_MS);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
