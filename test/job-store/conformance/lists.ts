import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeCursor } from "../../../src/shared/job-store/cursor.ts";
import type { JobRecord } from "../../../src/shared/job-store/job-record.ts";
import type { JobPage, JobStore, ListFilter, Page } from "../../../src/shared/job-store/port.ts";
import type { Current } from "../conformance.ts";
import { cancellation, NOON, queuedJob, running, sampleRequest } from "../sample-jobs.ts";

const OWNERS = ["alice", "bob"] as const;

/** Few values, so that jobs meet in all of them, times included. */
const jobFields = fc.record({
  owner: fc.constantFrom(...OWNERS),
  createdAt: fc.integer({ min: NOON, max: NOON + 4 }),
  status: fc.constantFrom("queued", "failed"),
  symbol: fc.constantFrom("AAPL", "MSFT", undefined),
  strategyId: fc.constantFrom("sma", "rsi", undefined),
  batchId: fc.constantFrom("b1", undefined),
});

/** Every combination of filters, so that each meets jobs that it keeps and jobs that it leaves out. */
const FILTERS: ListFilter[] = [undefined, "failed" as const].flatMap((status) =>
  [undefined, "AAPL"].flatMap((symbol) =>
    [undefined, "sma"].flatMap((strategyId) =>
      [undefined, "b1"].map((batchId) => ({ status, symbol, strategyId, batchId })),
    ),
  ),
);

async function everyPage(limit: number, read: (page: Page) => Promise<JobPage>): Promise<JobRecord[]> {
  const jobs: JobRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit, cursor });
    expect(page.jobs.length).toBeLessThanOrEqual(limit);
    expect(page.nextCursor === null || page.jobs.length === limit).toBe(true);
    jobs.push(...page.jobs.map(({ job }) => job));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return jobs;
}

function newestFirst(a: JobRecord, b: JobRecord): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
}

function matches(job: JobRecord, filter: ListFilter): boolean {
  const {
    status = job.status,
    symbol = job.symbol,
    strategyId = job.strategyId,
    batchId = job.batchId,
  } = filter;
  return (
    job.status === status && job.symbol === symbol && job.strategyId === strategyId && job.batchId === batchId
  );
}

async function createAll(store: JobStore, jobs: readonly JobRecord[]): Promise<void> {
  await Promise.all(jobs.map((job) => store.create(job, sampleRequest())));
}

export function describeLists(current: Current): void {
  describe("lists", () => {
    test("an owner sees their own jobs alone, newest first, each once over any pages and filters", async () => {
      const { store } = current();
      let round = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(jobFields, { maxLength: 60, size: "max" }),
          fc.integer({ min: 1, max: 9 }),
          async (fields, limit) => {
            round += 1;
            const jobs = fields.map(({ owner, ...rest }) =>
              queuedJob({ ...rest, owner: `${owner}${round}` }),
            );
            await createAll(store, jobs);
            const owner = `${OWNERS[0]}${round}`;
            const lists = FILTERS.map((filter) =>
              everyPage(limit, (page) => store.list(owner, filter, page)),
            );
            for (const [n, listed] of (await Promise.all(lists)).entries()) {
              const expected = jobs.filter((job) => job.owner === owner && matches(job, FILTERS[n] ?? {}));
              expect(listed.map(({ id }) => id)).toEqual(expected.sort(newestFirst).map(({ id }) => id));
            }
          },
        ),
        { numRuns: 20 },
      );
    });

    test("a job that comes between two pages moves no other", async () => {
      const { store } = current();
      const jobs = Array.from({ length: 6 }, (_, n) => queuedJob({ createdAt: NOON + n }));
      await createAll(store, jobs);
      const first = await store.list("alice", {}, { limit: 3 });
      await createAll(store, [queuedJob({ createdAt: NOON + 100 })]);
      const second = await store.list("alice", {}, { limit: 3, cursor: first.nextCursor ?? undefined });
      const ids = [...first.jobs, ...second.jobs].map(({ job }) => job.id);
      expect(ids).toEqual(jobs.map(({ id }) => id).reverse());
      expect(second.nextCursor).toBeNull();
    });

    test("a listed job can be changed with the fence that the list gave", async () => {
      const { store } = current();
      await createAll(store, [queuedJob()]);
      const [listed] = (await store.list("alice", {}, { limit: 1 })).jobs;
      const { job, fence } = listed ?? expect.fail("the list is empty");
      expect((await store.update(job.id, fence, running(job))).written).toBe(true);
    });

    test("unfinished jobs come oldest write first, those written later than asked for not at all", async () => {
      const { store } = current();
      const jobs = Array.from({ length: 30 }, (_, n) =>
        queuedJob({
          owner: `owner${n % 3}`,
          updatedAt: NOON + (n % 7),
          status: n % 2 === 0 ? "queued" : "running",
        }),
      );
      await createAll(store, jobs);
      const expected = jobs
        .filter(({ updatedAt }) => updatedAt < NOON + 5)
        .sort((a, b) => a.updatedAt - b.updatedAt || (a.id < b.id ? -1 : 1));
      for (const limit of [1, 4, 500]) {
        const listed = await everyPage(limit, (page) => store.listUnfinished(NOON + 5, page));
        expect(listed).toEqual(expected);
      }
    });

    test("a job that ended is unfinished no more", async () => {
      const { store } = current();
      const [ended, waiting] = [queuedJob(), queuedJob()];
      await createAll(store, [ended, waiting]);
      const { fence } = (await store.read(ended.id)) ?? expect.fail("the job is gone");
      await store.update(ended.id, fence, cancellation(ended));
      const page = await store.listUnfinished(Number.MAX_SAFE_INTEGER, { limit: 10 });
      expect(page.jobs.map(({ job }) => job.id)).toEqual([waiting.id]);
    });

    test("a cursor that no page gave is refused", async () => {
      const { store } = current();
      const { id } = queuedJob();
      const real = encodeCursor({ time: NOON, id });
      const unreadable = [
        "",
        "x",
        `${real}=`,
        `${real} `,
        real.slice(0, -2),
        encodeCursor({ time: NOON, id: "' OR 1=1" }),
        encodeCursor({ time: Number.NaN, id }),
        encodeCursor({ time: 1.5, id }),
      ];
      for (const cursor of unreadable) {
        const refused = { name: "InvalidCursorError" };
        await expect(store.list("alice", {}, { limit: 1, cursor })).rejects.toMatchObject(refused);
        await expect(store.listUnfinished(NOON, { limit: 1, cursor })).rejects.toMatchObject(refused);
      }
      await fc.assert(
        fc.asyncProperty(fc.string(), async (cursor) => {
          await expect(store.list("alice", {}, { limit: 1, cursor })).rejects.toMatchObject({
            name: "InvalidCursorError",
          });
        }),
      );
    });
  });
}
