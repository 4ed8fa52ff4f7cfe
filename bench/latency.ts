/** From POST to the terminal event at the client, one job at a time on an idle stack. */
import { EventSourceParserStream } from "eventsource-parser/stream";
import { startStack } from "../test/support/start-stack.ts";
import { pause, spreadOf, stolenSeconds } from "./measure.ts";
import type { Row, Table } from "./report.ts";
import { oneYearJob, SMA_EVERY_BAR } from "./strategies.ts";

const JOBS = 150;
const WARM_UP_JOBS = 300;
const GAP_MS = 20;
const TERMINAL = new Set(["succeeded", "failed", "cancelled"]);

interface Submission {
  url: string;
  body: string;
}

export async function benchLatency(): Promise<Table> {
  const stack = await startStack({ environment: { LOG_LEVEL: "warn" } });
  try {
    const { strategy, ...window } = oneYearJob();
    const { symbol, start, end, cache } = window;
    const column = {
      url: stack.url,
      body: JSON.stringify({ strategy: { code: strategy.code }, symbol, start, end, cache }),
    };
    const everyBar = {
      url: stack.url,
      body: JSON.stringify({ strategy: { code: SMA_EVERY_BAR }, symbol, start: "2003-02-25", cache }),
    };
    const rows = [
      await measure("form 2, 252 bars, event stream", column, viaEvents),
      await measure("form 2, 252 bars, Prefer: wait", column, viaWait),
      await measure("form 1 SMA, 2,520 bars, event stream", everyBar, viaEvents),
    ];
    const [first] = rows;
    if (first !== undefined) {
      first.target = "p50 <= 15 ms";
      first.headline = ["p50 ms", "p99 ms"];
      first.reached = Number(first.figures["p50 ms"]) <= 15;
    }
    return {
      name: "latency",
      title: `POST to terminal state at the client, idle stack, ${JOBS} jobs with ${GAP_MS} ms gaps, after ${WARM_UP_JOBS} others`,
      rows,
    };
  } finally {
    await stack.stop();
  }
}

async function measure(
  what: string,
  submission: Submission,
  way: (submission: Submission) => Promise<void>,
): Promise<Row> {
  for (let job = 0; job < WARM_UP_JOBS; job += 1) await way(submission);
  const samples: number[] = [];
  const stolenBefore = stolenSeconds();
  for (let job = 0; job < JOBS; job += 1) {
    await pause(GAP_MS);
    const start = performance.now();
    await way(submission);
    samples.push(performance.now() - start);
  }
  const { p50, p90, p99, max } = spreadOf(samples);
  return {
    what,
    figures: {
      "p50 ms": p50,
      "p90 ms": p90,
      "p99 ms": p99,
      "max ms": max,
      "stolen s": stolenSeconds() - stolenBefore,
    },
  };
}

async function post(
  { url, body }: Submission,
  headers: Record<string, string> = {},
): Promise<{ id: string; status: string }> {
  const answer = await fetch(`${url}/v1/jobs`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
    signal: AbortSignal.timeout(30_000),
  });
  if (!answer.ok) throw new Error(`POST /jobs answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as { id: string; status: string };
}

async function viaEvents(submission: Submission): Promise<void> {
  const { id } = await post(submission);
  const stop = new AbortController();
  const answer = await fetch(`${submission.url}/v1/jobs/${id}/events`, {
    signal: AbortSignal.any([stop.signal, AbortSignal.timeout(30_000)]),
  });
  if (answer.body === null) throw new Error("the event stream has no body");
  const events = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const event of events) {
    const job = JSON.parse(event.data) as { status: string };
    if (TERMINAL.has(job.status)) {
      requireSuccess(job.status);
      return;
    }
  }
  throw new Error("the event stream ended before the job");
}

async function viaWait(submission: Submission): Promise<void> {
  requireSuccess((await post(submission, { prefer: "wait=30" })).status);
}

function requireSuccess(status: string): void {
  if (status !== "succeeded") throw new Error(`the job ended ${status}`);
}
