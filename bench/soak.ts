/** A long life: thousands of executions of all kinds, after which the executor must hold no more than before. */
import { createExecutorClient } from "../src/shared/executor/grpc-executor-client.ts";
import type { ExecutionOutcome, ExecutorClient } from "../src/shared/executor/port.ts";
import { createLogger } from "../src/shared/logging.ts";
import { createCsvMarketData } from "../src/shared/market-data/csv-market-data.ts";
import type { Series } from "../src/shared/market-data/series.ts";
import { selectWindow } from "../src/shared/market-data/window.ts";
import { temporaryDirectory } from "../test/support/part.ts";
import { startExecutor } from "../test/support/start-executor.ts";
import { type Held, heldBy, whenIdle } from "./held.ts";
import { inParallel, pause, timed } from "./measure.ts";
import type { Row, Table } from "./report.ts";
import { SMA_COLUMN, SMA_EVERY_BAR } from "./strategies.ts";

const EXECUTIONS = 20_000;
const FEWEST = 200;
const ROUNDS = 20;
/** Rounds that are warm-up: allocators and caches reach their size. */
const WARM_UP = 4;
const CALLERS = 4;
const SLOTS = 2;
/** Server, zygote, and a child waiting for each slot and one ahead. */
const IDLE_PROCESSES = 2 + SLOTS + 1;
const SOURCES = 200;
/** Its socket and its process. */
const DESCRIPTORS_OF_A_CHILD = 2;
const MOST_SERVER_MB = 8;
const MOST_ZYGOTE_MB = 4;

interface Kind {
  code: (index: number) => string;
  /** One of so many calls is cancelled while it runs. */
  cancelled?: boolean;
  /** The failure's code; a success if undefined. */
  fails?: string;
}

const KINDS: Kind[] = [
  { code: () => SMA_EVERY_BAR },
  { code: () => SMA_COLUMN },
  { code: (index) => `${SMA_COLUMN}# source ${index % SOURCES}\n` },
  {
    code: () =>
      `def strategy(data):\n    print(len(data))\n    plot(data["close"], "close")\n    return "BUY"\n`,
  },
  { code: () => `def strategy(data):\n    return data["Close"]\n`, fails: "exception" },
  { code: () => "def strategy(data):\n    bytearray(1 << 31)\n", fails: "memory" },
  { code: () => "import os\nplot(df.close, 'c')\n", fails: "import_not_allowed" },
  { code: () => "def strategy(data):\n    while True:\n        pass\n", cancelled: true },
];

/** `executions` is how many there are in all, 20,000 unless told. */
export async function benchSoak(executions = EXECUTIONS): Promise<Table> {
  if (executions < FEWEST) throw new Error(`a soak needs at least ${FEWEST} executions`);
  const temporary = temporaryDirectory();
  const executor = await startExecutor({
    slots: SLOTS,
    switches: ["--line", "64", "--recycle-after-executions", String(2 * executions)],
    environment: { TMPDIR: temporary.path },
  });
  const client = createExecutorClient(
    { EXECUTOR_TARGETS: [executor.target], EXECUTOR_TLS: false },
    createLogger("bench", "silent"),
  );
  try {
    const aapl = await createCsvMarketData("examples/market-data").loadSeries("AAPL", "1D");
    const series = selectWindow(aapl, { start: "2011-03-01", end: "2013-03-01" });
    const perRound = Math.ceil(executions / ROUNDS);
    const samples: Held[] = [];
    const wrong = { count: 0, first: "" };
    const { seconds } = await timed(async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await inParallel(perRound, CALLERS, async (index) => {
          const fault = await executeOne(client, series, index);
          if (fault === "") return;
          wrong.count += 1;
          wrong.first ||= fault;
        });
        await whenIdle(executor.pid, IDLE_PROCESSES, IDLE_PROCESSES + SLOTS);
        const held = heldBy(executor.pid, temporary.path);
        samples.push(held);
        console.log(progress(round, perRound, held, wrong.count));
      }
    });
    const done = perRound * ROUNDS;
    return {
      name: "soak",
      title: `${done.toLocaleString("en-US")} executions in ${Math.round(seconds)} s, ${CALLERS} callers, ${SLOTS} slots; what the idle executor holds`,
      rows: [...growth(samples), answers(wrong)],
      mustReach: true,
    };
  } finally {
    client.close();
    await executor.stop();
    temporary.remove();
  }
}

/** What was wrong with one execution, "" for nothing. */
async function executeOne(client: ExecutorClient, series: Series, index: number): Promise<string> {
  const kind = KINDS[index % KINDS.length];
  if (kind === undefined) return "no such kind";
  const request = { owner: "bench", code: kind.code(index), parameters: {}, series, options: {} };
  const cancel = new AbortController();
  const call = client.execute(request, { requestId: "soak", signal: cancel.signal });
  if (kind.cancelled === true) return await isCancelled(call, cancel);
  try {
    const outcome = await call;
    const ended = outcome.succeeded ? undefined : outcome.failure.code;
    return ended === kind.fails ? "" : `${ended ?? "a success"} instead of ${kind.fails ?? "a success"}`;
  } catch (error) {
    return String(error);
  }
}

async function isCancelled(call: Promise<ExecutionOutcome>, cancel: AbortController): Promise<string> {
  const ended = call.then(
    () => "an endless strategy ended",
    () => "",
  );
  await pause(20);
  cancel.abort();
  return await ended;
}

function progress(round: number, perRound: number, held: Held, wrong: number): string {
  const memory = `server ${held.serverMb.toFixed(1)} MB, zygote ${held.zygoteMb.toFixed(1)} MB`;
  const counts = `${held.serverDescriptors} descriptors, ${held.processes} processes, ${wrong} wrong`;
  return `  after ${(round + 1) * perRound}: ${memory}, ${counts}`;
}

function growth(samples: Held[]): Row[] {
  const row = (what: string, of: keyof Held, most: number, unit = ""): Row => {
    const figures = samples.map((sample) => sample[of]);
    const begin = figures[WARM_UP - 1] ?? Number.NaN;
    const end = figures.at(-1) ?? Number.NaN;
    return {
      what,
      figures: { first: figures[0] ?? Number.NaN, "after warm-up": begin, most: Math.max(...figures), end },
      target: `grows by at most ${most}${unit}`,
      reached: end - begin <= most,
    };
  };
  return [
    row("server, MB", "serverMb", MOST_SERVER_MB, " MB"),
    row("zygote, MB", "zygoteMb", MOST_ZYGOTE_MB, " MB"),
    row("server, descriptors", "serverDescriptors", SLOTS * DESCRIPTORS_OF_A_CHILD),
    row("zygote, descriptors", "zygoteDescriptors", 0),
    // A call that is cancelled while it waits for a child leaves that child waiting, for the next call to take.
    row("processes", "processes", SLOTS),
    row("temporary files", "temporaryFiles", 0),
    {
      what: "zygotes",
      figures: { end: new Set(samples.map(({ zygotePid }) => zygotePid)).size },
      target: "the same one all the time",
      reached: new Set(samples.map(({ zygotePid }) => zygotePid)).size === 1,
    },
  ];
}

function answers(wrong: { count: number; first: string }): Row {
  return {
    what: `wrong answers${wrong.first && `, the first: ${wrong.first}`}`,
    figures: { end: wrong.count },
    target: "none",
    reached: wrong.count === 0,
  };
}
