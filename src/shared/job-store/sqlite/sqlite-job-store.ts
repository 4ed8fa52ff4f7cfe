/** The job store in one SQLite file, shared by the processes of one machine. */
import type { DatabaseSync } from "node:sqlite";
import { type JobRequest, jobRequestShape } from "../../contract/job-request.ts";
import { StoreCorruptedError, StoreUnavailableError } from "../../errors.ts";
import type { Logger } from "../../logging.ts";
import type { BatchStore } from "../batch-port.ts";
import { decodeCursor, END_OF_TIME, START_OF_TIME } from "../cursor.ts";
import type { JobChange, JobRecord } from "../job-record.ts";
import { cutJobPage, PAGE_MAX } from "../page.ts";
import type { CreateOutcome, JobPage, JobStore, ListFilter, Page, StoredJob, WriteOutcome } from "../port.ts";
import { joinParts, referTo, splitIntoParts } from "../result-parts.ts";
import { BatchTables } from "./batch-tables.ts";
import { Checkpoints } from "./checkpoints.ts";
import { GroupedWrites, ROW_WRITE_BYTES } from "./grouped-writes.ts";
import { JobTables } from "./job-tables.ts";
import { retryWhileLocked } from "./lock-retry.ts";
import { openDatabase } from "./open-database.ts";
import { createSqliteBatchStore } from "./sqlite-batch-store.ts";

export interface SqliteSettings {
  path: string;
  /** For each call, milliseconds. */
  deadlineMs: number;
}

/** Jobs deleted in one transaction. */
const DELETE_AT_ONCE = 100;

export async function openSqliteJobStore(settings: SqliteSettings, logger: Logger): Promise<JobStore> {
  const db = await openDatabase(settings.path, settings.deadlineMs);
  logger.info({ path: settings.path }, "job store opened");
  return new SqliteJobStore(db, settings.deadlineMs, new Checkpoints(settings.path, logger));
}

class SqliteJobStore implements JobStore {
  readonly batches: BatchStore;
  readonly #db: DatabaseSync;
  readonly #deadlineMs: number;
  readonly #tables: JobTables;
  readonly #writes: GroupedWrites;
  readonly #checkpoints: Checkpoints;
  #closing: Promise<void> | undefined;

  constructor(db: DatabaseSync, deadlineMs: number, checkpoints: Checkpoints) {
    this.#db = db;
    this.#deadlineMs = deadlineMs;
    this.#tables = new JobTables(db);
    this.#writes = new GroupedWrites(db, deadlineMs, checkpoints.committed);
    this.#checkpoints = checkpoints;
    this.batches = createSqliteBatchStore(new BatchTables(db), {
      write: (bytes, write) => this.#write(bytes, write),
      read: (query) => this.#read(query),
    });
  }

  async create(job: JobRecord, request: JobRequest): Promise<CreateOutcome> {
    const requestJson = JSON.stringify(request);
    return await this.#write(ROW_WRITE_BYTES + requestJson.length, () =>
      this.#tables.insert(job, requestJson),
    );
  }

  async read(id: string): Promise<StoredJob | undefined> {
    return await this.#read(() => this.#tables.find(id));
  }

  async readRequest(id: string): Promise<JobRequest | undefined> {
    const json = await this.#read(() => this.#tables.requestJson(id));
    return json === undefined ? undefined : parseRequest(id, json);
  }

  async update(id: string, fence: string, change: JobChange): Promise<WriteOutcome> {
    return await this.#write(ROW_WRITE_BYTES, () => this.#tables.change(id, fence, change));
  }

  async finish(
    id: string,
    fence: string,
    change: JobChange & { attemptId: string },
    result: Uint8Array,
  ): Promise<WriteOutcome> {
    const parts = splitIntoParts(result);
    const reference = referTo(change.attemptId, result, parts.length);
    return await this.#write(ROW_WRITE_BYTES + result.byteLength, () =>
      this.#tables.change(id, fence, change, { reference, parts }),
    );
  }

  async readResult(job: JobRecord): Promise<Uint8Array | undefined> {
    const { id, result } = job;
    if (result === undefined) return undefined;
    const parts = await this.#read(() => this.#tables.parts(id, result.attemptId));
    return parts === undefined ? undefined : joinParts(id, result, parts);
  }

  async list(owner: string, filter: ListFilter, page: Page): Promise<JobPage> {
    const before = page.cursor === undefined ? END_OF_TIME : decodeCursor(page.cursor);
    const limit = Math.min(page.limit, PAGE_MAX);
    const jobs = await this.#read(() => this.#tables.listOfOwner(owner, filter, before, limit + 1));
    return cutJobPage(jobs, limit, ({ job }) => ({ time: job.createdAt, id: job.id }));
  }

  async findByWork(work: string): Promise<StoredJob | undefined> {
    return await this.#read(() => this.#tables.findByWork(work));
  }

  async hasWork(): Promise<boolean> {
    return await this.#read(() => this.#tables.hasWork());
  }

  async listUnfinished(untouchedSince: number, page: Page): Promise<JobPage> {
    const after = page.cursor === undefined ? START_OF_TIME : decodeCursor(page.cursor);
    const limit = Math.min(page.limit, PAGE_MAX);
    const jobs = await this.#read(() => this.#tables.unfinished(untouchedSince, after, limit + 1));
    return cutJobPage(jobs, limit, ({ job }) => ({ time: job.updatedAt, id: job.id }));
  }

  async deleteFinished(before: number, limit: number): Promise<number> {
    let deleted = 0;
    while (deleted < limit) {
      const atOnce = Math.min(DELETE_AT_ONCE, limit - deleted);
      const gone = await this.#write(ROW_WRITE_BYTES, () => this.#tables.deleteFinished(before, atOnce));
      deleted += gone;
      if (gone < atOnce) break;
    }
    return deleted;
  }

  async check(): Promise<void> {
    await this.#write(ROW_WRITE_BYTES, () => this.#tables.touch(Date.now()));
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  async #shutDown(): Promise<void> {
    await this.#writes.settled();
    await this.#checkpoints.close();
    this.#db.close();
  }

  #write<Answer>(bytes: number, write: () => Answer): Promise<Answer> {
    this.#refuseIfClosing();
    return this.#writes.submit(bytes, write);
  }

  #read<Answer>(query: () => Answer): Promise<Answer> {
    this.#refuseIfClosing();
    return retryWhileLocked(query, this.#deadlineMs);
  }

  #refuseIfClosing(): void {
    if (this.#closing !== undefined) throw new StoreUnavailableError("The job store is closed");
  }
}

function parseRequest(id: string, json: string): JobRequest {
  try {
    return jobRequestShape.parse(JSON.parse(json));
  } catch (error) {
    throw new StoreCorruptedError(`The request of job ${id} is not readable in the job store`, {
      cause: error,
    });
  }
}
