/** The producer's side of the queues: API, worker and reconciler put entries in and take them out. */
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { LRUCache } from "lru-cache";
import { QueueUnavailableError } from "../errors.ts";
import type { Logger } from "../logging.ts";
import { closeRedis, connectRedis } from "../redis.ts";
import type { ChunkQueue, EntryQueue, JobQueue } from "./entry-queue.ts";
import { FairLine } from "./fair/fair-line.ts";
import type { Place } from "./fair/place.ts";
import { type QueueNames, queueNames } from "./names.ts";
import { CHUNKS, JOBS, type QueueKind } from "./queue-kinds.ts";

/** Attempts that the queue starts for one entry; `attempts` in the store counts over all entries of a job. */
export const ATTEMPTS_MAX = 3;
const RETRY_BASE_MS = 1_000;
const REFRESH_MS = 1_000;
/** Nobody reads BullMQ's event stream; its default of 10,000 entries costs about 2 MB. */
const BULLMQ_EVENTS_KEPT = 100;
const OWNERS_REMEMBERED = 10_000;
const ENTRY_OPTIONS = {
  attempts: ATTEMPTS_MAX,
  backoff: { type: "exponential", delay: RETRY_BASE_MS, jitter: 0.5 },
  removeOnComplete: true,
  removeOnFail: true,
};

export interface JobQueueOptions {
  redisUrl: string;
  prefix: string;
  logger: Logger;
  /** Share of CPU time of an owner; 1 for everybody where it is left out. */
  weightOf?: (owner: string) => number;
}

export type { ChunkQueue, EntryQueue, JobQueue } from "./entry-queue.ts";

/** Connects in the background; usable (though not connected) at once, whatever Redis does. */
export function createJobQueue(options: JobQueueOptions): JobQueue {
  return new BullEntryQueue(options, JOBS);
}

/** The same for chunks of batches, which so never stand before a single job. */
export function createChunkQueue(options: JobQueueOptions): ChunkQueue {
  return new BullEntryQueue(options, CHUNKS);
}

class BullEntryQueue<Entry> implements EntryQueue<Entry> {
  readonly #kind: QueueKind<Entry>;
  readonly #connection: Redis;
  readonly #line: FairLine;
  readonly #names: QueueNames;
  readonly #logger: Logger;
  readonly #listeners: ((first: boolean) => void)[] = [];
  readonly #refresh: NodeJS.Timeout;
  /** Set once BullMQ has loaded its scripts: it does not recover from a connection lost before. */
  #queue: Queue | undefined;
  #answering = false;
  #answeredOnce = false;
  #refreshing = false;
  #addsMissed = false;
  readonly #backlogs = new LRUCache<string, number>({ max: OWNERS_REMEMBERED });
  #counted = 0;
  #addedSince = 0;
  #closed = false;

  constructor({ redisUrl, prefix, logger, weightOf = () => 1 }: JobQueueOptions, kind: QueueKind<Entry>) {
    this.#kind = kind;
    this.#logger = logger;
    this.#names = queueNames(prefix);
    this.#connection = connectRedis(redisUrl, "producer", logger);
    this.#line = new FairLine({
      connection: this.#connection,
      prefix,
      queue: kind.queue,
      entry: kind.entry,
      entryOptions: ENTRY_OPTIONS,
      weightOf,
      workersKey: this.#names.workersKey,
    });
    this.#connection.on("ready", () => this.#check());
    this.#connection.on("close", () => {
      this.#answering = false;
    });
    this.#refresh = setInterval(() => this.#check(), REFRESH_MS);
    this.#refresh.unref();
  }

  async enqueue(entry: Entry, wantsPlace = false): Promise<Place | undefined> {
    try {
      this.#usable();
      this.#gatherWrites();
      const { idOf, accountOf } = this.#kind;
      const account = accountOf(entry);
      const added = await this.#line.add(idOf(entry), JSON.stringify(entry), account, wantsPlace);
      this.#backlogs.set(account.owner, added.waiting);
      this.#addedSince += 1;
      return added.place;
    } catch (error) {
      this.#addsMissed = true;
      throw this.#unavailable(error);
    }
  }

  async remove(id: string): Promise<boolean> {
    try {
      const queue = this.#usable();
      await this.#line.leave(id);
      return (await queue.remove(id)) === 1;
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  async has(id: string): Promise<boolean> {
    return (await this.findMissing([id])).length === 0;
  }

  async findMissing(ids: readonly string[]): Promise<string[]> {
    try {
      const queue = this.#usable();
      const finished = [queue.toKey("failed"), queue.toKey("completed")];
      const batch = this.#connection.pipeline();
      for (const id of ids) {
        batch.exists(queue.toKey(id));
        for (const key of finished) batch.zscore(key, id);
      }
      const answers = (await batch.exec()) ?? [];
      return ids.filter((_, index) => {
        const [entry, failed, completed] = answers.slice(index * 3, index * 3 + 3).map(answerOf);
        return entry !== 1 || failed !== null || completed !== null;
      });
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  backlog(): number {
    return this.#counted + this.#addedSince;
  }

  lastBacklogOf(owner: string): number {
    return this.#backlogs.get(owner) ?? 0;
  }

  async backlogOf(owner: string): Promise<number> {
    const count = await this.#ask(() => this.#line.waitingOf(owner));
    this.#backlogs.set(owner, count);
    return count;
  }

  placeOf(id: string, owner: string): Promise<Place> {
    return this.#ask(() => this.#line.placeOf(id, owner));
  }

  nextPlaceOf(owner: string): Promise<Place> {
    return this.#ask(() => this.#line.nextPlaceOf(owner));
  }

  async #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    try {
      this.#usable();
      return await question();
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  connected(): boolean {
    return this.#answering;
  }

  onConnected(listener: (first: boolean) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#answering = false;
    clearInterval(this.#refresh);
    await this.#queue?.close();
    await closeRedis(this.#connection);
  }

  /**
   * The jobs of one group commit are enqueued in one turn of the event loop: their commands leave in one write instead
   * of one each, which was a quarter of the CPU time of an enqueue.
   */
  #gatherWrites(): void {
    const { stream } = this.#connection;
    if (stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  #usable(): Queue {
    if (this.#queue === undefined || !this.#answering)
      throw new QueueUnavailableError("Redis does not answer");
    return this.#queue;
  }

  #unavailable(error: unknown): QueueUnavailableError {
    if (error instanceof QueueUnavailableError) return error;
    // One unanswered command is enough: the next ones would each wait as long. The refresh finds out when it is over.
    if (error instanceof Error && error.message.includes("timed out")) this.#answering = false;
    return new QueueUnavailableError(error instanceof Error ? error.message : "Redis refused", {
      cause: error,
    });
  }

  /** Counts the backlog, which also shows whether Redis answers. Runs once a second and at each connect. */
  #check(): void {
    if (this.#refreshing || this.#closed || this.#connection.status !== "ready") return;
    this.#refreshing = true;
    this.#count()
      .then((counted) => this.#answered(counted))
      .catch((error: unknown) => {
        this.#answering = false;
        this.#logger.debug({ err: error }, "The backlog could not be counted");
      })
      .finally(() => {
        this.#refreshing = false;
      });
  }

  async #count(): Promise<number> {
    const queue = this.#queue ?? (await this.#open());
    const added = this.#addedSince;
    const counts = await queue.getJobCounts("wait", "prioritized", "delayed");
    this.#addedSince -= added;
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  async #open(): Promise<Queue> {
    const queue = new Queue(this.#kind.queue, {
      connection: this.#connection,
      prefix: this.#names.prefix,
      streams: { events: { maxLen: BULLMQ_EVENTS_KEPT } },
    });
    // Connection errors are logged by the connection; what a command meets is told to its caller.
    queue.on("error", (error) => this.#logger.debug({ err: error }, "BullMQ reported an error"));
    try {
      await queue.waitUntilReady();
    } catch (error) {
      await queue.close();
      throw error;
    }
    this.#queue = queue;
    return queue;
  }

  async #answered(counted: number): Promise<void> {
    this.#counted = counted;
    if (this.#answering || this.#closed || this.#connection.status !== "ready") return;
    this.#answering = true;
    if (this.#addsMissed) {
      // Jobs of this process are in the store alone: the missing marker asks the reconciler for a full pass.
      await this.#connection.del(this.#names.markerKey);
      this.#addsMissed = false;
    }
    const first = !this.#answeredOnce;
    this.#answeredOnce = true;
    for (const listener of this.#listeners) listener(first);
  }
}

function answerOf(reply: [Error | null, unknown]): unknown {
  const [error, value] = reply;
  if (error !== null) throw error;
  return value;
}
