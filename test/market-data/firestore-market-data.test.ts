import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ROOT } from "../../src/local/paths.ts";
import { openDatabase } from "../../src/shared/job-store/firestore/open-database.ts";
import { createLogger } from "../../src/shared/logging.ts";
import { cacheSeries } from "../../src/shared/market-data/cached-market-data.ts";
import { createCsvMarketData } from "../../src/shared/market-data/csv-market-data.ts";
import { BarDocuments } from "../../src/shared/market-data/firestore/bar-documents.ts";
import { createFirestoreMarketData } from "../../src/shared/market-data/firestore/firestore-market-data.ts";
import { SeriesDocuments } from "../../src/shared/market-data/firestore/series-documents.ts";
import { emptyBars, type MarketDataSource } from "../../src/shared/market-data/series.ts";
import { countCalls } from "../firestore/count-calls.ts";
import { newProject } from "../job-store/firestore-under-test.ts";
import {
  emulatorIsMissing,
  type FirestoreEmulatorPart,
  startFirestoreEmulator,
} from "../support/start-firestore-emulator.ts";
import { failureOf } from "./failures.ts";

const csv = createCsvMarketData(join(ROOT, "examples/market-data"));
const DAY = 86_400_000;
const NONE = { commits: 0, writes: 0, deletes: 0, reads: 0, queries: 0 };

describe.skipIf(emulatorIsMissing())("market data in Firestore", () => {
  let emulator: FirestoreEmulatorPart;
  let database: ReturnType<typeof openDatabase>;
  let packed: SeriesDocuments;
  let bars: BarDocuments;
  let source: MarketDataSource;

  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
    database = openDatabase({ projectId: newProject(), emulatorHost: emulator.host });
    packed = new SeriesDocuments(database.db);
    bars = new BarDocuments(database.db);
    for (const symbol of ["AAPL", "FB"]) await packed.write(symbol, "1D", await csv.loadSeries(symbol, "1D"));
    const spx = await csv.loadSeries("SPX", "1D");
    for (let next = 0; next < spx.length; ) next = await bars.write("SPX", "1D", spx, next);
  });
  beforeEach(() => {
    source = createFirestoreMarketData(database.db, createLogger("test", "silent"), 20_000);
  });
  afterAll(async () => {
    await database.close();
    await emulator.stop();
  });

  test("a packed series is the one that the CSV file has, for one read", async () => {
    const expected = await csv.loadSeries("AAPL", "1D");
    const calls = await countCalls(async () =>
      expect(await source.loadSeries("AAPL", "1D")).toEqual(expected),
    );
    expect(calls).toEqual({ ...NONE, reads: 1 });
  });

  test("of one document a bar the newest 3,000 are read with one query, and older ones for who asks", async () => {
    const whole = await csv.loadSeries("SPX", "1D");
    let series = whole;
    const calls = await countCalls(async () => {
      series = await source.loadSeries("SPX", "1D");
    });
    expect(calls).toEqual({ ...NONE, reads: 1, queries: 1 });
    expect(series.close).toEqual(whole.close.slice(-3_000));
    expect(series.timestampMs).toEqual(whole.timestampMs.slice(-3_000));
    const [fromMs, toMs] = [whole.timestampMs[10], whole.timestampMs[509]].map(Number);
    const older = await series.older?.({ fromMs, toMs });
    expect(older?.close).toEqual(whole.close.slice(10, 510));
    expect(older?.volume).toEqual(whole.volume.slice(10, 510));
    const tooMany = await failureOf(series.older?.({ fromMs }) ?? Promise.resolve());
    expect(tooMany).toMatchObject({ class: "user", code: "no_bars_in_window" });
    expect(tooMany.message).toContain("more than 3000 bars of SPX (1D)");
  });

  test("symbols are listed from both layouts, and what is not there is named", async () => {
    const listed = await source.listSymbols();
    const expected = await csv.listSymbols();
    const there = ["AAPL", "FB", "SPX"];
    expect(listed).toEqual(expected.filter(({ symbol }) => there.includes(symbol)));
    expect(await source.describeSymbol("SPX")).toEqual(await csv.describeSymbol("SPX"));
    expect(await source.describeSymbol("NONE")).toBeUndefined();
    expect(await failureOf(source.loadSeries("SPY", "1D"))).toMatchObject({
      code: "unknown_symbol",
      hint: "did you mean SPX?",
    });
    expect(await failureOf(source.seriesVersion("AAPL", "1h"))).toMatchObject({ code: "unknown_timeframe" });
    const repeated = await countCalls(() => source.listSymbols());
    expect(repeated).toEqual(NONE);
  });

  test("a series kept in memory is read again once it was packed anew or a bar was added", async () => {
    const kept = cacheSeries(source, 10_000_000, { recheckMs: 0 });
    const fb = await csv.loadSeries("FB", "1D");
    await packed.write("NEW", "1D", fb);
    expect((await kept.loadSeries("NEW", "1D")).length).toBe(fb.length);
    const unchanged = await countCalls(() => kept.loadSeries("NEW", "1D"));
    expect(unchanged).toEqual({ ...NONE, reads: 1 });
    await packed.write("NEW", "1D", { ...(await csv.loadSeries("GOOG", "1D")) });
    expect((await kept.loadSeries("NEW", "1D")).length).toBe(2_148);

    const two = { ...emptyBars(2), timestampMs: BigInt64Array.of(0n, BigInt(DAY)) };
    await bars.write("BARS", "1h", { ...two, length: 1 }, 0);
    expect((await kept.loadSeries("BARS", "1h")).length).toBe(1);
    await bars.write("BARS", "1h", two, 1);
    expect((await kept.loadSeries("BARS", "1h")).length).toBe(2);
  });

  test("a series too large for a document lies in blocks, which go when it is replaced", async () => {
    const many = emptyBars(60_000);
    for (let index = 0; index < many.length; index++) {
      many.timestampMs[index] = BigInt(index * 60_000);
      many.open[index] = Math.random();
    }
    many.high.set(many.open);
    many.low.set(many.open);
    many.close.set(many.open.map((open) => open + Math.random()));
    expect(await packed.write("MANY", "1m", many)).toBe(true);
    const blocks = database.db.collection("series/MANY_1m/blocks");
    const count = async (): Promise<number> => (await blocks.count().get()).data().count;
    expect(await count()).toBeGreaterThan(1);
    expect((await source.loadSeries("MANY", "1m")).close).toEqual(many.close);
    expect(await packed.write("MANY", "1m", many)).toBe(false);
    const first = (await blocks.limit(1).get()).docs[0];
    await first?.ref.update({ bytes: Buffer.from("x") });
    expect(await failureOf(source.loadSeries("MANY", "1m"))).toMatchObject({ code: "market_data_invalid" });
    await packed.write("MANY", "1m", await csv.loadSeries("FB", "1D"));
    expect(await count()).toBe(0);
    expect((await source.loadSeries("MANY", "1m")).length).toBe(196);
  });

  test.each([
    ["bars out of order", { timestampMs: BigInt64Array.of(BigInt(DAY), 0n) }],
    ["a price that is none", { close: Float64Array.of(1, Number.NaN) }],
  ])("%s fail the job as the platform's fault and never reach a strategy", async (_, wrong) => {
    const two = { ...emptyBars(2), timestampMs: BigInt64Array.of(0n, BigInt(DAY)), ...wrong };
    await packed.write("BAD", "1W", two);
    expect(await failureOf(source.loadSeries("BAD", "1W"))).toMatchObject({
      class: "platform",
      code: "market_data_invalid",
      message: "The stored market data of BAD (1W) is not valid.",
    });
  });

  test("a document that is no bar is not taken for one", async () => {
    await database.db
      .doc("marketdata/ODD_1_1D")
      .set({ symbol: "ODD", timeframe: "1D", timestamp: 1, open: "?" });
    expect(await failureOf(source.loadSeries("ODD", "1D"))).toMatchObject({ code: "market_data_invalid" });
  });

  test("while Firestore does not answer nobody waits for longer than the deadline", async () => {
    const hurried = createFirestoreMarketData(database.db, createLogger("test", "silent"), 300);
    emulator.signal("SIGSTOP");
    try {
      await expect(hurried.loadSeries("AAPL", "1D")).rejects.toMatchObject({ name: "StoreUnavailableError" });
      await expect(hurried.listSymbols()).rejects.toMatchObject({ name: "StoreUnavailableError" });
    } finally {
      emulator.signal("SIGCONT");
    }
  });
});
