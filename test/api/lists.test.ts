import { afterAll, beforeAll, expect, test } from "vitest";
import { jobListSchema } from "../../src/shared/contract/job.ts";
import { symbolListSchema } from "../../src/shared/contract/symbols.ts";
import { type Room, SMALL_JOB, startRoom } from "./support/room.ts";

let room: Room;
const ids: string[] = [];
beforeAll(async () => {
  room = await startRoom({ withoutRedis: true });
  for (let n = 0; n < 25; n += 1) {
    const id = await room.submit({
      ...SMALL_JOB,
      symbol: n % 5 === 0 ? "MSFT" : "AAPL",
      strategy: { ...SMALL_JOB.strategy, id: `s${n % 2}` },
    });
    ids.unshift(id);
  }
});
afterAll(() => room.stop());

async function list(query: string) {
  return jobListSchema.parse((await room.ask(`/v1/jobs?${query}`)).json());
}

test("jobs come newest first, page by page, each once, also while new ones arrive", async () => {
  const seen: string[] = [];
  let query = "limit=10";
  for (let page = 0; page < 3; page += 1) {
    const { items, nextCursor } = await list(query);
    seen.push(...items.map(({ id }) => id));
    if (page === 0) await room.submit();
    expect(nextCursor === null).toBe(page === 2);
    query = `limit=10&cursor=${encodeURIComponent(nextCursor ?? "")}`;
  }
  expect(new Set(seen)).toEqual(new Set(ids));
  expect(seen).toHaveLength(25);
});

test("filters narrow the list", async () => {
  expect((await list("symbol=MSFT")).items).toHaveLength(5);
  expect((await list("symbol=MSFT&strategyId=s0")).items).toHaveLength(3);
  expect((await list("status=succeeded")).items).toHaveLength(0);
  await room.worker.succeed(ids[3] ?? "");
  expect((await list("status=succeeded")).items.map(({ id }) => id)).toEqual([ids[3]]);
});

test("a long list is gzipped for those who take it", async () => {
  const answer = await room.ask("/v1/jobs", { headers: { "Accept-Encoding": "gzip" } });
  expect(answer.headers["content-encoding"]).toBe("gzip");
});

test("symbols are listed with what bars there are of them, page by page", async () => {
  const first = symbolListSchema.parse((await room.ask("/v1/symbols?limit=4")).json());
  expect(first.items).toHaveLength(4);
  const second = symbolListSchema.parse(
    (await room.ask(`/v1/symbols?limit=4&cursor=${first.nextCursor}`)).json(),
  );
  const symbols = [...first.items, ...second.items].map(({ symbol }) => symbol);
  expect(symbols).toEqual([...symbols].sort());
  expect(symbols).toContain("AAPL");
  expect(second.nextCursor).toBeNull();
});

test("one symbol is described by itself", async () => {
  const answer = await room.ask("/v1/symbols/AAPL");
  expect(answer.json()).toMatchObject({ symbol: "AAPL", series: [{ timeframe: "1D", bars: 3_270 }] });
});
