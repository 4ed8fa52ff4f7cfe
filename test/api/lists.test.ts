import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSymbolLists } from "../../src/api/symbol-lists.ts";
import { jobListSchema } from "../../src/shared/contract/job.ts";
import {
  namedSymbolsSchema,
  symbolListSchema,
  symbolListsSchema,
} from "../../src/shared/contract/symbols.ts";
import { createCsvMarketData } from "../../src/shared/market-data/csv-market-data.ts";
import { directoryWith } from "../market-data/directories.ts";
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

test("named lists are listed, and each has its symbols", async () => {
  const { items } = symbolListsSchema.parse((await room.ask("/v1/symbol-lists")).json());
  expect(items.map(({ name }) => name)).toEqual(["indices", "nasdaq-stocks", "stocks"]);
  expect(items[0]).toMatchObject({ title: expect.any(String), count: 2 });
  const one = await room.ask("/v1/symbol-lists/indices");
  expect(namedSymbolsSchema.parse(one.json())).toMatchObject({ name: "indices", symbols: ["IXIC", "SPX"] });
  const none = await room.ask("/v1/symbol-lists/indexes");
  expect([none.status, none.problem().detail]).toEqual([
    404,
    expect.stringContaining("did you mean indices?"),
  ]);
});

test("the lists of the examples name symbols that there are, and no others", async () => {
  const known = await createCsvMarketData("examples/market-data").listSymbols();
  const symbols = new Set(known.map(({ symbol }) => symbol));
  const lists = openSymbolLists({ MARKET_DATA: "csv", MARKET_DATA_DIR: "examples/market-data" });
  for (const list of lists.all()) expect(list.symbols.filter((symbol) => !symbols.has(symbol))).toEqual([]);
});

describe("a file of lists that is not valid keeps the API from starting, and the error says why", () => {
  const cases: [string, unknown, string][] = [
    ["no JSON", "{", "JSON"],
    ["no lists", "{}", "lists"],
    ["a symbol twice", '{"lists": {"tech": {"symbols": ["AAPL", "AAPL"]}}}', "must name each symbol once"],
    ["no symbols", '{"lists": {"tech": {"symbols": []}}}', "lists.tech.symbols"],
    ["a name with a space", '{"lists": {"big tech": {"symbols": ["AAPL"]}}}', '"big tech" must be a name'],
    ["a field that is not known", '{"lists": {"tech": {"symbols": ["AAPL"], "titel": "T"}}}', "titel"],
  ];
  test.each(cases)("%s", async (_what, text, why) => {
    const directory = await directoryWith({ "lists.json": String(text) });
    const SYMBOL_LISTS_FILE = join(directory, "lists.json");
    const open = () => openSymbolLists({ SYMBOL_LISTS_FILE, MARKET_DATA: "firestore", MARKET_DATA_DIR: "" });
    expect(open).toThrow(SYMBOL_LISTS_FILE);
    expect(open).toThrow(why);
  });

  test("it is not there", () => {
    const config = {
      SYMBOL_LISTS_FILE: "/nowhere/lists.json",
      MARKET_DATA_DIR: "",
      MARKET_DATA: "csv",
    } as const;
    expect(() => openSymbolLists(config)).toThrow("ENOENT");
  });
});
