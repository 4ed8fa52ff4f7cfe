/** 2,520 daily bars from Firestore's emulator in both layouts, and from CSV: documents read, milliseconds, bytes. */

import { openDatabase } from "../src/shared/job-store/firestore/open-database.ts";
import { createLogger } from "../src/shared/logging.ts";
import { createCsvMarketData } from "../src/shared/market-data/csv-market-data.ts";
import { BarDocuments } from "../src/shared/market-data/firestore/bar-documents.ts";
import { createFirestoreMarketData } from "../src/shared/market-data/firestore/firestore-market-data.ts";
import { SeriesDocuments } from "../src/shared/market-data/firestore/series-documents.ts";
import type { MarketDataSource } from "../src/shared/market-data/series.ts";
import { startFirestoreEmulator } from "../test/support/start-firestore-emulator.ts";
import { spreadOf, timed } from "./measure.ts";
import { meterPort } from "./metered-port.ts";
import type { Row, Table } from "./report.ts";

const BARS = 2_520;
const WARM_UP = 5;
const LOADS = 20;
const PACKED = "PACKED";
const ONE_A_BAR = "BARS";

export async function benchMarketData(): Promise<Table> {
  const emulator = await startFirestoreEmulator();
  const meter = await meterPort(emulator.host);
  const { db, close } = openDatabase({ projectId: emulator.projectId, emulatorHost: meter.host });
  try {
    const csv = createCsvMarketData("examples/market-data");
    const { timestampMs, open, high, low, close: last, volume } = await csv.loadSeries("AAPL", "1D");
    const columns = [open, high, low, last].map((column) => column.slice(-BARS));
    const [opens, highs, lows, closes] = columns;
    if (!opens || !highs || !lows || !closes) throw new Error("There are four columns of prices");
    const prices = { open: opens, high: highs, low: lows, close: closes };
    const times = { timestampMs: timestampMs.slice(-BARS), volume: volume.slice(-BARS) };
    const bars = { length: BARS, ...prices, ...times };
    const documents = new BarDocuments(db);
    for (let next = 0; next < BARS; ) next = await documents.write(ONE_A_BAR, "1D", bars, next);
    await new SeriesDocuments(db).write(PACKED, "1D", bars);
    const firestore = createFirestoreMarketData(db, createLogger("bench", "silent"), 20_000);
    return {
      name: "market-data",
      title: `${BARS.toLocaleString("en-US")} daily bars loaded without cache, Firestore's emulator and one connection`,
      rows: [
        await row("packed, one document", () => load(firestore, PACKED), 1, meter.received),
        await row("one document a bar", () => load(firestore, ONE_A_BAR), BARS + 1, meter.received),
        await row(
          "CSV file of 3,270 bars",
          () => load(csv, "AAPL"),
          0,
          () => 0,
        ),
      ],
    };
  } finally {
    await close();
    meter.close();
    await emulator.stop();
  }
}

/** `reads`: as test/market-data/firestore-market-data.test.ts counts them; a document that is not there is one too. */
async function row(
  what: string,
  work: () => Promise<void>,
  reads: number,
  received: () => number,
): Promise<Row> {
  for (let round = 0; round < WARM_UP; round++) await work();
  received();
  const samples: number[] = [];
  const { stolen } = await timed(async () => {
    for (let round = 0; round < LOADS; round++) samples.push((await timed(work)).seconds * 1_000);
  });
  const { p50, max } = spreadOf(samples);
  const kB = received() / LOADS / 1_000;
  return { what, figures: { "documents read": reads, "p50 ms": p50, "max ms": max, kB, "stolen s": stolen } };
}

async function load(source: MarketDataSource, symbol: string): Promise<void> {
  const { length } = await source.loadSeries(symbol, "1D");
  if (length < BARS) throw new Error(`${symbol} has ${length} bars`);
}
