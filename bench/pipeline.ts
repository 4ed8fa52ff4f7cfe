/** Jobs per second through the whole pipeline, beside the executor called directly with the same requests. */
import { createExecutorClient } from "../src/shared/executor/grpc-executor-client.ts";
import { createLogger } from "../src/shared/logging.ts";
import { createCsvMarketData } from "../src/shared/market-data/csv-market-data.ts";
import { selectWindow } from "../src/shared/market-data/window.ts";
import { type Stack, startStack } from "../test/support/start-stack.ts";
import { inParallel, timed, treeCpuSeconds } from "./measure.ts";
import type { Row, Table } from "./report.ts";
import { oneYearJob } from "./strategies.ts";

const JOBS = 400;
const ROUNDS = 3;
const AT_ONCE = 8;

interface Run {
  perSecond: number;
  stolen: number;
  cpuMs: Record<string, number>;
}

export async function benchPipeline(): Promise<Table> {
  const stack = await startStack({ environment: { LOG_LEVEL: "warn" } });
  try {
    await direct(stack, 50);
    await throughPipeline(stack, 50);
    const runs: { direct: Run; pipeline: Run }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      runs.push({ direct: await direct(stack, JOBS), pipeline: await throughPipeline(stack, JOBS) });
    }
    runs.sort((a, b) => ratioOf(a) - ratioOf(b));
    const middle = runs[Math.floor(ROUNDS / 2)];
    if (middle === undefined) throw new Error("no round was run");
    const ratio = ratioOf(middle);
    return {
      name: "pipeline",
      title: `Form 2, 252 bars: ${JOBS} jobs, median of ${ROUNDS} rounds by ratio`,
      rows: [
        rowOf("executor called directly", middle.direct),
        {
          ...rowOf("POST -> queue -> worker -> executor -> store", middle.pipeline),
          target: `>= 0.8 of direct: ${ratio.toFixed(2)}`,
          reached: ratio >= 0.8,
        },
      ],
    };
  } finally {
    await stack.stop();
  }
}

function ratioOf(run: { direct: Run; pipeline: Run }): number {
  return run.pipeline.perSecond / run.direct.perSecond;
}

function rowOf(what: string, { perSecond, stolen, cpuMs }: Run): Row {
  const parts = Object.entries(cpuMs).map(([part, ms]) => [`${part} CPU ms`, ms] as const);
  return { what, figures: { "jobs/s": perSecond, "stolen s": stolen, ...Object.fromEntries(parts) } };
}

function pidsOf(stack: Stack): Record<string, number> {
  const worker = stack.workers[0];
  return {
    executor: stack.executor.pid,
    worker: worker?.pid ?? 0,
    api: stack.api.pid,
    valkey: stack.valkey.pid,
  };
}

async function withCpu(stack: Stack, jobs: number, work: () => Promise<void>): Promise<Run> {
  const pids = pidsOf(stack);
  const before = Object.entries(pids).map(([part, pid]) => [part, treeCpuSeconds(pid)] as const);
  const { seconds, stolen } = await timed(work);
  const cpuMs = Object.fromEntries(
    before.map(([part, cpu]) => [part, ((treeCpuSeconds(pids[part] ?? 0) - cpu) * 1000) / jobs]),
  );
  return { perSecond: jobs / seconds, stolen, cpuMs };
}

async function direct(stack: Stack, jobs: number): Promise<Run> {
  const request = oneYearJob();
  const client = createExecutorClient(
    { EXECUTOR_TARGETS: [stack.executor.target], EXECUTOR_TLS: false },
    createLogger("bench", "silent"),
  );
  const series = selectWindow(
    await createCsvMarketData("examples/market-data").loadSeries("AAPL", "1D"),
    request,
  );
  try {
    return await withCpu(stack, jobs, () =>
      inParallel(jobs, AT_ONCE, async () => {
        const execution = {
          owner: "bench",
          code: request.strategy.code,
          parameters: {},
          series,
          options: {},
        };
        const outcome = await client.execute(execution, { requestId: "bench" });
        if (!outcome.succeeded) throw new Error(outcome.failure.message);
      }),
    );
  } finally {
    client.close();
  }
}

/** From the first POST to the moment at which every job has its terminal state in the store. */
async function throughPipeline(stack: Stack, jobs: number): Promise<Run> {
  const { strategy, symbol, start, end } = oneYearJob();
  const body = JSON.stringify({ strategy: { code: strategy.code }, symbol, start, end });
  return await withCpu(stack, jobs, () =>
    inParallel(jobs, jobs, async () => {
      const answer = await fetch(`${stack.url}/v1/jobs`, {
        method: "POST",
        headers: { "content-type": "application/json", prefer: "wait=30" },
        body,
        signal: AbortSignal.timeout(60_000),
      });
      const job = (await answer.json()) as { status: string };
      if (job.status !== "succeeded")
        throw new Error(`a job answered ${answer.status}: ${JSON.stringify(job)}`);
    }),
  );
}
