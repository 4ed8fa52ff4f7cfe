/** Entries of many owners in a real queue, handed out one after another; what each costs is the test's to say. */
import { type Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { newId } from "../../src/shared/ids.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { FairLine } from "../../src/shared/queue/fair/fair-line.ts";
import { FairTurns } from "../../src/shared/queue/fair/fair-turns.ts";
import { closeRedis, connectRedis } from "../../src/shared/redis.ts";

const PREFIX = "{test}";
const silent = createLogger("test", "silent");

export interface Handed {
  id: string;
  owner: string;
  job: Job;
  /** What `begin` answered. */
  charge: number | undefined;
}

export interface TestLine {
  redis: Redis;
  line: FairLine;
  turns: FairTurns;
  /** Adds entries of an owner; answers their ids. */
  add(owner: string, count?: number, strategy?: string): Promise<string[]>;
  /** The next entry, its turn begun; undefined if nothing waits. */
  take(runningMax?: number): Promise<Handed | undefined>;
  /** Ends the turn of an entry. */
  give(handed: Handed, cpuMs: number): Promise<void>;
  /** Takes and gives so many entries; answers their owners in order. */
  serve(count: number, costOf: (owner: string) => number): Promise<string[]>;
  close(): Promise<void>;
}

/** Two of them with different queues share the owners' accounts. */
export async function openTestLine(
  redisUrl: string,
  options: { queue?: string; other?: string; weightOf?: (owner: string) => number } = {},
): Promise<TestLine> {
  const { queue = "executions", other = "chunks", weightOf = () => 1 } = options;
  const redis = connectRedis(redisUrl, "producer", silent);
  const bull = connectRedis(redisUrl, "worker", silent);
  await Promise.all(
    [redis, bull].map((each) => new Promise<void>((done) => each.once("ready", () => done()))),
  );
  const entryOptions = { removeOnComplete: true };
  const line = new FairLine({
    connection: redis,
    prefix: PREFIX,
    queue,
    entry: "e",
    entryOptions,
    weightOf,
    workersKey: `${PREFIX}:workers`,
  });
  const turns = new FairTurns(redis, PREFIX, queue, other);
  const worker = new Worker(queue, null, { connection: bull, prefix: PREFIX });
  worker.on("error", () => undefined);
  await worker.waitUntilReady();
  const strategies = new Map<string, string>();
  const keyOf = (id: string, owner: string) => ({ id, owner, strategy: strategies.get(id) ?? "s" });
  const self: TestLine = {
    redis,
    line,
    turns,
    async add(owner, count = 1, strategy = "s") {
      const ids = Array.from({ length: count }, () => newId());
      for (const id of ids) {
        strategies.set(id, strategy);
        await line.add(id, JSON.stringify({ owner }), { owner, strategy });
      }
      return ids;
    },
    async take(runningMax = Number.POSITIVE_INFINITY) {
      const job = await worker.getNextJob("token", { block: false });
      if (job?.id === undefined) return undefined;
      const { owner } = job.data;
      return { id: job.id, owner, job, charge: await turns.begin(keyOf(job.id, owner), runningMax) };
    },
    async give({ id, owner, job, charge = 0 }, cpuMs) {
      await turns.end(keyOf(id, owner), charge, { cpuMs, wallMs: cpuMs, atOnce: 2, left: true });
      await job.moveToCompleted("", "token", false);
    },
    async serve(count, costOf) {
      const owners: string[] = [];
      for (let turn = 0; turn < count; turn += 1) {
        const handed = await self.take();
        if (handed === undefined) break;
        owners.push(handed.owner);
        await self.give(handed, costOf(handed.owner));
      }
      return owners;
    },
    async close() {
      await worker.close();
      await Promise.all([closeRedis(redis), closeRedis(bull)]);
    },
  };
  return self;
}
