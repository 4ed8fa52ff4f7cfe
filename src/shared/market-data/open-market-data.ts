import type { MarketDataConfig } from "../config.ts";
import type { Logger } from "../logging.ts";
import { createCsvMarketData } from "./csv-market-data.ts";
import type { MarketDataSource } from "./series.ts";

export interface OpenMarketData {
  source: MarketDataSource;
  /** For so long a series that was read is taken as unchanged; asking Firestore costs one or two reads. */
  recheckMs: number;
  close(): Promise<void>;
}

/** A load is 3,000 documents at worst, a call of the job store one or a few. */
const LOAD_DEADLINES = 4;

/** The market data source that the configuration names. It is reached with the first call. */
export async function openMarketData(config: MarketDataConfig, logger: Logger): Promise<OpenMarketData> {
  switch (config.MARKET_DATA) {
    case "csv": {
      const source = createCsvMarketData(config.MARKET_DATA_DIR, logger);
      return { source, recheckMs: 1_000, close: async () => undefined };
    }
    case "firestore": {
      // An installation on CSV need not load Google's libraries.
      const { openDatabase } = await import("../job-store/firestore/open-database.ts");
      const { createFirestoreMarketData } = await import("./firestore/firestore-market-data.ts");
      const { db, close } = openDatabase({
        projectId: config.FIRESTORE_PROJECT ?? config.GOOGLE_CLOUD_PROJECT,
        emulatorHost: config.FIRESTORE_EMULATOR_HOST,
      });
      const source = createFirestoreMarketData(db, logger, LOAD_DEADLINES * config.STORE_DEADLINE_MS);
      return { source, recheckMs: 60_000, close };
    }
  }
}
