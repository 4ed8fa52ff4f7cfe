/** Jobs per second through the whole pipeline, beside the executor called directly with the same requests. */
import { Agent, request as httpRequest } from "node:http";
import { isTerminal, jobSchema } from "../src/shared/contract/job.ts";
import { createExecutorClient } from "../src/shared/executor/grpc-executor-client.ts";
import { createLogger } from "../src/shared/logging.ts";
import { createCsvMarketData } from "../src/shared/market-data/csv-market-data.ts";
import { selectWindow } from "../src/shared/market-data/window.ts";
import { createEventSubscriber } from "../src/shared/queue/event-channel.ts";
import { type Stack, startStack } from "../test/support/start-stack.ts";
import { inParallel, timed, treeCpuSeconds } from "./measure.ts";
import type { Row, Table } from "./report.ts";
import { oneYearJob } from "./strategies.ts";

/** Short rounds, many of them: the machine is now faster and now slower, for seconds at a time. */
const JOBS = 300;
/** V8 compiles what runs for the first thousand jobs or so, in threads that share the two cores. */
const WARM_UP_JOBS = 1_000;
const ROUNDS = 11;
const AT_ONCE = 8;
const POSTS_AT_ONCE = 50;
const QUEUE_PREFIX = "{strategiz}";
const ENDS_WITHIN_MS = 120_000;

interface Run {
  perSecond: number;
  stolen: number;
  cpuMs: Record<string, number>;
}

export async function benchPipeline(): Promise<Table> {
  const stack = await startStack({ environment: { LOG_LEVEL: "warn" } });
  try {
    await direct(stack, WARM_UP_JOBS);
    await throughPipeline(stack, WARM_UP_JOBS);
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
      title: `Form 2, 252 bars: ${JOBS} jobs, median of ${ROUNDS} rounds by ratio, after ${WARM_UP_JOBS} others`,
      rows: [
        rowOf("executor called directly", middle.direct),
        {
          ...rowOf("POST -> queue -> worker -> executor -> store", middle.pipeline),
          headline: ["jobs/s"],
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

/**
 * From the first POST to the event of the last terminal state; a worker sends it once the state is in the store. The
 * client is a light one (50 kept connections, one subscription), as the one of the direct calls is: its CPU time comes
 * from the same two cores.
 */
async function throughPipeline(stack: Stack, jobs: number): Promise<Run> {
  const { strategy, symbol, start, end, cache } = oneYearJob();
  const body = JSON.stringify({ strategy: { code: strategy.code }, symbol, start, end, cache });
  const agent = new Agent({ keepAlive: true, maxSockets: POSTS_AT_ONCE });
  const ends = await watchEnds(stack, jobs);
  try {
    return await withCpu(stack, jobs, async () => {
      await inParallel(jobs, POSTS_AT_ONCE, () => postJob(`${stack.url}/v1/jobs`, body, agent));
      await ends.all;
    });
  } finally {
    agent.destroy();
    await ends.close();
  }
}

function postJob(url: string, body: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = httpRequest(url, { method: "POST", agent, headers, timeout: 30_000 }, (answer) => {
      answer.resume().on("error", reject);
      if (answer.statusCode === 202) answer.on("end", resolve);
      else reject(new Error(`a job was answered with ${answer.statusCode}`));
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer to POST /jobs for 30 s")));
    sent.on("error", reject);
    sent.end(body);
  });
}

/** `all` resolves at the `jobs`-th success; rejects at a job that failed, or after two minutes. */
async function watchEnds(
  stack: Stack,
  jobs: number,
): Promise<{ all: Promise<void>; close: () => Promise<void> }> {
  const logger = createLogger("bench", "silent");
  const events = createEventSubscriber({ redisUrl: stack.valkey.url, prefix: QUEUE_PREFIX, logger });
  await new Promise<void>((resolve) => events.onReconnect(resolve));
  let timer: NodeJS.Timeout | undefined;
  const all = new Promise<void>((resolve, reject) => {
    let ended = 0;
    timer = setTimeout(() => reject(new Error(`${ended} of ${jobs} jobs ended in time`)), ENDS_WITHIN_MS);
    events.onEvent(({ json }) => {
      const { status } = jobSchema.pick({ status: true }).parse(JSON.parse(json));
      if (!isTerminal(status)) return;
      if (status !== "succeeded") reject(new Error(`a job ended ${json}`));
      ended += 1;
      if (ended === jobs) resolve();
    });
  });
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    await events.close();
  };
  return { all, close };
}
