/** `npm run market-data -- list | import | pack`: the bars in Firestore that API and worker read with MARKET_DATA=firestore. */
import { Command, Option } from "commander";
import { readStoredMarketDataConfig } from "../shared/config.ts";
import { openDatabase } from "../shared/job-store/firestore/open-database.ts";
import { BarDocuments } from "../shared/market-data/firestore/bar-documents.ts";
import { listStoredSeries } from "../shared/market-data/firestore/catalogue.ts";
import { SeriesDocuments } from "../shared/market-data/firestore/series-documents.ts";
import { importCsv } from "./import-csv.ts";
import { packBars } from "./pack-bars.ts";
import { Progress } from "./progress.ts";
import { seriesTable } from "./series-table.ts";

interface ChangeOptions {
  symbols?: string[];
  dryRun?: true;
}

const SYMBOLS_OPTION = new Option("--symbols <list>", "only these, comma-separated").argParser(
  (text: string) => text.split(",").map((symbol) => symbol.trim()),
);
const DRY_RUN_OPTION = new Option("--dry-run", "say what would be done, write nothing");

const config = readStoredMarketDataConfig(process.env);

/** Opens the database, does the work, closes it; a change tells how each series went and what it cost. */
async function withDatabase(
  work: (packed: SeriesDocuments, bars: BarDocuments) => Promise<void>,
): Promise<void> {
  const { db, close } = openDatabase({
    projectId: config.FIRESTORE_PROJECT ?? config.GOOGLE_CLOUD_PROJECT,
    emulatorHost: config.FIRESTORE_EMULATOR_HOST,
  });
  try {
    await work(new SeriesDocuments(db), new BarDocuments(db));
  } finally {
    await close();
  }
}

function buildCommand(): Command {
  const program = new Command("market-data")
    .description(
      "Fills Firestore with bars and shows what is there. FIRESTORE_PROJECT and credentials, or " +
        "FIRESTORE_EMULATOR_HOST, say where. What was interrupted goes on when it is typed again.",
    )
    .helpOption("--help", "show this help")
    .helpCommand(false);

  program
    .command("list")
    .description("show every series with its layout, bars, range and size")
    .action(() =>
      withDatabase(async (packed, bars) => {
        const stored = await listStoredSeries(packed, bars);
        if (stored.length === 0) console.error("There are no bars: import some.");
        else console.log(seriesTable(stored));
      }),
    );

  program
    .command("import")
    .description("write the CSV files of a directory; series that are stored as they are in the file stay")
    .option("--directory <path>", "as examples/market-data/SOURCES.md shows them", config.MARKET_DATA_DIR)
    .addOption(
      new Option(
        "--layout <name>",
        "packed: a document a series; bars: a document a bar, as existing platforms have it",
      )
        .choices(["packed", "bars"])
        .default("packed"),
    )
    .addOption(SYMBOLS_OPTION)
    .addOption(DRY_RUN_OPTION)
    .action((options: ChangeOptions & { directory: string; layout: "packed" | "bars" }) =>
      withDatabase((packed, bars) => importCsv({ packed, bars, progress: new Progress(options) }, options)),
    );

  program
    .command("pack")
    .description("read what is one document a bar and write it packed; the bars stay")
    .option("--force", "also series whose packed form has the same number of bars and the same last one")
    .addOption(SYMBOLS_OPTION)
    .addOption(DRY_RUN_OPTION)
    .action((options: ChangeOptions & { force?: true }) =>
      withDatabase((packed, bars) => packBars({ packed, bars, progress: new Progress(options) }, options)),
    );
  return program;
}

try {
  await buildCommand().parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
