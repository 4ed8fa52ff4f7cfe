/** Owners beside each other: equal shares, a single job behind a backlog, small sweeps beside a large one. */
import { join } from "node:path";
import { createApiKey } from "../src/shared/api-keys/change-keys.ts";
import { isTerminal, type Job } from "../src/shared/contract/job.ts";
import { temporaryDirectory } from "../test/support/part.ts";
import { startStack } from "../test/support/start-stack.ts";
import { inParallel, pause, spreadOf, stolenSeconds, timed } from "./measure.ts";
import { OwnerClient } from "./owner-client.ts";
import type { Row, Table } from "./report.ts";

const SLOTS = 3;
const ALIKE_OWNERS = 9;
const JOBS_EACH = 120;
const BACKLOG_JOBS = 2_000;
const SINGLES = 60;
/** A sweep of 10,000 cells is over before a p99 of its singles is known. */
const SWEEPS = 4;
const GAP_MS = 20;
const SMALL_SWEEPS = 4;
const SMALL_SWEEP_ROUNDS = 7;
const SETTLE_MS = 120_000;

export async function benchFairness(): Promise<Table> {
  const directory = temporaryDirectory();
  const keys = join(directory.path, "api-keys.json");
  const environment = { LOG_LEVEL: "warn", AUTH: "api-keys", API_KEYS_FILE: keys, RATE_LIMIT_REQUESTS: "0" };
  const owners = await Promise.all(
    ["heavy", "light", ...names(ALIKE_OWNERS)].map(
      async (owner) => (await createApiKey(keys, { owner })).key,
    ),
  );
  const stack = await startStack({ environment, slots: SLOTS });
  try {
    const clients = owners.map((key) => new OwnerClient(stack.url, key));
    const [heavy, light, ...alike] = clients;
    if (heavy === undefined || light === undefined) throw new Error("no owners");
    return {
      name: "fairness",
      title: `Owners beside each other, one worker, one executor of ${SLOTS} slots, one of them for single jobs alone`,
      rows: [
        await equalShares(alike),
        ...(await singleBehindBacklog(heavy, light)),
        await smallSweepsBesideLarge(heavy, alike.slice(0, SMALL_SWEEPS)),
      ],
    };
  } finally {
    await stack.stop();
    directory.remove();
  }
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `owner-${index}`);
}

/** One owner's jobs all before the next one's: in order of arrival the last would get nothing for a long while. */
async function equalShares(owners: readonly OwnerClient[]): Promise<Row> {
  const stolenBefore = stolenSeconds();
  for (const owner of owners) {
    await inParallel(JOBS_EACH, 20, async () => {
      await owner.submit();
    });
  }
  const from = Date.now();
  const ended = await Promise.all(owners.map(allEnded));
  // While all have work: from the last submission until the first owner has none left.
  const until = Math.min(...ended.map((jobs) => Math.max(...jobs.map(finishedAt))));
  const shares = ended.map((jobs) =>
    jobs
      .filter((job) => finishedAt(job) >= from && finishedAt(job) <= until)
      .reduce((sum, job) => sum + (job.timings?.cpuMs ?? 0), 0),
  );
  const index = jain(shares);
  return {
    what: `${owners.length} owners alike, ${JOBS_EACH} jobs each, one after another`,
    figures: {
      "Jain index": index,
      "least CPU ms": Math.min(...shares),
      "most CPU ms": Math.max(...shares),
      "stolen s": stolenSeconds() - stolenBefore,
    },
    target: "Jain index >= 0.99 over CPU time",
    reached: index >= 0.99,
  };
}

async function allEnded(owner: OwnerClient): Promise<Job[]> {
  for (const deadline = Date.now() + SETTLE_MS; Date.now() < deadline; await pause(200)) {
    const jobs = await owner.jobs();
    if (jobs.every(({ status }) => isTerminal(status))) return jobs;
  }
  throw new Error("jobs did not end");
}

function finishedAt(job: Job): number {
  return Date.parse(job.finishedAt ?? "");
}

/** Jain, Chiu and Hawe (1984): 1 for equal shares, 1/n if one has all. */
function jain(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  return sum ** 2 / (shares.length * shares.reduce((total, share) => total + share ** 2, 0));
}

async function singleBehindBacklog(heavy: OwnerClient, light: OwnerClient): Promise<Row[]> {
  await singles(light, 300);
  const idle = summary(await singles(light, SWEEPS * SINGLES));
  const ids: string[] = [];
  await inParallel(BACKLOG_JOBS, 50, async () => {
    ids.push(await heavy.submit());
  });
  const behindJobs = summary(await singles(light, SINGLES));
  await heavy.cancelWaiting(ids);
  await allEnded(heavy);
  const behind = [];
  for (let count = 0; count < SWEEPS; count += 1) {
    const sweep = await heavy.sweep(100, 100);
    behind.push(await singles(light, SINGLES));
    await heavy.sweepTook(sweep);
  }
  const behindCells = summary(behind.reduce(together));
  return [
    { what: "single job, idle stack", figures: idle },
    // No target: single jobs of another owner hold every slot, and one of them has to end first.
    besideIdle(
      `single job behind ${BACKLOG_JOBS.toLocaleString("en-US")} jobs of another owner`,
      behindJobs,
      idle,
    ),
    {
      ...besideIdle("single job behind 10,000 cells of another owner", behindCells, idle),
      target: "<= 2x idle at p50, <= 4x at p99",
      reached: behindCells["p50 ms"] <= 2 * idle["p50 ms"] && behindCells["p99 ms"] <= 4 * idle["p99 ms"],
    },
  ];
}

interface Singles {
  samples: number[];
  stolen: number;
}
type Latencies = { "p50 ms": number; "p99 ms": number; "stolen s": number };

async function singles(owner: OwnerClient, count: number): Promise<Singles> {
  const samples: number[] = [];
  const stolenBefore = stolenSeconds();
  for (let index = 0; index < count; index += 1) {
    await pause(GAP_MS);
    samples.push(await owner.single());
  }
  return { samples, stolen: stolenSeconds() - stolenBefore };
}

function together(one: Singles, other: Singles): Singles {
  return { samples: [...one.samples, ...other.samples], stolen: one.stolen + other.stolen };
}

function summary({ samples, stolen }: Singles): Latencies {
  const { p50, p99 } = spreadOf(samples);
  return { "p50 ms": p50, "p99 ms": p99, "stolen s": stolen };
}

function besideIdle(what: string, figures: Latencies, idle: Latencies): Row {
  const ratios = {
    "x idle p50": figures["p50 ms"] / idle["p50 ms"],
    "x idle p99": figures["p99 ms"] / idle["p99 ms"],
  };
  return { what, figures: { ...figures, ...ratios } };
}

async function smallSweepsBesideLarge(heavy: OwnerClient, owners: readonly OwnerClient[]): Promise<Row> {
  const four = async (): Promise<number> => {
    const took = await Promise.all(owners.map(async (owner) => owner.sweepTook(await owner.sweep(15, 10))));
    return Math.max(...took);
  };
  const round = async (): Promise<{ alone: number; beside: number; stolen: number; ratio: number }> => {
    const alone = await four();
    const large = await heavy.sweep(60, 40);
    const { result: beside, stolen } = await timed(four);
    await heavy.sweepTook(large);
    return { alone, beside, stolen, ratio: beside / alone };
  };
  await round();
  const rounds = [];
  for (let count = 0; count < SMALL_SWEEP_ROUNDS; count += 1) rounds.push(await round());
  const middle = rounds.sort((a, b) => a.ratio - b.ratio)[Math.floor(SMALL_SWEEP_ROUNDS / 2)];
  if (middle === undefined) throw new Error("no round was run");
  const { alone, beside, stolen, ratio } = middle;
  return {
    what: `four sweeps of 150 cells, beside one of 2,400; median of ${SMALL_SWEEP_ROUNDS} rounds by ratio`,
    figures: { "alone ms": alone, "beside ms": beside, "stolen s": stolen },
    target: `<= 1.5x of the four alone: ${ratio.toFixed(2)}`,
    reached: ratio <= 1.5,
  };
}
