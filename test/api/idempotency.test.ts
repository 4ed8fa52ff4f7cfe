import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobIdForKey } from "../../src/api/idempotency.ts";
import { jobAcceptedSchema, jobSchema } from "../../src/shared/contract/job.ts";
import { jobRequestSchema } from "../../src/shared/contract/job-request.ts";
import { hashRequest } from "../../src/shared/submit-job.ts";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

describe.each([{ redis: "up" }, { redis: "down" }])("with Redis $redis", ({ redis }) => {
  let room: Room;
  beforeAll(async () => {
    room = await startRoom({ withoutRedis: redis === "down" });
  });
  afterAll(() => room.stop());

  test("100 identical requests at once make one job, and 99 answers say that they are replays", async () => {
    const headers = { "Idempotency-Key": "hundred" };
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => room.ask("/v1/jobs", { body: SMALL_JOB, headers })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers["idempotency-replayed"] === "true")).toHaveLength(99);
    const { jobs } = await room.store.list("local", {}, { limit: 100 });
    expect(jobs).toHaveLength(1);
  });

  test("the same key with another request is refused", async () => {
    const headers = { "Idempotency-Key": "hundred" };
    const answer = await room.ask("/v1/jobs", { body: { ...SMALL_JOB, symbol: "MSFT" }, headers });
    expect([answer.status, answer.problem().code]).toEqual([422, "idempotency_mismatch"]);
  });

  test("the first answer is replayed after the job has ended; Prefer: wait tells how it ended", async () => {
    const headers = { "Idempotency-Key": "ended" };
    const first = await room.ask("/v1/jobs", { body: SMALL_JOB, headers });
    const { id } = jobAcceptedSchema.parse(first.json());
    await room.worker.succeed(id);
    const replayed = await room.ask("/v1/jobs", { body: SMALL_JOB, headers });
    expect([replayed.status, replayed.text]).toEqual([202, first.text]);
    const waited = await room.ask("/v1/jobs", {
      body: SMALL_JOB,
      headers: { ...headers, Prefer: "wait=10" },
    });
    expect([waited.status, jobSchema.parse(waited.json()).status]).toEqual([200, "succeeded"]);
    expect(waited.headers["idempotency-replayed"]).toBe("true");
  });

  test("the key means the same in the seed's request", async () => {
    const headers = { "Idempotency-Key": "seed" };
    const body = { code: "x", symbol: "AAPL" };
    const id = jobIdForKey("local", "seed", 0);
    const asked = [1, 2, 3].map(() => room.ask("/v1/strategies/execute-code", { body, headers }));
    await expect.poll(async () => (await room.store.read(id))?.job.status, { timeout: 5_000 }).toBe("queued");
    await room.worker.fail(id, {
      class: "user",
      code: "exception",
      type: "NameError",
      message: "x",
      line: 1,
    });
    for (const answer of await Promise.all(asked)) {
      expect([answer.status, answer.headers.location]).toEqual([200, `/v1/jobs/${id}`]);
    }
  });
});

test("after 24 hours the same key makes a new job, and that one is then the one replayed", async () => {
  const room = await startRoom({ withoutRedis: true });
  try {
    const request = jobRequestSchema.parse(SMALL_JOB);
    const old = Date.now() - 24 * 3_600_000 - 1_000;
    const first = jobIdForKey("local", "daily", 0);
    await room.store.create(
      {
        id: first,
        owner: "local",
        status: "queued",
        version: 1,
        createdAt: old,
        updatedAt: old,
        symbol: "AAPL",
        timeframe: "1D",
        labels: {},
        requestHash: hashRequest(request),
        attempts: 0,
      },
      request,
    );
    const headers = { "Idempotency-Key": "daily" };
    const second = await room.submit({ ...SMALL_JOB, symbol: "MSFT" }, headers);
    expect(second).toBe(jobIdForKey("local", "daily", 1));
    expect(await room.submit({ ...SMALL_JOB, symbol: "MSFT" }, headers)).toBe(second);
    const mismatch = await room.ask("/v1/jobs", { body: SMALL_JOB, headers });
    expect(mismatch.problem().code).toBe("idempotency_mismatch");
  } finally {
    await room.stop();
  }
});

test("one key of two owners stands for two jobs", () => {
  expect(jobIdForKey("anna", "k", 0)).not.toBe(jobIdForKey("bert", "k", 0));
  expect(jobIdForKey("anna", "k", 0)).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
});
